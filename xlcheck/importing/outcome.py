"""What becomes of an import: a workbook, a line for whatever stayed open, JSON."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from xlcheck.core.filing import figure_text
from xlcheck.core.finding import json_number
from xlcheck.data.importing import importing
from xlcheck.importing.document import Doubt, Imported
from xlcheck.judge import judge

SHOWN = 80  # letters of a row that are quoted


def write_workbook(read: Imported, target: Path, *, over: bool = True) -> None:
    """Put what was read into a fresh workbook of its edition; ``over`` as of ``atomically``."""
    from xlcheck.saving import atomically
    from xlcheck.workbook.writing import fresh_workbook

    content = fresh_workbook(read.edition, read.filing, {})
    atomically(target, lambda to: to.write_bytes(content), over=over)


def summary_lines(read: Imported, file: str) -> Iterator[str]:
    """What was read, what stayed open, what is missing: a line each."""
    say, form, filing = importing().say, read.edition.form, read.filing
    filled = sum(v is not None for v in filing.values.values())
    yield say.summary.format(
        file=file, edition=form.edition, unit=filing.unit or say.none, year=filing.year or say.none,
        filled=filled, of=len(form.fields), texts=len(filing.texts),
    )  # fmt: skip
    yield from (_doubt_line(doubt, read) for doubt in read.doubts)
    if read.left:
        yield say.left_out.format(n=len(read.left))
        yield from (say.left_line.format(where=one.where, text=one.text[:SHOWN]) for one in read.left)
    for how, sentence in (("split", say.were_split), ("last", say.were_settled)):
        if rows := {s.where + s.text for s in read.evidence.values() if s.how == how}:
            yield sentence.format(n=len(rows))
    if read.missing:
        yield say.missing.format(n=len(read.missing), names=say.list.join(_places(read.missing, read)))
    if offers := offered(read):
        said = [
            say.offered_one.format(place=place, to=figure_text(to))
            for place, to in zip(_places(tuple(offers), read), offers.values(), strict=True)
        ]
        sentence = say.offered if any(offers.values()) else say.offered_zero
        yield sentence.format(n=len(offers), list=say.list.join(said))


def offered(read: Imported) -> dict[str, Decimal]:
    """The figures that blanks can only have by the sums; they are told, not filled in."""
    rules = read.edition.rules
    found = judge(read.edition, read.filing).findings
    fixes = [f.fix for f in found if f.fix and rules.of(f.rule).unfilled]
    return {one.field: one.to for fix in fixes for one in (fix, *fix.also)}


def _doubt_line(doubt: Doubt, read: Imported) -> str:
    say, most = importing().say, importing().label.most_ways
    ways = say.way.join(" ".join(way) for way in doubt.ways[:most])
    more = say.more.format(n=len(doubt.ways)) if len(doubt.ways) > most else ""
    place = "".join(_places(doubt.fields[:1], read))
    return say.doubt[doubt.kind].format(
        where=doubt.where, text=doubt.text[:SHOWN], ways=ways + more, place=place
    )


def _places(names: tuple[str, ...], read: Imported) -> list[str]:
    form = read.edition.form
    return [form.fields[n].place if n in form.fields else form.labels.get(n, n) for n in names]


def as_json(read: Imported) -> str:
    """The filing as JSON, with the evidence of each value, what stayed open and what is missing."""
    from xlcheck.workbook.json import dump_filing

    filing = json.loads(dump_filing(read.edition.form, read.filing))
    evidence = {name: one._asdict() for name, one in read.evidence.items()}
    filing["evidence"] = {
        name: {k: text for k, text in one.items() if text} for name, one in evidence.items()
    }
    filing["open"] = [d._asdict() for d in read.doubts]
    filing["left_out"] = [{"where": one.where, "text": one.text} for one in read.left]
    filing["missing"] = list(read.missing)
    filing["offered"] = {name: json_number(to) for name, to in offered(read).items()}
    return json.dumps(filing, ensure_ascii=False, indent=1)
