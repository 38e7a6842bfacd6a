"""The summary workbook: its formulas add up, every total can be traced, text stays text, decisions return."""

import random
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import office
import pytest
from by_name import build_template
from cases import base, edited
from inboxes import Press, planned
from ledgers import CAMPAIGN, TODAY, run, standings
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from shapes import by_enum, idle

from xlcheck.core.filing import Filing
from xlcheck.core.grid import a1
from xlcheck.county import decide
from xlcheck.county.alike import alike
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.ledger.register import Register
from xlcheck.county.submission import ON_RETURNS, LedgerFinding, Return, Submission, Unit
from xlcheck.county.summary.book import sentence, sheet_names, write_summary
from xlcheck.county.summary.formulas import total_sheet
from xlcheck.county.summary.list_sheet import column_number, head_row
from xlcheck.county.summary.lists import should_be
from xlcheck.county.sums.sums import add_up, county_filing
from xlcheck.data.county import CountyWords, RosterColumns, Status, Verdict, county
from xlcheck.data.summary import SummaryFacts, summary
from xlcheck.editions import Refused, edition_named
from xlcheck.saving import save

EDITION = edition_named("2021")
FORM, SHEETS, HEAD = EDITION.form, summary().sheets, head_row()
LISTS = [sheet.name for key, sheet in SHEETS._asdict().items() if key not in ("totals", "fields")]
EVIL = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "http://example.org/",
    "=cmd|'/c calc'!A0",
)


def standing(name: str, filing: Filing | None, status: Status, counted: str = "township") -> Submission:
    sent = Return("d" * 32, f"{name}.xlsx", datetime(2026, 1, 12, 9), EDITION, filing) if filing else None
    return Submission(
        Unit(name, "镇", counted), status, sent, int(bool(sent)), sent.received if sent else None
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Thirty units that reported, one left out of the totals; the ledger, the workbook and the plans."""
    folder = tmp_path_factory.mktemp("summary")
    press, plans = Press("2021", folder), list(planned(30, random.Random(5)))
    inbox = folder / "inbox"
    inbox.mkdir()
    for plan in plans:
        (inbox / f"{plan.unit}.xlsx").write_bytes(press.print(plan.filing))
    lines = [f"{p.unit},镇,{'不汇总' if n == 3 else ''}" for n, p in enumerate(plans)]
    listed = folder / "roster.csv"
    listed.write_text("单位名称,类别,汇总\n" + "\n".join(lines), encoding="utf-8")
    run(inbox, listed, folder / "l.db")
    with open_ledger(str(folder / "l.db")) as ledger:
        register = Register(ledger.db, CAMPAIGN)
        write_summary(register, list(register.standings(TODAY)), folder / "汇总.xlsx", TODAY)
    return folder, plans


def summed(plans) -> dict[str, Decimal]:
    """The sum by a way of its own."""
    plans = list(plans)
    return {name: sum((p.filing.values[name] for p in plans), Decimal(0)) for name in FORM.fields}


def test_the_totals_are_an_independent_sum(written):
    folder, plans = written
    added = add_up(FORM, standings(folder / "l.db").values())
    assert added.sums == summed(p for n, p in enumerate(plans) if n != 3)
    assert (added.counted, added.left) == (29, 1)


def test_the_workbook_s_own_formulas_add_up_the_same(desktop, written):
    folder, plans = written
    book = office.opened(desktop, folder / "汇总.xlsx")
    shown = {}
    for field in FORM.fields.values():
        cell = book.Sheets.getByName(total_sheet(FORM, field.table)).getCellRangeByName(field.cell)
        shown[field.name] = round(Decimal(cell.Value), 4) if cell.FormulaResultType2 == 1 else cell.String
    book.close(True)
    assert shown == summed(p for n, p in enumerate(plans) if n != 3)


def test_the_results_beside_the_formulas_are_what_they_come_to(written):
    """A preview that works nothing out shows them; the test above holds the formulas to the same sums."""
    folder, plans = written
    book = load_workbook(folder / "汇总.xlsx", data_only=True)
    shown = {
        f.name: Decimal(str(book[total_sheet(FORM, f.table)][f.cell].value)) for f in FORM.fields.values()
    }
    assert shown == summed(p for n, p in enumerate(plans) if n != 3)
    fields = book[SHEETS.fields.name]
    assert fields["C3"].value == 29
    assert {fields.cell(6, n).value for n in range(5, 5 + len(FORM.fields))} == {29}


def test_a_missing_unit_makes_every_total_incomplete(desktop, tmp_path, written):
    folder, plans = written
    with open_ledger(str(folder / "l.db")) as ledger:
        register = Register(ledger.db, CAMPAIGN)
        some = list(register.standings(TODAY))
        some[5] = some[5]._replace(current=None, status=Status.MISSING)
        write_summary(register, some, tmp_path / "汇总.xlsx", TODAY)
    book = office.opened(desktop, tmp_path / "汇总.xlsx")
    said = {
        f.name: book.Sheets.getByName(total_sheet(FORM, f.table)).getCellRangeByName(f.cell).String
        for f in FORM.fields.values()
    }
    head = book.Sheets.getByName(total_sheet(FORM, "t3")).getCellRangeByName("B1").String
    book.close(True)
    sums = summed(p for n, p in enumerate(plans) if n not in (3, 5))
    kept = load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    assert {f.name: kept[total_sheet(FORM, f.table)][f.cell].value for f in FORM.fields.values()} == said
    assert {name: Decimal(text.removeprefix("未齐 ")) for name, text in said.items()} == sums
    assert all(text.startswith("未齐 ") for text in said.values())
    assert "未齐：1 家未报（第6镇人民政府）" in head


INCOMPLETE = {"a blank": None, "a text": "12件", "a blank text": " "}


@pytest.mark.parametrize("why", INCOMPLETE)
def test_a_cell_without_a_figure_is_incomplete_alone(why):
    good = base("2021")
    bad = good._replace(values={**good.values, "t3.new.natural": INCOMPLETE[why]})
    some = [standing("甲", good, Status.ACCEPTED), standing("乙", bad, Status.ACCEPTED)]
    added = add_up(FORM, some)
    assert [n for n in FORM.fields if not added.complete(n)] == ["t3.new.natural"]
    assert not added.settled
    blank = [n for n, v in county_filing(CAMPAIGN, added).values.items() if v is None]
    assert blank == ["t3.new.natural"]


def test_a_ticked_nil_return_counts_as_zeros():
    nil = base("2021")
    table = [n for n in FORM.fields if n.startswith("t3")]
    option = next(o for o in FORM.options if o.nil == "t3")
    nil = nil._replace(values={**nil.values, **dict.fromkeys(table)}, options={option.id: option.choices[0]})
    added = add_up(FORM, [standing("甲", nil, Status.ACCEPTED)])
    assert added.settled
    assert {added.sums[n] for n in table} == {0}


def test_amounts_are_added_before_any_rounding():
    some = [
        standing(str(n), edited(base("2021"), {"t2.fees.amount": "0.0004"}), Status.ACCEPTED)
        for n in range(10)
    ]
    assert add_up(FORM, some).sums["t2.fees.amount"] == Decimal("0.004")


def test_text_from_a_unit_never_becomes_a_formula_or_a_link(tmp_path, written):
    folder, _ = written
    with open_ledger(str(folder / "l.db")) as ledger:
        register = Register(ledger.db, CAMPAIGN)
        some = list(register.standings(TODAY))
        for n, evil in enumerate(EVIL):
            values = {**some[n].current.filing.values, "t3.new.natural": evil}
            filing = some[n].current.filing._replace(values=values, unit=evil)
            found = tuple(f._replace(message=evil, answer=evil) for f in some[n].current.findings)
            current = some[n].current._replace(filing=filing, findings=found, name=evil)
            some[n] = some[n]._replace(current=current, unit=some[n].unit._replace(name=evil, kind=evil))
        write_summary(register, some, tmp_path / "汇总.xlsx", TODAY)
    book = load_workbook(tmp_path / "汇总.xlsx")
    ours = {total_sheet(FORM, table) for table in FORM.tables}
    formulas = [
        (page.title, cell.coordinate, cell.value)
        for page in book for row in page.iter_rows() for cell in row
        if cell.data_type == "f" and page.title not in ours
    ]  # fmt: skip
    assert {value.partition("(")[0] for _, _, value in formulas} == {"=COUNTIF", "=SUMIFS", "=COUNTIFS"}
    links = [c.hyperlink for page in book for row in page.iter_rows() for c in row if c.hyperlink]
    assert links
    assert {link.target for link in links} == {None}


LEADS = [
    (
        (Status.MISSING, Status.ACCEPTED),
        26,
        "应报 2 家，已报 1 家，已接受 1 家。还有 1 家未报，距 1 月 31 日截止 5 天。",
    ),
    ((Status.MISSING, Status.REPORTED), 31, "应报 2 家，已报 1 家，已接受 0 家。还有 1 家未报，今天截止。"),
    ((Status.REPORTED, Status.RETURNED), 26, "应报 2 家，已报 2 家，已接受 0 家。距 1 月 31 日截止 5 天。"),
    ((Status.ACCEPTED, Status.ACCEPTED), 26, "2 家全部接受，可以汇总。"),
]


@pytest.mark.parametrize(("states", "day", "said"), LEADS)
def test_the_sentence_at_the_head(states, day, said):
    some = [standing(str(s), None, s) for s in states]
    assert sentence(some, CAMPAIGN.due, TODAY.replace(day=day)) == said


def test_the_sheets_are_all_there_and_the_figures_locked(written):
    folder, _ = written
    book = load_workbook(folder / "汇总.xlsx")
    assert book.sheetnames == sheet_names(FORM)
    locked = {page.title for page in book if page.protection.sheet}
    assert locked == {*(total_sheet(FORM, table) for table in FORM.tables), SHEETS.fields.name}
    assert len(book[SHEETS.rules.name]._charts) == 2


def _cells(area: str) -> tuple[int, int, int, int]:
    return range_boundaries(area.rpartition("!")[2].replace("$", ""))


@pytest.mark.parametrize("empty", [False, True])
def test_every_sheet_prints_as_wide_as_a_page_and_no_page_is_a_cell(written, tmp_path, empty):
    """What is printed holds the head, a line at least, charts whole; 各单位数据 is for the screen alone."""
    folder, _ = written
    path = folder / "汇总.xlsx"
    if empty:
        with open_ledger(str(tmp_path / "none.db")) as ledger:
            ledger.begin(CAMPAIGN)
            ledger.enrol([Unit("甲镇", "镇", "township")])
            register, path = Register(ledger.db, CAMPAIGN), tmp_path / "汇总.xlsx"
            write_summary(register, list(register.standings(TODAY)), path, TODAY)
    for page in load_workbook(path):
        left, top, right, bottom = _cells(page.print_area)
        if page.title == SHEETS.fields.name:
            assert (left, top) == (right, bottom)
            assert page.cell(top, left).value is None
            continue
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth in (1, None)  # which is 1
        assert bottom > HEAD
        if page.title in LISTS:
            assert page.print_title_rows == f"$1:${HEAD}"
            assert page.cell(HEAD + 1, 1).value is not None
        for chart in page._charts:
            assert (chart.anchor.to.col, chart.anchor.to.row) <= (right, bottom)
            assert chart.anchor.to.row < bottom


def test_the_totals_look_as_the_clerks_table_does(written, tmp_path):
    """The same cells are merged, with the same texts in them; one row more says whose totals they are."""
    folder, _ = written
    save(build_template("2021"), tmp_path / "template.xlsx")
    book, template = load_workbook(folder / "汇总.xlsx"), load_workbook(tmp_path / "template.xlsx")
    for table, place in FORM.places.items():
        page, clerks = book[total_sheet(FORM, table)], template[place.sheet]
        printed = f"{a1(place.row, place.col)}:{a1(place.last_row, place.last_col)}"
        assert _merged(page, printed) == _merged(clerks, printed) != set()
        mine, theirs = ([[c.value for c in row] for row in sheet[printed]] for sheet in (page, clerks))
        assert [[None if str(v).startswith("=") else v for v in row] for row in mine] == theirs
        edges = [[c.border.left.style for c in row] for sheet in (page, clerks) for row in sheet[printed]]
        assert edges[: len(mine)] == edges[len(mine) :]


def _merged(page, printed: str) -> set[str]:
    left, top, right, bottom = range_boundaries(printed)
    return {
        str(m) for m in page.merged_cells.ranges
        if m.min_row >= top and m.max_row <= bottom and m.min_col >= left and m.max_col <= right
    }  # fmt: skip


def test_texts_that_units_share_but_for_names_and_figures_are_named():
    long = "{unit}共收到申请{n}件，存在解读形式单一、更新不及时的问题，"
    long += "下一步将明确专人、制作图解、每周更新专栏，并开展业务培训。"
    texts = [("甲镇人民政府", "甲镇", 3), ("乙镇人民政府", "乙镇人民政府", 40), ("丙镇人民政府", "别的镇", 1)]
    some = []
    for unit, said, n in texts:
        filing = edited(base("2021"), {"s5": long.format(unit=said, n=n), "s1": "短。"})
        some.append(standing(unit, filing, Status.REPORTED))
    (found,) = alike(some)
    assert (found.section, found.units) == ("s5", ("甲镇人民政府", "乙镇人民政府"))


def test_a_text_copied_with_its_owner_s_name_is_alike():
    said = "甲镇人民政府共收到申请{n}件，存在解读形式单一、更新不及时的问题，"
    said += "下一步将明确专人、制作图解、每周更新专栏，并开展业务培训。"
    some = [
        standing(unit, edited(base("2021"), {"s5": said.format(n=n), "s1": "短。"}), Status.REPORTED)
        for unit, n in (("乙镇人民政府", 3), ("甲镇人民政府", 40))
    ]
    assert [(one.section, one.units) for one in alike(some)] == [("s5", ("乙镇人民政府", "甲镇人民政府"))]


def _choose(path, which: str, row: int, **said: str) -> None:
    book, sheet = load_workbook(path), getattr(SHEETS, which)
    for name, text in said.items():
        book[sheet.name].cell(row, column_number(sheet, name)).value = text
    book.save(path)


@pytest.fixture
def office_desk(tmp_path, written):
    """A copy of the ledger and the summary, and a way to feed the summary back."""
    folder, plans = written
    for name in ("l.db", "汇总.xlsx"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())

    def back() -> int:
        with open_ledger(str(tmp_path / "l.db")) as ledger:
            register = Register(ledger.db, CAMPAIGN)
            words = list(decide.from_workbook(register, tmp_path / "汇总.xlsx"))
            return decide.enter_decisions(register, ledger, words, datetime(2026, 1, 21, 10))

    return tmp_path, plans, back


def test_decisions_chosen_in_the_workbook_come_back(office_desk):
    folder, plans, back = office_desk
    _choose(folder / "汇总.xlsx", "units", HEAD + 1, verdict="接受")
    _choose(folder / "汇总.xlsx", "units", HEAD + 2, verdict="退回", reason="表三有误", note="已电话告知")
    assert back() == 2
    there = standings(folder / "l.db")
    assert there[plans[0].unit].status is Status.ACCEPTED
    assert there[plans[1].unit].status is Status.RETURNED
    assert there[plans[1].unit].decided[-1][3:5] == ("表三有误", "已电话告知")
    assert back() == 0


def test_an_old_summary_takes_back_nothing_that_was_decided_since(office_desk):
    folder, plans, back = office_desk
    unit = plans[0].unit
    for verdict in (Verdict.RETURN, Verdict.ACCEPT):
        with open_ledger(str(folder / "l.db")) as ledger:
            register = Register(ledger.db, CAMPAIGN)
            words = list(decide.on_units(register, [unit], verdict, "", "", ""))
            decide.enter_decisions(register, ledger, words, datetime(2026, 1, 21, 9))
            if verdict is Verdict.RETURN:
                register = Register(ledger.db, CAMPAIGN)
                write_summary(register, list(register.standings(TODAY)), folder / "汇总.xlsx", TODAY)
    _choose(folder / "汇总.xlsx", "units", HEAD + 2, verdict="接受")
    assert back() == 1
    assert standings(folder / "l.db")[unit].status is Status.ACCEPTED


def _warned(path) -> tuple[int, str]:
    """The first line of the list that is a warning, and its unit."""
    book = load_workbook(path)[SHEETS.findings.name]
    row = next(r for r in book.iter_rows(min_row=HEAD + 1) if "提醒" in [c.value for c in r])
    return row[0].row, book.cell(row[0].row, column_number(SHEETS.findings, "unit")).value


def test_a_finding_taken_as_explained_is_closed_and_stays_so(office_desk):
    folder, _, back = office_desk
    line, unit = _warned(folder / "汇总.xlsx")
    _choose(folder / "汇总.xlsx", "findings", line, verdict="接受说明", reason="机构改革")
    before = standings(folder / "l.db")[unit].current
    assert back() == 1
    after = standings(folder / "l.db")[unit].current
    assert [f.accepted for f in after.findings if f.accepted] == ["机构改革"]
    assert (after.errors, after.warnings) == (before.errors, before.warnings - 1)
    assert back() == 0


def test_explained_needs_a_reason(office_desk):
    folder, _, back = office_desk
    _choose(folder / "汇总.xlsx", "findings", _warned(folder / "汇总.xlsx")[0], verdict="接受说明")
    with pytest.raises(Refused, match="要写理由"):
        back()


def test_every_wrong_line_is_told_at_once(office_desk):
    folder, _, back = office_desk
    for row in (HEAD + 1, HEAD + 2):
        _choose(folder / "汇总.xlsx", "units", row, verdict="同意")
    lines = f"“汇总.xlsx”.*一条也没有记入：有 2 行记不了.*\n.*第 {HEAD + 1} 行.*\n.*第 {HEAD + 2} 行"
    with pytest.raises(Refused, match=lines):
        back()


WRONG = {
    "an unknown word": (("units", HEAD + 1, {"verdict": "同意"}), "“同意”不认识"),
    "an unknown word on a finding": (("findings", HEAD + 1, {"verdict": "同意"}), "可用：接受说明、待核。"),
    "what is decided on a file": (
        ("units", HEAD + 1, {"verdict": "认领"}),
        "“认领”不认识。可用：退回、接受、接受说明、待核。",
    ),
    "a finding explained without a reason": (
        ("findings", HEAD + 1, {"verdict": "接受说明", "rule": "R614"}),
        "问题清单第 6 行（.*要写理由",
    ),
    "a finding sent back": (
        ("findings", HEAD + 1, {"verdict": "退回"}),
        r"问题清单第 6 行（.*只能“接受说明”",
    ),
    "an error taken as explained": (
        ("findings", HEAD + 1, {"verdict": "接受说明", "reason": "因", "rule": "R301"}),
        "问题清单第 6 行（.*必须改正",
    ),
    "a unit that sent nothing": (("units", HEAD + 1, {"verdict": "接受", "key": None}), "还没有报送"),
    "a key that is not ours": (("units", HEAD + 1, {"verdict": "接受", "key": "x"}), "认不出"),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_wrong_decision_is_a_sentence_and_nothing_is_entered(office_desk, why):
    folder, _, back = office_desk
    (sheet, row, said), sentence_of = WRONG[why]
    _choose(folder / "汇总.xlsx", sheet, row, **said)
    with pytest.raises(Refused, match=sentence_of):
        back()
    assert not any(s.decided for s in standings(folder / "l.db").values())


def test_what_cannot_be_decided_of_a_unit_is_a_wrong_line_and_stays_in_the_workbook(office_desk):
    """Sent back for nothing without a reason; explained where it must be mended."""
    folder, _, back = office_desk
    there = [s.current for s in standings(folder / "l.db").values()]
    sound = next(n for n, one in enumerate(there) if one and not any(f.open for f in one.findings))
    faulty = next(n for n, one in enumerate(there) if one and one.errors)
    _choose(folder / "汇总.xlsx", "units", HEAD + 1 + sound, verdict="退回")
    _choose(folder / "汇总.xlsx", "units", HEAD + 1 + faulty, verdict="接受说明", reason="因")
    with pytest.raises(Refused) as told:
        back()
    lines = {sound: "没有要改的错误和提醒，退回要写原因", faulty: "还有必须改正的错误"}
    assert all(
        f"第 {HEAD + 1 + n} 行" in str(told.value) and why in str(told.value) for n, why in lines.items()
    )


def test_another_workbook_is_refused(office_desk):
    folder, _, back = office_desk
    Press("2021", folder)
    (folder / "empty-2021.xlsx").rename(folder / "汇总.xlsx")
    with pytest.raises(Refused, match="不是 xlcheck 生成的汇总表"):
        back()


def test_what_can_be_chosen_is_what_is_taken(written):
    folder, _ = written
    book = load_workbook(folder / "汇总.xlsx")
    lists = {SHEETS.units.name: ON_RETURNS, SHEETS.findings.name: decide.ON_FINDINGS}
    offered = {name: book[name].data_validations.dataValidation[0].formula1 for name in lists}
    assert offered == {
        name: '"{}"'.format(",".join(county().verdict[v] for v in some)) for name, some in lists.items()
    }


WING = Path(decide.__file__).parent
READERS = {
    CountyWords: [*WING.rglob("*.py"), *(WING.parent / "commands").glob("*.py")],
    SummaryFacts: [
        *(WING / "summary").glob("*.py"),
        *(WING / f"{n}.py" for n in ("alike", "decide", "outputs")),
    ],
}


@pytest.mark.parametrize("shape", READERS)
def test_no_word_is_idle(shape):
    columns = {f"RosterColumns.{name}" for name in RosterColumns._fields}  # all are asked for together
    assert idle(shape, READERS[shape]) - columns == set()


@pytest.mark.parametrize("read", [county(), summary()])
def test_every_state_verdict_and_outcome_has_its_words(read):
    assert [way for way, keys, kind in by_enum(read) if keys != set(kind)] == []


OWN, OTHER = ({"field": f"t3.{row}.natural", "to": to} for row, to in (("new", 1), ("sum", 3)))
MAY_BE = [
    ([OWN, OTHER, OWN], "或为 1"),
    ([OTHER], summary().words.look),
    ([], summary().words.look),
]


@pytest.mark.parametrize(("candidates", "said"), MAY_BE)
def test_what_a_cell_may_be_names_no_figure_of_another(candidates, said):
    told = {"fix": None, "candidates": candidates}
    assert should_be(LedgerFinding("R303", "error", OWN["field"], "", "", told, "")) == said
