"""The rules about the words of the report, of the shape of rules.toml."""

from functools import cache

from xlcheck import data
from xlcheck.data.rules import RuleBook


@cache
def rules_text() -> RuleBook:
    """What the text must satisfy."""
    return data.load("rules_text", RuleBook)
