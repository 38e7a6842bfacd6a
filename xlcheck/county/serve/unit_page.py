"""A unit's own page: how it stands, where it uploads, what is to be mended, what the office decided."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from xlcheck.county.audience import for_unit
from xlcheck.county.dashboard.html import NOTHING, say
from xlcheck.county.ledger.correction import correction_sentence
from xlcheck.county.letters.letter import Letter
from xlcheck.county.serve.html import Visitor, moment, panel, seal_field, state_line, table, text_line
from xlcheck.county.serve.receipts import Receipt
from xlcheck.county.submission import Campaign, LedgerFinding, Return, Submission
from xlcheck.data.county import Verdict
from xlcheck.data.dashboard import dashboard
from xlcheck.data.notices import notices
from xlcheck.data.serve import serve
from xlcheck.editions import Edition
from xlcheck.report.on_page import finding_record


class OwnPage(NamedTuple):
    """What a unit sees, all of it its own: how it stands, its receipts, its letter."""

    campaign: Campaign
    edition: Edition
    standing: Submission
    receipts: Sequence[Receipt]
    returns: Mapping[str, Return]  # by content
    letter: Letter | None
    today: date


class ReceiptView(NamedTuple):
    """One receipt and what it is for; ``why`` it does not count now, where it does not; ``again`` what is
    said of a file that had come before as it is."""

    receipt: Receipt
    unit: str
    current: Return | None
    why: str
    cover: str
    again: str = ""


def unit_body(page: OwnPage, visitor: Visitor) -> Markup:
    """The page in the order of her work."""
    standing, words = page.standing, serve().unit
    parts = [
        Markup('<div class="unit-name"><h2>{}</h2>{}</div>\n').format(
            standing.unit.name, state_line(standing.status)
        ),
        text_line(_due(page.campaign.due, page.today), "facts"),
        *_decision(standing),
        *([_letter(page.letter)] if page.letter else []),
        _upload(visitor, again=bool(standing.current)),
    ]
    if standing.current:
        heading = Markup("{} <small>{}</small>").format(words.newest, moment(standing.current.received))
        found = findings(page.edition, standing.current) + _marked(standing.current)
        if standing.correction and (standing.correction.same or standing.correction.asked):
            found = text_line(correction_sentence(standing.correction), "to-do") + found
        parts.append(panel(heading, found, "newest"))
    parts.append(panel(words.earlier, _receipts(page)))
    return NOTHING.join(parts)


def _due(due: date, today: date) -> str:
    words, days = serve().unit, (due - today).days
    sentence = words.due if days > 0 else words.due_past if days < 0 else words.due_today
    return sentence.format(due=dashboard().moment.day.format(at=due), days=abs(days))


def _decision(standing: Submission) -> Iterator[Markup]:
    """The office's word on the newest return; its own note is none of the unit's."""
    said, words = standing.decision, serve().unit
    verdicts: dict[Verdict, str] = dict(words.verdict.items())
    if said and said.verdict in verdicts:
        lines = [text_line(Markup("<b>{}</b>").format(verdicts[said.verdict]))]
        if said.reason:
            lines.append(text_line(words.reason.format(reason=said.reason)))
        lines.append(text_line(words.made.format(at=moment(said.made)), "quiet"))
        yield panel(words.decision, NOTHING.join(lines), "decision")


def _letter(letter: Letter) -> Markup:
    """The letter as it is printed: title, paragraphs, the table of what is to be mended."""
    words = serve().unit
    lines = [Markup("<h3>{}</h3>\n").format(Markup("<br>").join(letter.title)), text_line(letter.to)]
    lines += [text_line(text) for text in letter.opening]
    if letter.rows:
        lines.append(_letter_rows(letter))
    lines += [text_line(text) for text in letter.closing]
    lines.append(text_line(Markup("{}<br>{}").format(letter.sign, letter.date), "signed"))
    file = Markup('<p><a href="/letter">{}</a></p>\n').format(words.letter_file)
    whole = Markup('<div class="letter">{}</div>\n{}').format(NOTHING.join(lines), file)
    return panel(words.letter, whole)


def _letter_rows(letter: Letter) -> Markup:
    heads = [column.head for column in notices().table.column]
    head = NOTHING.join(Markup('<th scope="col">{}</th>').format(text) for text in heads)
    cell, band = (
        Markup("<td>{}</td>"),
        Markup('<tr class="band"><th colspan="{}" scope="rowgroup">{}</th></tr>'),
    )
    rows = NOTHING.join(
        band.format(len(heads), row.cells[0])
        if len(row.cells) == 1
        else Markup("<tr>{}</tr>").format(NOTHING.join(map(cell.format, row.cells)))
        for row in letter.rows
    )
    return Markup(
        '<div class="scroll"><table class="rows"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>\n'
    ).format(head, rows)


def _upload(visitor: Visitor, *, again: bool) -> Markup:
    """The form; it needs no script."""
    words, most = serve().unit, serve().limits.upload
    return panel(
        words.upload_again if again else words.upload,
        Markup(
            '<form method="post" action="/upload" enctype="multipart/form-data">{seal}\n'
            '<label for="file">{file}</label>\n<input type="file" id="file" name="file" required>\n'
            '<button type="submit" class="main">{button}</button>\n'
            '<p class="quiet">{wait}</p></form>\n'
        ).format(
            seal=seal_field(visitor),
            file=words.file.format(most=most),
            button=words.button,
            wait=words.wait,
        ),
        "upload",
    )


def _marked(current: Return) -> Markup:
    """The way to a marked copy, where something is to be mended."""
    if not (current.errors or current.warnings):
        return NOTHING
    return Markup('<p class="to-do"><a href="/marked">{}</a></p>\n').format(serve().unit.marked)


def _receipts(page: OwnPage) -> Markup:
    words = serve().unit
    if not page.receipts:
        return text_line(words.no_receipts, "quiet")
    link = Markup('<a href="/receipt/{}">{}</a>')
    rows = [
        (
            moment(one.made),
            one.sent_as,
            link.format(one.code, one.code),
            outcome_line(page.returns.get(one.digest)),
        )
        for one in page.receipts
    ]
    return table((words.time, words.name, words.receipt, words.result), rows)


def outcome_line(current: Return | None) -> str:
    """What a check found, in a few words."""
    words = serve().result
    if current is None:
        return words.void
    if current.errors or current.warnings:
        counts = ((words.errors, current.errors), (words.warnings, current.warnings))
        return words.comma.join(sentence.format(n=n) for sentence, n in counts if n)
    answered = any(f.severity == "warning" for f in current.findings)
    return words.explained if answered else words.clean


def receipt_page(view: ReceiptView, edition: Edition) -> Markup:
    """A receipt, and at once what is to be mended."""
    words, receipt, current = serve().receipt, view.receipt, view.current
    code = current.code if current else ""
    facts = (
        (words.code, receipt.code),
        (words.time, dashboard().moment.full.format(at=receipt.made)),
        (words.unit, view.unit),
        (words.year, str(receipt.year)),
        (words.file, receipt.sent_as),
        (words.digest, receipt.digest),
        (words.check_code, code or (words.no_check_code if current and current.errors else "")),
    )
    pair = Markup("<dt>{}</dt><dd>{}</dd>\n")
    lines = Markup("<dl>{}</dl>").format(NOTHING.join(pair.format(*fact) for fact in facts if fact[1]))
    whole = text_line(Markup("<b>{}</b>").format(words.taken)) + lines + text_line(words.keep, "quiet")
    if view.cover != view.unit:
        said = words.claimed.format(cover=view.cover) if view.cover else words.claimed_blank
        whole += text_line(said, "unread")
    if view.again:
        whole += text_line(view.again, "unread")
    parts = [panel(words.title, whole, "receipt")]
    if view.why:
        parts.append(text_line(serve().result.not_counted.format(why=view.why), "unread"))
    if current:
        parts.append(panel(outcome_line(current), findings(edition, current), "newest"))
    parts.append(Markup('<p><a href="/">{}</a></p>\n').format(serve().page.back))
    return NOTHING.join(parts)


# ---------------------------------------------------------------- what was found


def findings(edition: Edition, current: Return) -> Markup:
    """What is to be mended first, then what is settled, then how much was looked at."""
    words, own = serve().result, current.edition.form
    grave = sorted((f for f in current.findings if f.open), key=lambda f: f.severity != "error")
    settled = [f for f in current.findings if not f.open]

    def listed(some: Sequence[LedgerFinding]) -> Markup:
        return NOTHING.join(_finding(finding_record(edition.form, own, f)) for f in some)

    to_do = words.mend if current.errors else words.mend_warnings if current.warnings else words.nothing
    whole = text_line(to_do, "to-do") + listed(grave)
    if settled:
        heading = say(words.settled, n=len(settled))
        whole += Markup('<h4 class="settled">{}</h4>\n').format(heading) + listed(settled)
    cases = sum(ran[0] for ran in current.ran.values())
    failed = sum(ran[1] for ran in current.ran.values())
    idle = sum(ran[2] + ran[3] for ran in current.ran.values())
    counts = words.checked.format(cases=cases - idle, passed=cases - idle - failed, failed=failed)
    linked = bool(current.errors) and failed > len(current.findings)
    return whole + text_line(counts + words.linked * linked, "checked")


def _finding(record: Mapping[str, Any]) -> Markup:
    """One finding: where, the line in bold, the reasons, what was answered."""
    words = serve().result
    before, figure, after = (for_unit(part) for part in record["line"])
    line = Markup("{}<i>{}</i>{}").format(before, figure, after) if figure else Markup("{}").format(before)
    reasons = [*map(for_unit, record["why"])]
    if record["answer"]:
        reasons.append(words.answer.format(answer=record["answer"]))
    if record["accepted"]:
        reasons.append(words.taken)  # the office's reason may be its own note
    return Markup(
        '<div class="finding {kind}"><span class="where"><b>{word}</b><span>{place}</span>'
        '<span class="cell">{cell}</span></span><span class="line">{line}</span>{reasons}</div>\n'
    ).format(
        kind=record["kind"], word=words.kind[record["kind"]], place=record["place"], cell=record["cell"],
        line=line,
        reasons=NOTHING.join(Markup('<span class="reason">{}</span>').format(text) for text in reasons),
    )  # fmt: skip
