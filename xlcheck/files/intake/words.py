"""The sentences of importing and repairing, from their own data."""

from xlcheck import data


def say(name: str, **words: object) -> str:
    """A sentence, its placeholders filled."""
    sentence: str = data.toml("intake")["say"][name]
    return sentence.format(**words)
