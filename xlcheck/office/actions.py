"""The buttons: 校验, 下一处, 清除标记, 填合计, 采纳建议, 拟稿 and 生成报告 on the open workbook.

Each takes a workbook and gives the sentence to show. What cannot be done raises Refused with a sentence,
and nothing is left half done.
"""

import itertools
import webbrowser
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlwings as xw

from xlcheck.core.diagnosis.totals import Total, totals_to_fill
from xlcheck.core.draft import newly_written
from xlcheck.core.filing import entry_text, year_before
from xlcheck.core.finding import Fix, counts
from xlcheck.core.formula import Entry
from xlcheck.core.marks import plan_marks
from xlcheck.data.draft import draft_words
from xlcheck.data.office import office
from xlcheck.data.workbook import workbook
from xlcheck.editions import Refused
from xlcheck.judge import code, drafted
from xlcheck.office import locks, native, open_rows, paint, record, white_cells
from xlcheck.office.record import Entered
from xlcheck.office.session import (
    Session,
    all_changes,
    change_sentences,
    chosen,
    finding_words,
    inspect,
    is_selected,
    ready,
    select,
    selected,
    undecided,
)
from xlcheck.workbook.findings import check_record


def check_workbook(book: xw.Book) -> str:
    """校验: find everything, paint it, list it, and select the first cell to be mended."""
    seen, say = ready(book), office().say
    _paint(seen)
    errors, warnings = counts(seen.result)
    if not seen.wanting:
        return seen.mended + say.clean
    first = seen.wanting[0]
    select(seen, first.at)
    sentence = (say.errors if warnings else say.errors_alone) if errors else say.warnings
    words = finding_words(seen, first)
    return seen.mended + sentence.format(errors=errors, warnings=warnings, **words)


def go_to_next(book: xw.Book) -> str:
    """下一处: from the selected cell to the next that wants mending, from the last to the first."""
    seen, say = inspect(book), office().say
    order = {f.at: f for f in reversed(seen.wanting)}
    places = list(dict.fromkeys(f.at for f in seen.wanting))
    if not places:
        return say.none_left
    here = selected(seen, places)
    number = (places.index(here) + 1) % len(places) if here else 0
    select(seen, places[number])
    words = finding_words(seen, order[places[number]])
    return say.next.format(n=number + 1, all=len(places), places=len(seen.wanting), **words)


def clear_marks(book: xw.Book) -> str:
    """清除标记: take our marks off; the clerk's own colours and notes stay."""
    seen = ready(book)
    old = _covered(seen)
    _, dressed = paint.plan(seen.opened, seen.form, {}, old)
    with native.drawing_held(book), locks.unlocked(book, (c.sheet.name for c in dressed), looks=False):
        for change in dressed:
            paint.apply(change)
        # Only the marks go: what was found stays found, in the banner, the counts and the list.
        record.forget_marks(seen.opened, seen.form, len(old))
    say = office().say
    return seen.mended + (say.cleared.format(n=len(old)) if old else say.nothing_to_clear)


def fill_in_totals(book: xw.Book) -> str:
    """填合计: write into every total what its parts add up to, where all of them are figures.

    A total stays, filled in or blank, where one of its parts is certainly wrong: that is nothing to add up
    from, and what stands there shows that it is wrong. So it does where nobody can tell whether the total is
    wrong or a part: what 采纳建议 will not decide, this does not.
    """
    seen = ready(book)
    named = {one.field for f in seen.result.findings for one in all_changes(f.fix)}
    refused = {
        f.at for f in seen.result.findings if f.rule in code(seen.edition).inputs and f.severity == "error"
    }
    sums = totals_to_fill(code(seen.edition).equations, seen.filing.values, named | refused)
    undecided = _undecided(seen)
    unclear = [t.field for t in sums.wrong if t.was is not None and undecided.get(t.field, t.to) != t.to]
    totals = [t for t in sums.wrong if t.field not in unclear]
    fixes = [Fix(t.field, _stood(seen, t), t.to, "") for t in totals]
    said, say = [], office().say
    if fixes:
        _enter(seen, office().action.fill_totals, fixes, [t.rule for t in totals])
        filled = change_sentences(seen.edition, fixes, say.one_filled)
        said.append(say.filled.format(n=len(fixes), list=filled))
    for sentence, left in ((say.unfilled, sums.waiting), (say.doubted, sums.doubted), (say.unclear, unclear)):
        if left:
            said.append(sentence.format(n=len(left), cell=seen.edition.cell_of(left[0])))
    return seen.mended + ("".join(said) or say.nothing_to_fill)


def _undecided(seen: Session) -> Mapping[str, Decimal | None]:
    """The cells that ways of mending change where none is certain; to what, where all say the same.

    A total that stands while one of its parts may be wrong is one of them: it may be the evidence.
    """
    found: dict[str, Decimal | None] = {}
    for finding in seen.result.findings:
        if finding.candidates and not finding.fix:
            ways = [{one.field: one.to for one in all_changes(way)} for way in finding.candidates]
            for name in {name for way in ways for name in way}:
                told = {way.get(name) for way in ways}
                found[name] = told.pop() if len(told) == 1 else None
    above = totals_to_fill(code(seen.edition).equations, seen.filing.values, found).doubted
    return {**dict.fromkeys(above), **found}


def adopt_fix(book: xw.Book) -> str:
    """采纳建议: write the selected cell's suggestion into it, log it, and check again.

    Of blanks that are told together each is taken alone where it is selected, all at the first of them.
    """
    seen, say = ready(book), office().say
    finding = chosen(seen)
    cell = seen.edition.cell_of(finding.at)
    if finding.candidates and not finding.fix:
        raise Refused(undecided(seen.edition, cell, finding.candidates))
    if not finding.fix:
        raise Refused(say.no_fix.format(cell=cell, advice=finding.advice))
    fixes = all_changes(finding.fix)
    if seen.edition.rules.of(finding.rule).unfilled:
        mine = [fix for fix in fixes if is_selected(seen, fix.field)]
        fixes = tuple(mine) if len(mine) > 1 or not is_selected(seen, finding.at) else fixes
    _enter(seen, office().action.adopt, fixes, [finding.rule] * len(fixes))
    done = change_sentences(seen.edition, fixes, say.one_adopted)
    return seen.mended + say.adopted.format(list=done, said=check_workbook(book))


def draft_texts(book: xw.Book) -> str:
    """拟稿: write what the cells say into the texts that are empty, in one step that can be undone."""
    seen, say = ready(book), office().say
    wrong = [f for f in seen.result.findings if f.severity == "error" and f.at in seen.form.fields]
    if wrong:
        raise Refused(say.tables_first.format(errors=len(wrong), cell=seen.edition.cell_of(wrong[0].at)))
    last = year_before(seen.filing, seen.filing.last)  # what `new --last` carried into the workbook
    written = drafted(seen.edition, seen.filing, last)
    new, count = newly_written(seen.form, seen.filing, written, draft_words().blank)
    if not new:
        return seen.mended + say.nothing_to_draft
    sheet = seen.opened.sheets[seen.form.sheets["text"]]
    with native.drawing_held(book), locks.unlocked(book, [sheet.name], looks=False):
        open_rows.raise_rows(sheet, open_rows.of_texts(seen._replace(filing=written)))
    with native.one_step(book, office().action.draft):
        for text in new:
            sheet.range(seen.form.texts[text]).value = written.texts[text]
    sheet.activate()
    labels = say.comma.join(seen.form.labels[text] for text in new)
    alone = "" if last else draft_words().no_last
    return seen.mended + say.drafted.format(texts=labels, count=count) + alone


def make_report(book: xw.Book, *, show: bool = True) -> str:
    """生成报告: the report as .docx and .html beside the workbook, the latter opened for reading."""
    saved, say = native.is_saved(book), office().say
    seen = inspect(book)
    errors, _ = counts(seen.result)
    if errors:
        raise Refused(say.errors_stand.format(errors=errors))
    if saved is None:
        raise Refused(say.never_saved)
    if not saved:  # the report and the file beside it are to say the same
        book.save()
    from xlcheck.report import write_report

    targets = _targets(Path(book.fullname))
    for path in targets:
        write_report(seen.edition, seen.filing, seen.result, path, draft=False, over=False)
    if show:
        webbrowser.open(targets[1].as_uri())
    done = say.reported.format(files=say.comma.join(say.file.format(name=path.name) for path in targets))
    return done if saved else say.saved + done


def _paint(seen: Session) -> None:
    rules, findings = seen.edition.rules, seen.result.findings
    planned = plan_marks(seen.form, rules, seen.filing.values, findings, workbook().note)
    old = _covered(seen)
    remembered, dressed = paint.plan(seen.opened, seen.form, planned, old)
    listed = record.listed_rules(seen.opened, seen.form)
    lines = open_rows.lines_there(seen.opened, seen.form.sheets["hidden"])
    told = check_record(seen.edition, seen.filing, seen.result, _now(), listed, lines)
    listed_rows, kept = open_rows.change_list(seen, told)
    high = {"check": listed_rows, "text": open_rows.of_texts(seen)}
    raised = {seen.form.sheets[key]: heights for key, heights in high.items() if heights}
    book = seen.opened.book
    names = (*(c.sheet.name for c in dressed), *raised)
    with native.drawing_held(book), locks.unlocked(book, names, looks=False):
        # What was there before is kept first: killed while painting, the next click can still clear it.
        record.write_record(seen.opened, seen.edition, told, paint.mark_lines(remembered), len(old), kept)
        for change in dressed:
            paint.apply(change)
        for sheet, heights in raised.items():
            open_rows.raise_rows(seen.opened.sheets[sheet], heights)


def _covered(seen: Session) -> paint.Stood:
    """What our marks cover; under a mark on a white cell lies what the template has."""
    known = paint.with_forgotten(seen.opened, seen.form, paint.stood(seen.opened, seen.form))
    return white_cells.as_template(seen.opened, seen.form, known)


def _enter(seen: Session, title: str, fixes: Sequence[Fix], rules: Sequence[str]) -> None:
    """Write figures into their cells in one undoable step, and log each in the workbook."""
    blank = office().say.blank
    entered = [
        Entered(seen.edition.cell_of(fix.field), entry_text(fix.was) or blank, entry_text(fix.to), rule)
        for fix, rule in zip(fixes, rules, strict=True)
    ]
    book = seen.opened.book
    with native.drawing_held(book), locks.unlocked(book, (), looks=False):
        record.log(seen.opened, seen.form, _now(), title, entered)
    # The white cells are open: the step that she can undo holds their figures and no lock.
    with native.one_step(book, title):
        for fix in fixes:
            sheet, cell = seen.form.where(fix.field)
            seen.opened.sheets[sheet].range(cell).value = float(fix.to)


def _stood(seen: Session, total: Total) -> Entry:
    """What stands in a total, also where it is no figure: a formula, a date."""
    sheet, cell = seen.form.where(total.field)
    there = seen.opened.page(sheet).cells.get(cell)
    if there and there.formula:
        return f"={there.formula}"
    return there.text if there and total.was is None else total.was


def _targets(book: Path) -> tuple[Path, Path]:
    """Names beside the workbook that are not taken: a report that was edited by hand is never lost."""
    name = office().say.report_file
    for number in itertools.count(1):
        count = f"({number})" if number > 1 else ""
        word, page = (book.parent / name.format(stem=book.stem, n=count, kind=k) for k in (".docx", ".html"))
        if not word.exists() and not page.exists():
            break
    return word, page


def _now() -> str:
    return datetime.now().strftime("%Y-%m-%d %H:%M")
