"""A county's own figures beside its units: what one of them explains is named with the unit and the cell."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from by_name import dump_filing
from cases import base, edited
from inboxes import Press
from ledgers import CAMPAIGN, run, standings
from tables import sound

from xlcheck import cli
from xlcheck.county.sums.county_check import deviation_line
from xlcheck.county.sums.sum_reasons import CountedUnit, SumDeviation, check_sums
from xlcheck.county.sums.sums import add_up, county_filing
from xlcheck.county.workers import Workers
from xlcheck.editions import edition_named

FORM = edition_named("2021").form
CELL = "t3.new.natural"
WORKERS = Workers(ThreadPoolExecutor(1), 1)


@pytest.fixture(scope="module")
def units():
    """Twenty units with figures of their own, and one that the roster does not add up."""
    rng = random.Random(7)
    made = [CountedUnit(f"第{n}镇", True, sound(FORM, rng)) for n in range(20)]
    return (*made, CountedUnit("税务局", False, sound(FORM, rng)))


def told(units, edit=(), *whole):
    """What is said where the county added whole units so many times more, and cells so much more."""
    stated = {n: sum((u.figures[n] for u in units if u.counted), Decimal(0)) for n in FORM.fields}
    for name, times in whole:
        for field, value in next(u for u in units if u.name == name).figures.items():
            stated[field] += times * value
    for field, more in dict(edit).items():
        stated[field] += more
    return check_sums(stated, units)


def with_others(units, source, figure):
    """The third unit with another figure known of one of its cells."""
    other = units[3]._replace(others=((source, {CELL: Decimal(figure)}),))
    return (*units[:3], other, *units[4:])


def test_the_sum_is_the_sum(units):
    assert told(units) == ((), ())


WHOLE = [
    ("left out", [("第3镇", -1)], {("left_out", "第3镇")}),
    ("counted twice", [("第5镇", 1)], {("twice", "第5镇")}),
    ("not of the county", [("税务局", 1)], {("uncounted", "税务局")}),
    ("two left out", [("第3镇", -1), ("第5镇", -1)], {("left_out", "第3镇"), ("left_out", "第5镇")}),
    ("out and twice", [("第3镇", -1), ("第5镇", 1)], {("left_out", "第3镇"), ("twice", "第5镇")}),
]


@pytest.mark.parametrize(("why", "slips", "expected"), WHOLE, ids=[case[0] for case in WHOLE])
def test_a_whole_unit_is_named(why, slips, expected, units):
    found = told(units, {}, *slips)
    assert {(one.kind, one.unit) for one in found.whole} == expected
    assert all(one.whole for one in found.deviations)


def test_a_cell_beside_a_whole_unit_is_told_by_itself(units):
    found = told(units, {CELL: -units[9].figures[CELL]}, ("第3镇", -1))
    assert [(one.kind, one.unit) for one in found.whole] == [("left_out", "第3镇")]
    (left,) = (one for one in found.deviations if not one.whole)
    assert (left.field, left.reasons[0].kind, left.reasons[0].unit) == (CELL, "left_out", "第9镇")


def slip(units, kind):
    """A change of the county's figure as each kind of slip makes it, and the units it is known from."""
    value = units[3].figures[CELL]
    match kind:
        case "left_out":
            return units, {CELL: -value}
        case "twice":
            return units, {CELL: value}
        case "uncounted":
            return units, {CELL: units[20].figures[CELL]}
        case "slip":
            return units, {CELL: 9 * value}
        case "swapped":
            more = units[3].figures["t3.new.legal"] - value
            return units, {CELL: more, "t3.new.legal": -more}
    return with_others(units, kind, value + 41), {CELL: Decimal(41)}


@pytest.mark.parametrize(
    "kind", ["left_out", "twice", "uncounted", "slip", "swapped", "mended", "earlier", "published", "last"]
)
def test_a_cell_is_named_with_its_unit(kind, units):
    mine, edit = slip(units, kind)
    found = {one.field: one for one in told(mine, edit).deviations}
    assert found.keys() == edit.keys()
    assert all((kind, units[20 if kind == "uncounted" else 3].name) in [(r.kind, r.unit) for r in one.reasons]
               for one in found.values())  # fmt: skip


def test_the_county_s_own_slips_name_no_unit(units):
    sums = {n: sum((u.figures[n] for u in units if u.counted), Decimal(0)) for n in FORM.fields}
    a, b = CELL, "t3.new.total"
    found = told(units, {a: sums[b] - sums[a], b: sums[a] - sums[b]})
    assert {one.reasons[0].kind for one in found.deviations} == {"county_swapped"}
    (one,) = told(units, {a: 9 * sums[a]}).deviations
    assert ("county_slip", "") in [(r.kind, r.unit) for r in one.reasons]


def test_a_sum_that_was_rounded_is_told_as_that(units):
    total = sum((u.figures["t2.fees.amount"] for u in units if u.counted), Decimal(0))
    rounded = round(total, 1)
    assert rounded != total
    (one,) = told(units, {"t2.fees.amount": rounded - total}).deviations
    assert one.reasons[0] == ("rounded", "", rounded, total)


def test_what_nothing_explains_names_nobody(units):
    (one,) = told(units, {CELL: Decimal(987_654)}).deviations
    assert one.reasons == ()


BLANK = [
    (None, "三、申请办理!E6  一、本年新收政府信息公开申请数量 · 自然人：没有填，各单位之和 5。"),
    (
        "12件",
        "三、申请办理!E6  一、本年新收政府信息公开申请数量 · 自然人：填的是“12件”，不是数字；各单位之和 5。",
    ),
]


@pytest.mark.parametrize(("stands", "said"), BLANK)
def test_what_is_no_figure_has_no_difference(stands, said):
    one = SumDeviation(CELL, stands, Decimal(5))
    assert deviation_line(edition_named("2021"), one) == said


def test_from_the_command_line(tmp_path, monkeypatch, capsys):
    """An earlier return of a unit explains a figure; a region's workbook is held to its own units."""
    monkeypatch.chdir(tmp_path)
    press, inbox = Press("2021", tmp_path), tmp_path / "收件箱"
    inbox.mkdir()
    for unit in ("清水镇人民政府", "白石镇人民政府"):
        filing = edited(base("2021"), {"unit": unit, "sign": unit})
        (inbox / f"{unit}.xlsx").write_bytes(press.print(filing))
    listed = tmp_path / "roster.csv"
    listed.write_text(
        "单位名称,类别,地区\n清水镇人民政府,镇,海陵市/石门县\n白石镇人民政府,镇,海陵市/云河县\n"
    )
    run(inbox, listed, "county.db", workers=WORKERS)
    whole = county_filing(CAMPAIGN, add_up(FORM, standings("county.db").values()))
    (tmp_path / "全县.json").write_text(dump_filing(whole), encoding="utf-8")
    assert cli.main(["sums", "全县.json"]) == 0
    assert "都等于 2 家之和" in capsys.readouterr().out
    newer = edited(base("2021"), {"unit": "清水镇人民政府", "sign": "清水镇人民政府", CELL: 60})
    (inbox / "清水镇改.xlsx").write_bytes(press.print(newer))
    run(inbox, listed, "county.db", workers=WORKERS)
    assert cli.main(["sums", "全县.json"]) == 1
    out = capsys.readouterr().out
    assert "三、申请办理!E6" in out
    assert "清水镇人民政府：这一格报的 60 本身有错，应为 15" in out
    one = base("2021")._replace(unit="云河县")
    (tmp_path / "云河县.json").write_text(dump_filing(one), encoding="utf-8")
    assert cli.main(["sums", "云河县.json", "--region", "海陵市/云河县"]) == 0
    capsys.readouterr()
    assert cli.main(["sums", "云河县.json", "--region", "海陵市", "--json"]) == 1
    first, *cells = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["kind"], first["unit"]) == ("left_out", "清水镇人民政府")
    assert all(cell["whole"] for cell in cells)
    assert cli.main(["sums", "云河县.json", "--region", "云河"]) == 2
    (tmp_path / "旧.json").write_text(dump_filing(edited(one, {"year": 2023})), encoding="utf-8")
    assert cli.main(["sums", "旧.json"]) == 2
