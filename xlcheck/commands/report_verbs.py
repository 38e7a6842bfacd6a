"""The verbs that tell a filing: its narrative drafted, its report and its picture written, its code said."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.accidents import one_file
from xlcheck.commands.named_files import filing_at, free_target, last_filing, writable
from xlcheck.commands.status import CLEAN, FOUND, to_stderr, to_stdout
from xlcheck.data.cli import cli
from xlcheck.editions import Edition, Refused, edition_named

if TYPE_CHECKING:
    from xlcheck.core.filing import Filing
    from xlcheck.report.chart_pictures import ChartPicture


def report_filing(asked: argparse.Namespace) -> int:
    """Write the report; while an error stands only a draft, and only when asked for."""
    kind = asked.out.suffix.lower()
    if kind not in (".docx", ".html", ".pdf"):
        raise Refused(cli().out.bad_kind.format(path=asked.out))
    free_target(asked.out, asked, asked.file, asked.last)
    from xlcheck.core.finding import counts
    from xlcheck.judge import judge

    filing = filing_at(asked.file)
    edition = edition_named(filing.edition)
    last = last_filing(asked, filing, asked.file)
    result = judge(edition, filing, last)
    errors, _ = counts(result)
    if errors and not asked.draft:
        from xlcheck.report.console import finding_lines

        to_stdout(finding_lines(edition, asked.file.name, filing, result))
        to_stderr(cli().out.refused_report.format(file=asked.file.name, errors=errors))
        if any(f.at in edition.form.texts and not filing.texts.get(f.at) for f in result.findings):
            to_stderr(cli().out.undrafted.format(file=asked.file))
        return FOUND
    from xlcheck.report import write_picture, write_report

    how = {"draft": asked.draft, "over": asked.force}
    if asked.picture and kind == ".html":
        write_picture(edition, filing, result, last, asked.out, **how)
    else:
        charts = _charts(edition, filing, last) if asked.picture else ()
        write_report(edition, filing, result, asked.out, **how, charts=charts, leads=asked.leads)
    to_stderr(cli().out.wrote.format(path=asked.out))
    return CLEAN


def _charts(edition: Edition, filing: "Filing", last: "Filing | None") -> "tuple[ChartPicture, ...]":
    """The charts of a year; where they cannot be drawn it is said, and the report goes without them."""
    from xlcheck.report import report_charts

    try:
        return report_charts(edition, filing, last)
    except Refused as why:
        to_stderr(str(why))
        return ()


def draft_filing(asked: argparse.Namespace) -> int:
    """What the cells say, written into the texts that are empty, in another workbook."""
    from xlcheck.core.draft import newly_written
    from xlcheck.data.draft import draft_words
    from xlcheck.judge import drafted, judge

    words, target = cli().out, free_target(writable(asked.out), asked, asked.file, asked.last)
    filing = filing_at(asked.file)
    edition = edition_named(filing.edition)
    last = last_filing(asked, filing, asked.file)
    written = drafted(edition, filing, last)
    new, count = newly_written(edition.form, filing, written, draft_words().blank)
    if not new:
        raise Refused(words.drafted_none.format(file=asked.file.name))
    faulty = [f for f in judge(edition, filing, last).findings if f.severity == "error"]
    if errors := sum(f.at in edition.form.fields for f in faulty):
        to_stderr(words.drafted_faulty.format(file=asked.file.name, errors=errors))
    with one_file(asked.file.name):
        _put(edition, asked.file, written, target, asked.force)
    labels = words.between.join(edition.form.labels[text] for text in new)
    to_stderr(words.drafted.format(texts=labels, count=count) + ("" if last else draft_words().no_last))
    to_stderr(words.wrote.format(path=asked.out))
    return CLEAN


def _put(edition: Edition, source: Path, filing: "Filing", target: Path, force: bool) -> None:
    """A filing in a copy of the workbook it was read from, or in a clean one where it is JSON."""
    from xlcheck.workbook.writing import fill_workbook, fresh_workbook

    if source.suffix.lower() == ".json":
        from xlcheck.saving import atomically

        content = fresh_workbook(edition, filing, {})
        atomically(target, lambda to: to.write_bytes(content), over=force)
    else:
        fill_workbook(edition, source, filing, target, over=force)


def print_code(asked: argparse.Namespace) -> int:
    """The filing's code alone; where errors stand in its way, these; of a typed one, whose it is."""
    if asked.ledger:
        from xlcheck.commands.county_verbs import check_paper

        return check_paper(str(asked.file), asked.ledger)
    from xlcheck.core.check_code import check_code, typed_code
    from xlcheck.judge import judge

    if not asked.file.exists() and (typed := typed_code(str(asked.file))):
        raise Refused(cli().out.paper_code.format(code=typed))
    filing = filing_at(asked.file)
    edition = edition_named(filing.edition)
    result = judge(edition, filing, last_filing(asked, filing, asked.file))
    own = check_code(edition.form, filing, result)
    if own:
        print(own)
        return CLEAN
    from xlcheck.core.finding import counts
    from xlcheck.report.console import finding_lines

    to_stdout(finding_lines(edition, asked.file.name, filing, result))
    to_stderr(cli().out.no_code.format(file=asked.file.name, errors=counts(result)[0]))
    return FOUND
