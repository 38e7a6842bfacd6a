"""How much of a section stands in last year's report already, figures and years apart."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from xlcheck.data import Pattern
from xlcheck.data.remarks import CopiedSentences


class Copied(NamedTuple):
    """A section's share of copied letters, 0 to 1, and the longest sentence among them."""

    at: str
    share: float
    sentence: str


def copied(texts: Mapping[str, str], before: Mapping[str, str], how: CopiedSentences) -> list[Copied]:
    """Compare by whole sentences: a sentence with nothing but other figures in it counts as copied.

    Reports that only change their numbers are what reviewers return as 雷同 (国办公开办函〔2021〕30号).
    """
    both = [at for at in how.sections if at in texts and at in before]
    return [c for at in both for c in _section(at, texts[at], before[at], how.sentence_end)]


def _section(at: str, text: str, before: str, sentence_end: Pattern) -> list[Copied]:
    known = {letters_only(s) for s in sentence_end.split(before)}
    here = [s for s in sentence_end.split(text) if letters_only(s)]
    same = [s for s in here if letters_only(s) in known]
    total = sum(len(letters_only(s)) for s in here)
    if not same:
        return []
    return [Copied(at, sum(len(letters_only(s)) for s in same) / total, max(same, key=len).strip())]


def letters_only(sentence: str) -> str:
    """Letters only: without figures, spaces and signs."""
    return re.sub(r"[\W\d_]", "", sentence)
