"""Texts that several units sent alike: what the notice calls 雷同, and only the county can see."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlcheck.core.form import Form
from xlcheck.core.text.copied import letters_only
from xlcheck.county.submission import Submission
from xlcheck.county.summary.cell_formats import SummaryPage
from xlcheck.county.summary.list_sheet import SheetRow, list_head, write_rows
from xlcheck.data.county import county
from xlcheck.data.summary import summary


class Alike(NamedTuple):
    """Units whose section has the same letters, figures and their own names apart."""

    section: str
    units: tuple[str, ...]
    length: int
    opening: str


def write_alike(
    page: SummaryPage, standings: Sequence[Submission], form: Form, title: str, stand: str
) -> None:
    """Which units sent the same words."""
    sheet, words = summary().sheets.alike, summary().words
    list_head(page, sheet, title, words.hint_alike.format(notice=form.notice), stand)

    def row(same: Alike) -> SheetRow:
        return {
            "section": form.sections[same.section], "count": len(same.units),
            "units": county().comma.join(same.units), "length": same.length, "opening": same.opening,
        }  # fmt: skip

    write_rows(page, sheet, map(row, alike(standings)), words.no_alike)


def alike(standings: Iterable[Submission]) -> list[Alike]:
    """Sections of some length that stand in two or more returns, the most shared first.

    国办公开办函〔2021〕30号 counts 雷同 reports among those to be put right.
    """
    how = summary().alike
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for standing in standings:
        for section in how.sections:
            text = standing.current.filing.texts.get(section, "") if standing.current else ""
            bare = letters_only(_unnamed(text, standing))
            if len(bare) >= how.least:
                groups[section, bare].append((standing.unit.name, text))
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
