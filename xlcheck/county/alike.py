"""Texts that several units sent alike: what the notice calls 雷同, and only the county can see."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from xlcheck.core.text.prose.copied import letters_only
from xlcheck.county.submission import Submission
from xlcheck.data.county import county
from xlcheck.data.summary import summary


class Alike(NamedTuple):
    """Units whose section has the same letters, figures and their own names apart."""

    section: str
    units: tuple[str, ...]
    length: int
    opening: str


def alike(standings: Iterable[Submission]) -> list[Alike]:
    """Sections of some length that stand in two or more returns, the most shared first.

    国办公开办函〔2021〕30号 counts 雷同 reports among those to be put right.
    """
    how = summary().alike
    copies: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for standing in standings:
        for section in how.sections:
            text = standing.current.filing.texts.get(section, "") if standing.current else ""
            bare = letters_only(_unnamed(text, standing))
            copies[section, letters_only(text)].append((bare, standing.unit.name, text))
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for (part, _), same in copies.items():
        bare = min((bare for bare, _, _ in same), key=len)  # who copies whole leaves the owner's name in
        if len(bare) >= how.least:
            groups[part, bare] += [(name, text) for _, name, text in same]
    found = [
        Alike(section, tuple(name for name, _ in same), len(bare), same[0][1].strip()[: how.opening])
        for (section, bare), same in groups.items()
        if len(same) > 1
    ]
    return sorted(found, key=lambda a: (-len(a.units), a.section, a.units))


def _unnamed(text: str, standing: Submission) -> str:
    """The text without the names the unit goes by, the longest first."""
    names = {standing.unit.name, *standing.unit.aliases, *_short(standing.unit.name)}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _short(name: str) -> list[str]:
    affixes = county().roster.affixes
    return [name.removesuffix(affix) for affix in affixes if name.endswith(affix) and name != affix]
