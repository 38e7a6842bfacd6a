"""What is painted: one colour a cell, the gravest first, with all that is said of it in its note."""

from decimal import Decimal

import pytest

from xlcheck.core.finding import Finding, Fix, Result, counts
from xlcheck.core.marks import Unmarked, plan_marks, read_unmarked, unmarked_text
from xlcheck.editions import edition_named

FORM, RULES, _ = edition_named("2021")
HEADS = {"error": "错：", "warning": "问：", "info": "注：", "answered": "已说明："}
CELLS = FORM.groups["t3"]
VALUES = {CELLS[8]: "见附件第三页", CELLS[9]: "本年度没有收到任何申请"}


def finding(severity="error", at=CELLS[0], fields=(), rule="R301", **more):
    return Finding(rule, severity, at, "话。", "办。", tuple(fields), **more)


def planned(*findings):
    marks = plan_marks(FORM, RULES, VALUES, findings, HEADS)
    assert all(at == mark.at for at, mark in marks.items())
    return {at: (mark.kind, mark.note) for at, mark in marks.items()}


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (finding(), "blamed"), (finding("warning"), "warned"),
        (finding("warning", answer="属实"), "answered"),
        (finding(at=CELLS[8]), "blamed"), (finding(at=CELLS[9]), "blamed_long"),
        (finding(at="s1"), "text"), (finding("warning", at="s1"), "text_warned"),
        (finding("warning", at="s1", answer="属实"), "answered"),
        (finding("info"), None), (finding(at="unit"), None),
    ],
)  # fmt: skip
def test_a_finding_has_its_colour(one, kind):
    assert [mark for mark, _ in planned(one).values()] == ([kind] if kind else [])


def test_the_gravest_gives_the_colour_and_each_its_note():
    answered, reminder, error = finding("warning", answer="属实"), finding("warning"), finding()
    assert planned(answered, reminder, error) == {
        CELLS[0]: ("blamed", "错：话。\n办。\n\n问：话。\n办。\n\n已说明：话。\n办。\n属实")
    }


def test_why_is_said_once():
    fix = Fix(CELLS[0], Decimal(21), Decimal(12), "合计要求 12。")
    plain, said = finding(fix=fix), finding(fix=fix)._replace(advice="改为 12（合计要求 12。）。")
    assert planned(plain)[CELLS[0]][1] == "错：话。\n办。\n合计要求 12。"
    assert planned(said)[CELLS[0]][1] == "错：话。\n改为 12（合计要求 12。）。"


@pytest.mark.parametrize(
    ("one", "tint", "count"),
    [
        (finding(fields=CELLS[:4]), "evidence", 3),
        (finding(fields=CELLS[:5]), "", 0),  # a whole column painted would hide the one
        (finding(fields=CELLS[:9], rule=RULES.unfilled), "blamed", 8),  # but each blank is to be filled in
        (finding(fields=CELLS[:3], rule="R109"), "", 0),  # all of them are to be looked at
        (finding("warning", fields=CELLS[:3], rule="R403"), "warned_evidence", 2),
        (finding("warning", fields=CELLS[:3], rule="R403", answer="属实"), "", 0),
        (finding("info", fields=CELLS[:3], rule="R404"), "", 0),
    ],
)
def test_the_cells_compared_are_tinted(one, tint, count):
    marks = planned(one)
    beside = [marks[cell] for cell in CELLS[1:] if cell in marks]
    assert beside == [(tint, "")] * count


def test_what_is_not_to_be_changed_is_pale_and_nothing_else():
    """A slip of two cells marks both; of what may have to be changed nothing is called evidence."""
    first, second, third = (Fix(cell, Decimal(1), Decimal(2), "") for cell in CELLS[:3])
    certain = finding(fields=CELLS[1:4], fix=first._replace(also=(second,)))
    told = "错：话。\n办。"
    assert planned(certain) == {
        CELLS[0]: ("blamed", told), CELLS[1]: ("blamed", told),
        CELLS[2]: ("evidence", ""), CELLS[3]: ("evidence", ""),
    }  # fmt: skip
    unsure = finding(fields=CELLS[1:4], candidates=(first, third))
    assert {at: kind for at, (kind, _) in planned(unsure).items()} == {
        CELLS[0]: "blamed", CELLS[1]: "evidence", CELLS[3]: "evidence",
    }  # fmt: skip
    several = finding(fields=CELLS[1:4], candidates=(first._replace(also=(second,)), third))
    assert planned(several) == {
        CELLS[0]: ("blamed", told), CELLS[1]: ("blamed", told), CELLS[3]: ("evidence", ""),
    }  # fmt: skip


def test_evidence_never_covers_a_blamed_cell():
    marks = planned(finding(fields=CELLS[:2]), finding("warning", at=CELLS[1], rule="R403"))
    assert [kind for kind, _ in marks.values()] == ["blamed", "warned"]


def test_what_is_answered_is_not_counted():
    found = finding(), finding(), finding("warning"), finding("warning", answer="属实"), finding("info")
    assert counts(Result(found, ())) == (2, 1)


PAINTED = Unmarked("FFFF00", "FF0000", True, "0.00", ("话", "她", 150.0, 250.0), ("<fill/>", "<font/>"))


@pytest.mark.parametrize("before", [Unmarked(), PAINTED])
def test_what_stood_under_a_mark_comes_back(before):
    assert read_unmarked(unmarked_text(before)) == before


def test_each_blank_that_can_hold_but_one_figure_says_so():
    names = (
        "t3.denied_1.research",
        "t3.denied_1.legal",
        "t3.denied_2.research",
        "t3.denied_2.legal",
        "t3.new.natural",
    )
    fixes = [Fix(name, None, Decimal(0), f"此格应为 0：{name}") for name in names[:4]]
    fix = fixes[0]._replace(why="这 4 格都应为 0。", also=tuple(fixes[1:]))
    told = Finding("R101", "error", names[0], "本表有 5 格没有填。", "", names, fix)
    marks = plan_marks(FORM, RULES, {}, (told,), HEADS)
    assert "这 4 格都应为 0。" in marks[names[0]].note
    assert [marks[n].note for n in names[1:]] == [*(f.why for f in fixes[1:]), ""]
