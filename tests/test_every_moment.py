"""What banner, counts, list and gutter say while entries change after a check: true at every moment."""

from contextlib import contextmanager

import office
import pytest
from by_name import build_template, fill_workbook, judge, mark
from cases import base, edited

from xlcheck.core.grid import a1, rc
from xlcheck.data.hidden_sheet import hidden_sheet
from xlcheck.data.styles import styles
from xlcheck.data.workbook import workbook
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.template.heights import letters_of_first
from xlcheck.workbook import reading

SUIT = {"t4.after_review.upheld": 1, "t4.after_review.total": 1}  # R403 asks about it
LONG_CLAIM = base("2021").texts["s1"].replace("办结19件", "办结11件")
SHARE = 128  # com.sun.star.util.NumberFormat.PERCENT


@pytest.fixture(scope="module")
def edition():
    return edition_named("2021")


@pytest.fixture(scope="module")
def template(edition, tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "空.xlsx"
    save(build_template(edition.form.edition), path)
    return path


class Live:
    """A workbook open in the office, unlocked: what it shows now."""

    def __init__(self, book, form):
        self.book, self.form = book, form
        for sheet in book.Sheets:
            sheet.unprotect(styles().password)

    def cell(self, at):
        return self.at(*self.form.where(at))

    def at(self, sheet, cell):
        return self.book.Sheets.getByName(sheet).getCellRangeByName(cell)

    def on(self, key, cell):
        return self.at(self.form.sheets[key], cell).String

    def hidden(self, name):
        return self.at(self.form.sheets["hidden"], getattr(hidden_sheet().cell, name))

    def carry_over(self, figures):
        """Write last year's figures where `new --last` writes them."""
        at = hidden_sheet()
        for row, name in enumerate(self.form.fields, at.first_row):
            if name in figures:
                self.at(self.form.sheets["hidden"], f"{at.field.last}{row}").Value = float(figures[name])

    def counts(self):
        return tuple(int(self.hidden(name).Value) for name in ("errors", "warnings"))

    def gutter(self, at):
        sheet, cell = self.form.where(at)
        table = self.form.fields[at].table
        return self.at(sheet, a1(rc(cell)[0], self.form.places[table].col - 1)).String

    def line(self, rule):
        """State, what was found and what to do in a rule's own line."""
        at, sheet = workbook().on_check.line, self.form.sheets["check"]
        column, row = hidden_sheet().answers.rule, 1
        while self.at(sheet, f"{column}{row}").String != rule:
            row += 1
        return tuple(self.at(sheet, f"{c}{row}").String for c in (at.state, at.message, at.advice))

    def first(self):
        """The lines of the short list that can be seen, as state and place."""
        at, sheet = workbook().on_check, self.form.sheets["check"]
        rows = range(at.first_row, at.first_row + hidden_sheet().first_rows)
        seen = (row for row in rows if self.at(sheet, f"A{row}").Rows.getByIndex(0).IsVisible)
        return [
            (self.at(sheet, f"{at.first.state}{row}").String, self.at(sheet, f"{at.first.place}{row}").String)
            for row in seen
        ]


@pytest.fixture
def live(edition, template, desktop, tmp_path):
    """Open a filing with these edits, marked where it is to be."""

    @contextmanager
    def opened(edit, *, marked=True, answers=None):
        filing = edited(base(edition.form.edition), edit)._replace(answers=answers or {})
        path = tmp_path / "填.xlsx"
        fill_workbook(template, filing, path)
        if marked:
            there = reading.read(path)
            mark(path, there, judge(there), path.with_name("标.xlsx"), "2026-01-15 10:32")
            path = path.with_name("标.xlsx")
        book = office.opened(desktop, path)
        try:
            yield Live(book, edition.form)
        finally:
            book.close(True)

    return opened


# ---------------------------------------------------------------- answered reminders
def test_a_reminder_is_asked_again_as_soon_as_its_figure_changes(live):
    words = workbook()
    with live(SUIT, answers={"R403": "上年复议，今年起诉。"}) as seen:
        assert seen.counts() == (0, 0)
        assert seen.line("R403")[0] == words.states["answered"]
        for cell in ("t4.after_review.upheld", "t4.after_review.total"):
            seen.cell(cell).Value = 2
        assert seen.counts() == (0, 1)
        state, _, advice = seen.line("R403")
        assert state == words.states["warning"]
        assert advice == words.words.stale_live
        assert seen.gutter("t4.after_review.total") == styles().sign.warning.sign
        for cell in ("t4.after_review.upheld", "t4.after_review.total"):
            seen.cell(cell).Value = 1
        assert seen.counts() == (0, 0)


def test_an_answer_written_since_the_check_holds(live):
    with live(SUIT) as seen:
        assert seen.counts() == (0, 1)
        answers, sheet = hidden_sheet().answers, seen.form.sheets["check"]
        rows = {seen.at(sheet, f"{answers.rule}{row}").String: row for row in range(1, 120)}
        seen.at(sheet, f"{answers.answer}{rows['R403']}").String = "上年复议。"
        assert seen.counts() == (0, 0)
        seen.cell("t4.after_review.upheld").Value = 2
        seen.cell("t4.after_review.total").Value = 2
        assert seen.counts() == (0, 0)


def test_another_figure_changed_leaves_an_answer_alone(live):
    with live(SUIT, answers={"R403": "上年复议。"}) as seen:
        seen.cell("t2.penalty.decisions").Value += 1
        assert seen.counts() == (0, 0)


def test_what_only_a_check_could_see_is_known_and_not_at_least(live, edition):
    """She may have mended the text; the formulas cannot tell, so they promise nothing."""
    words, wrong = workbook().banner, {"s1": "（二）依申请公开。全年收到申请77件。"}
    with live(wrong) as seen:
        errors = seen.counts()[0]
        assert errors
        seen.cell("s1").String = base(edition.form.edition).texts["s1"]
        banner = seen.on("cover", workbook().sheets.cover.banner.partition(":")[0])
        assert banner.startswith(words.errors_checked.partition("{doubtful}")[0].format(known=errors))
        tile = f"{workbook().on_check.tiles.errors.partition(':')[0]}{workbook().on_check.tile_row}"
        assert f"{words.known}{errors}" in seen.on("check", tile)
        seen.cell("t2.penalty.decisions").Value = -1
        assert seen.counts()[0] == errors + 1
        banner = seen.on("cover", workbook().sheets.cover.banner.partition(":")[0])
        assert banner.startswith(words.errors_known.partition("{doubtful}")[0].format(live=1, known=errors))
        assert f"{words.least}1{words.apart}{words.known}{errors}" in seen.on("check", tile)


# ---------------------------------------------------------------- how a cell looks
def test_a_figure_that_looks_like_another_is_told_at_once(live):
    at = "t2.penalty.decisions"
    with live({at: 4}, marked=False) as seen:
        assert (seen.counts(), seen.line("R110")[0]) == ((0, 0), workbook().states["passed"])
        cell = seen.cell(at)
        cell.NumberFormat = seen.book.NumberFormats.getStandardFormat(SHARE, cell.CharLocale)
        cell.Value = 5
        assert cell.String.endswith("%")
        assert seen.counts() == (0, 1)
        state, said, _ = seen.line("R110")
        assert state == workbook().states["warning"]
        assert "5" in said
        assert seen.gutter(at) == styles().sign.warning.sign
        cell.Value = 1.5  # refused in itself: nobody asks how it looks
        assert (seen.counts(), seen.gutter(at)) == ((1, 0), styles().sign.error.sign)


@pytest.mark.parametrize("name", ["2019", "2021"])
def test_a_refused_figure_is_not_asked_how_it_looks(name):
    at = "t2.penalty.decisions"
    filing = edited(base(name), {at: "1.5"})
    filing = filing._replace(notes={**filing.notes, "shown_otherwise": ((at, "…"),)})
    assert [f.rule for f in judge(filing).findings if f.at == at] == ["R104"]


# ---------------------------------------------------------------- what is beside the rows, and the short list
def test_every_row_to_be_changed_has_its_sign_and_no_other(live):
    wrong = {"t3.carry_in.natural": 3, "t3.carry_in.total": 3, "t3.unable_2.natural": 1}
    with live(wrong) as seen:
        error = styles().sign.error.sign
        fills = {
            row: {seen.cell(f.name).CellBackColor for f in seen.form.fields.values() if f.row.id == row}
            for row in dict.fromkeys(f.row.id for f in seen.form.fields.values() if f.table == "t3")
        }
        blamed = int(styles().rgb(styles().mark["blamed"].fill), 16)
        red = {row for row, colours in fills.items() if blamed in colours}
        signed = {row for row in fills if seen.gutter(f"t3.{row}.total") == error}
        assert signed == red
        assert len(red) > 1


def test_the_list_has_no_empty_lines_and_still_tells_of_more(live):
    at = styles().rows.spare
    with live({}) as seen:
        assert len(seen.first()) == at
        for name in (
            "t2.penalty.decisions",
            "t2.coercion.decisions",
            "t3.granted.natural",
            "t4.review.total",
        ):
            seen.cell(name).Value = -1
        lines = seen.first()
        assert lines[0][0] == workbook().states["error"]
        assert workbook().words.joined_places.partition("{")[0] in lines[-1][1]


def test_what_the_check_found_is_seen_whole_or_cut_wherever_the_list_moves_it(live):
    """She breaks a figure before a long sentence about the text: it goes down a line, into a lower row."""
    at, words = workbook().on_check, workbook().words
    column, top = at.first.message.partition(":")[0], at.first_row
    with live({"s1": LONG_CLAIM}) as seen:
        said = seen.on("check", f"{column}{top}")
        assert len(said) > 2 * letters_of_first(at.first.message)
        seen.cell("t2.penalty.decisions").Value += 1
        assert seen.on("check", f"{column}{top}") == words.last_check + said
        seen.cell("t2.penalty.decisions").Value = 1.5
        moved = seen.on("check", f"{column}{top + 1}")
        assert moved.endswith(words.cut)
        assert (words.last_check + said).startswith(moved.removesuffix(words.cut))
        assert len(moved) < 2 * letters_of_first(at.first.message)


def test_a_day_that_became_a_figure_is_one_reminder(live):
    """Of what it breaks beside itself nobody asks, before a check and after one."""
    states = workbook().states
    day = {"t2.normative.made": 46027, "s1": base("2021").texts["s1"].replace("文件2件", "文件46027件")}
    for marked in (False, True):
        with live(day, marked=marked) as seen:
            assert (seen.counts(), seen.line("R215")[0]) == ((0, 1), states["warning"])
            assert seen.line("R202")[0] == states["same"]


# ---------------------------------------------------------------- last year
@pytest.mark.parametrize("name", ["2019", "2021"])
def test_what_last_year_asks_is_not_counted_beside_its_cause(name):
    filing = edited(base(name), {"year": edition_named(name).form.first_year + 1})
    carried = {n: n.replace("carry_in", "carry_out") for n in filing.values if "t3.carry_in." in n}
    values = {**filing.values, **{before: filing.values[n] for n, before in carried.items()}}
    last = filing._replace(year=filing.year - 1, values=values)
    more = {n: int(filing.values[n]) + 2 for n in ("t3.carry_in.natural", "t3.carry_in.total")}
    found = [f for f in judge(edited(filing, more), last).findings if f.severity == "error"]
    assert [f.at for f in found] == ["t3.carry_in.natural"]
    assert {one.field: one.to for one in (found[0].candidates[0], *found[0].candidates[0].also)} == {
        n: filing.values[n] for n in more
    }
    assert {b.rule for b in found[0].because} == {"R303", "R304"}
    explained = edited(filing, more)._replace(answers={"R304": "机构改革划入。"})
    assert [f.rule for f in judge(explained, last).findings if f.at in more and f.answer] == ["R304", "R304"]


def test_formulas_count_no_more_cells_than_are_wrong(live, edition):
    filing = base(edition.form.edition)
    last = {n.replace("carry_in", "carry_out"): v for n, v in filing.values.items() if "t3.carry_in." in n}
    more = {n: int(filing.values[n]) + 2 for n in ("t3.carry_in.natural", "t3.carry_in.total")}
    with live({**more, "year": edition.form.first_year + 1}, marked=False) as seen:
        seen.carry_over(last)
        assert seen.counts()[0] == len(more)
        assert seen.line("R303")[0] == workbook().states["same"]
        seen.cell("t3.new.business").Value += 1
        assert seen.counts()[0] == len(more) + 1
