"""Who is spoken to: what names a command of the office's is said to a unit without it."""

import re

from xlcheck.data.county import county


def for_unit(sentence: str) -> str:
    """A sentence as it is said to a unit, which has none of the commands that it may name."""
    for words in county().for_unit:
        sentence = re.sub(words.found, words.said, sentence)
    return sentence
