"""A filing as JSON: read with judgement, written so that nothing is lost."""

import json
import re
from collections.abc import Container
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xlcheck import data
from xlcheck.core.filing import Filing
from xlcheck.core.finding import json_number
from xlcheck.core.form import Form
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, edition_named, edition_of_year

DIGITS = 40
SEEN = re.compile("[^\\s\u200b-\u200f\ufeff]")  # a text of nothing that can be seen is a blank


class FilingDocument(BaseModel):
    """The shape of DESIGN §5; fields may be left out, and are blank then."""

    model_config = ConfigDict(extra="forbid", strict=True)

    edition: str | None = None
    year: Decimal | str | None = None
    unit: str | None = None
    kind: str | None = None
    contact: str | None = None
    values: dict[str, Decimal | str | None] = Field(default_factory=dict)
    texts: dict[str, str | None] = Field(default_factory=dict)
    options: dict[str, str | None] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    records: dict[str, str] = Field(default_factory=dict)


def load_filing(path: Path) -> Filing:
    """Read a filing from a JSON file; Refused with a sentence that names what is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Refused(messages().no_file.format(file=path)) from None
    except (OSError, UnicodeDecodeError):
        raise Refused(messages().not_text.format(file=path.name)) from None
    return parse_filing(text, path.name)


def parse_filing(text: str, name: str) -> Filing:
    try:
        raw = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)
        document = FilingDocument.model_validate(raw)
    except (json.JSONDecodeError, RecursionError) as wrong:
        line = getattr(wrong, "lineno", 1)
        raise Refused(messages().not_json.format(file=name, line=line)) from wrong
    except ValidationError as wrong:
        at = ".".join(str(part) for part in wrong.errors()[0]["loc"]) or "JSON"
        raise Refused(messages().bad_json.format(file=name, at=at)) from wrong
    return _filing(document, name)


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
    """A number of more digits than any figure has would be worked on for minutes."""
    for field, entry in {"year": document.year, **document.values}.items():
        if isinstance(entry, Decimal) and not (entry.is_finite() and abs(entry.adjusted()) < DIGITS):
            raise Refused(messages().bad_json.format(file=name, at=field))


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
        year=document.year,
        unit=document.unit or None,
        kind=document.kind or None,
        contact=document.contact or None,
        values={key: value for key, value in document.values.items() if value != ""},
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
