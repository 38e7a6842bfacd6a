"""A filing as JSON: read with judgement, written so that nothing is lost."""

import json
import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.core.finding import DIGITS, json_number
from xlcheck.core.form import Form
from xlcheck.core.formula import Entry
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, edition_named, edition_of_year, ordinary
from xlcheck.workbook.archive import LETTERS, SHORT
from xlcheck.workbook.structure import as_quoted, whole_year
from xlcheck.workbook.xml import UNKNOWN, UNWRITABLE

MEGABYTE = 1024 * 1024
LIMIT = 2 * MEGABYTE  # of a file; the longest texts a workbook can hold make less than one
SEEN = re.compile("[^\\s\u200b-\u200f\ufeff]")  # a text of nothing that can be seen is a blank


class FilingDocument(NamedTuple):
    """A filing as JSON has it; fields may be left out, and are blank then."""

    edition: str | None = None
    year: Entry = None
    unit: str | None = None
    kind: str | None = None
    contact: str | None = None
    values: Mapping[str, Entry] = {}
    texts: Mapping[str, str | None] = {}
    options: Mapping[str, str | None] = {}
    answers: Mapping[str, str] = {}
    records: Mapping[str, str] = {}


FIGURE, TEXT, ANSWER = (Decimal, str, NoneType), (str, NoneType), (str,)  # what may stand for each
SINGLE: Mapping[str, tuple[type, ...]] = {
    "edition": TEXT, "year": FIGURE, "unit": TEXT, "kind": TEXT, "contact": TEXT,
}  # fmt: skip
TABLES: Mapping[str, tuple[type, ...]] = {
    "values": FIGURE, "texts": TEXT, "options": TEXT, "answers": ANSWER, "records": ANSWER,
}  # fmt: skip


def load_filing(path: Path) -> Filing:
    """Read a filing from a JSON file; Refused with a sentence that names what is wrong in it."""
    try:
        if (size := ordinary(path).stat().st_size) > LIMIT:
            too_big = messages().too_big
            raise Refused(too_big.format(file=path.name, size=size // MEGABYTE, limit=LIMIT // MEGABYTE))
        return parse_filing(path.read_text(encoding="utf-8-sig"), path.name)
    except FileNotFoundError:
        raise Refused(messages().no_file.format(file=path)) from None
    except (OSError, UnicodeDecodeError):
        raise Refused(messages().not_text.format(file=path.name)) from None


def parse_filing(text: str, name: str) -> Filing:
    try:
        raw = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object(pairs, name),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_number,
        )
    except (json.JSONDecodeError, RecursionError, ArithmeticError) as wrong:  # a power beyond any Decimal
        line = getattr(wrong, "lineno", 1)
        raise Refused(messages().not_json.format(file=name, line=line)) from wrong
    if (at := next(_misshapen(raw), None)) is not None:
        raise Refused(messages().bad_json.format(file=name, at=at))
    return _filing(FilingDocument(**_writable(raw)), name)


def _object(pairs: list[tuple[str, Any]], file: str) -> dict[str, Any]:
    """An object of a document; Refused where two of its entries have one name: which counts, nobody knows."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        [(at, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Refused(messages().twice_in_json.format(file=file, at=as_quoted(at)))
    return entries


def _writable(entry: Any) -> Any:
    """An entry as a workbook can hold it: what no XML may hold is the sign for such."""
    match entry:
        case str():
            return re.sub(UNWRITABLE, UNKNOWN, entry)
        case dict():
            return {key: _writable(one) for key, one in entry.items()}
    return entry


def _misshapen(raw: Any) -> Iterator[str]:
    """What in a document is not of its shape: an entry, a name nobody knows, or the whole."""
    if not isinstance(raw, dict):
        yield "JSON"
        return
    for part in FilingDocument._fields:
        if part in SINGLE and not isinstance(raw.get(part), SINGLE[part]):
            yield part
        if part in TABLES:
            entries = raw.get(part, {})
            if not isinstance(entries, dict):
                yield part
                return
            yield from (f"{part}.{key}" for key, one in entries.items() if not isinstance(one, TABLES[part]))
    yield from (key or "JSON" for key in raw if key not in FilingDocument._fields)


def dump_filing(form: Form, filing: Filing) -> str:
    """Write a filing as JSON, every field of its edition in reading order, null for a blank."""
    document: dict[str, Any] = {
        "edition": filing.edition,
        "year": json_number(filing.year),
        "unit": filing.unit,
        "kind": filing.kind,
        "contact": filing.contact,
        "values": {name: json_number(filing.values.get(name)) for name in form.fields},
        "texts": {name: filing.texts.get(name) for name in form.texts},
        "options": dict(filing.options),
        "answers": dict(filing.answers),
        "records": dict(filing.records),
    }
    optional = ("contact", "options", "answers", "records")
    kept = {key: part for key, part in document.items() if part or key not in optional}
    return json.dumps(kept, ensure_ascii=False, indent=1)


def _bounded(document: FilingDocument, name: str) -> None:
    """A number of more digits than any figure has, or a longer name, would be worked on for minutes."""
    for field, entry in {"year": document.year, **document.values}.items():
        if isinstance(entry, Decimal) and not (entry.is_finite() and abs(entry.adjusted()) < DIGITS):
            raise Refused(messages().bad_json.format(file=name, at=field))
    short = {key: getattr(document, key) for key in ("unit", "kind", "contact")}
    long = document.texts, document.options, document.answers, document.records
    for texts, limit in ((short, SHORT), *((one, LETTERS) for one in long)):
        for at, text in texts.items():
            if text and len(text) > limit:
                said = messages().too_long.format(cell=at, n=len(text), limit=limit)
                raise Refused(messages().inside.format(file=name, why=said))


def _filing(document: FilingDocument, name: str) -> Filing:
    _bounded(document, name)
    edition_name = document.edition
    if edition_name is None:
        if not isinstance(document.year, Decimal):
            raise Refused(messages().no_year.format(file=name))
        edition_name = edition_of_year(int(document.year)).form.edition
    form = edition_named(edition_name).form
    options = {option.id for option in form.options}
    known: dict[str, Container[str]] = {"values": form.fields, "texts": form.texts, "options": options}
    for part, names in known.items():
        if strange := [key for key in getattr(document, part) if key not in names]:
            raise Refused(
                messages().no_such_field.format(file=name, field=f"{part}.{strange[0]}", edition=edition_name)
            )
    return Filing(
        edition=edition_name,
        year=whole_year(document.year),
        unit=document.unit or None,
        kind=document.kind or None,
        contact=document.contact or None,
        values={
            key: as_quoted(value) if isinstance(value, str) else value
            for key, value in document.values.items()
            if value != ""
        },
        texts={key: text for key, text in document.texts.items() if text and SEEN.search(text)},
        options={key: text for key, text in document.options.items() if text},
        answers=document.answers,
        records=document.records,
    )


def _no_number(text: str) -> str:
    return text


def seed() -> Filing:
    """The customer's own report, which the project carries as its demonstration."""
    return load_filing(Path(data.__file__).parent / "seed_2020.json")
