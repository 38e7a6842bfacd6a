"""Read a filing from a workbook of ours, and refuse one whose structure is no longer the template's."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from xlcheck import data
from xlcheck.core.filing import Filing, plain
from xlcheck.core.form import Cell, Form, a1
from xlcheck.core.formula import Entry
from xlcheck.files.catalogue import Edition, Refused, edition, say
from xlcheck.files.package import Package, Page, Raw

Notes = dict[str, list[tuple[str, str]]]


def read(path: Path) -> Filing:
    """Read the entries of a workbook; formulas are never believed, cells never guessed.

    Raises Refused with a sentence for anything but a sound workbook of ours.
    """
    package = Package(path)
    form = _edition(package).form
    pages = {key: package.page(form.sheets[key]) for key in ("cover", "t2", "t3", "t4", "text", "check")}
    for table, cells in form.tables.items():
        _same_structure(table, cells, form, pages[table], package.name)
    notes: Notes = {"typed_formula": [], "dated": [], "unprotected": []}
    dated = package.date_styles()
    values = {n: _entry(n, pages[f.table].cells.get(f.cell), dated, notes) for n, f in form.fields.items()}
    open_sheets = [form.sheets[key] for key, page in pages.items() if not page.protected]
    if open_sheets:
        notes["unprotected"].append(("unit", "、".join(open_sheets)))
    cover = {key: pages["cover"].cells.get(cell) for key, cell in form.cover.items()}
    texts = {key: _prose(pages["text"].cells.get(cell)) for key, cell in form.texts.items()}
    return Filing(
        edition=form.edition,
        year=_number(cover["year"]),
        unit=_text(cover["unit"]) or None,
        kind=_text(cover["kind"]) or None,
        contact=_text(cover["contact"]) or None,
        values=values,
        texts={key: text for key, text in texts.items() if text.strip()},
        options=_options(form, pages),
        answers=dict(_answers(pages["check"])),
        notes={check: tuple(found) for check, found in notes.items() if found},
    )


def last_year(path: Path) -> Filing | None:
    """Last year's figures that ``new --last`` carried into the workbook, or None."""
    package = Package(path)
    form = _edition(package).form
    hidden, at = package.page(form.sheets["hidden"]), data.toml("workbook")["hidden"]
    year = _number(hidden.cells.get(at["last_year"]))
    if not isinstance(year, Decimal):
        return None
    rows = range(at["first_row"], at["first_row"] + len(form.fields))
    cells = {
        n: hidden.cells.get(f"{at['field']['last']}{row}") for n, row in zip(form.fields, rows, strict=True)
    }
    return Filing(form.edition, year, values={n: _number(raw) for n, raw in cells.items()})


def _edition(package: Package) -> Edition:
    """Which edition's workbook this is, by its hidden sheet; every sheet must be there by its name."""
    layout = data.toml("workbook")
    sheets = {key: sheet["name"] for key, sheet in layout["sheets"].items()}
    missing = [name for name in sheets.values() if name not in package.sheets]
    if len(missing) >= len(sheets) - 1 or sheets["hidden"] in missing:
        raise Refused(say("not_ours", file=package.name))
    if missing:
        others = [name for name in package.sheets if name not in sheets.values()]
        found = say("instead", names="、".join(others)) if others else ""
        raise Refused(say("no_sheet", file=package.name, names="、".join(missing), found=found))
    hidden = package.page(sheets["hidden"], last_row=layout["hidden"]["first_row"] - 1)
    name, version = (_text(hidden.cells.get(layout["hidden"][k])) for k in ("edition", "version"))
    if name not in data.editions():
        raise Refused(say("other_edition", file=package.name, edition=name or "？"))
    if version not in layout["accepted"]:
        raise Refused(say("other_version", file=package.name, version=version or "？"))
    return edition(name)


def _same_structure(table: str, cells: tuple[Cell, ...], form: Form, page: Page, file: str) -> None:
    """Every label must stand where the template has it, or a figure could be read in another's place."""
    layout = data.toml("workbook")["sheets"][table]
    merges = set()
    for cell in cells:
        row, col = layout["row"] + cell.row, layout["col"] + cell.col
        at = a1(row, col)
        found = _text(page.cells.get(at))
        if cell.text and bare(found) != bare(cell.text):
            raise Refused(
                say(
                    "moved",
                    file=file,
                    sheet=form.sheets[table],
                    cell=at,
                    label=cell.text,
                    found=found or "空的",
                )
            )
        if cell.rows > 1 or cell.cols > 1:
            merges.add(f"{at}:{a1(row + cell.rows - 1, col + cell.cols - 1)}")
    if missing := sorted(merges - page.merges):
        raise Refused(say("unmerged", file=file, sheet=form.sheets[table], cell=missing[0]))


def bare(text: str) -> str:
    """A label without what does not count: spaces, line breaks, widths."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _entry(name: str, raw: Raw | None, dated: frozenset[int], notes: Notes) -> Entry:
    if raw is None:
        return None
    if raw.formula is not None:
        notes["typed_formula"].append((name, f"={raw.formula}"))
        return None
    entry = _number(raw)
    if isinstance(entry, Decimal) and raw.style in dated:
        notes["dated"].append((name, _day(entry)))
        return None
    return entry


def _number(raw: Raw | None) -> Entry:
    """A figure where the cell holds one, else the text as typed; nothing at all is a blank."""
    if raw is None or not raw.text:
        return None
    if raw.kind in ("n", ""):
        try:
            return Decimal(raw.text)
        except InvalidOperation:
            return raw.text
    return {"1": "TRUE", "0": "FALSE"}.get(raw.text, raw.text) if raw.kind == "b" else raw.text


def _text(raw: Raw | None) -> str:
    return (
        plain(Decimal(raw.text)) if raw and raw.kind == "n" and raw.text else raw.text.strip() if raw else ""
    )


def _prose(raw: Raw | None) -> str:
    return raw.text if raw and raw.kind != "n" else _text(raw)


def _day(serial: Decimal) -> str:
    try:
        return str(date(1899, 12, 30) + timedelta(days=int(serial)))
    except OverflowError:
        return plain(serial)


def _options(form: Form, pages: Mapping[str, Page]) -> dict[str, str]:
    by_sheet = {form.sheets[key]: page for key, page in pages.items()}
    found = {o.id: _text(by_sheet[o.sheet].cells.get(o.cell)) for o in form.options}
    return {name: text for name, text in found.items() if text}


def _answers(page: Page) -> Iterator[tuple[str, str]]:
    """The clerk's 说明, by the rule whose line it stands on."""
    for at, raw in page.cells.items():
        answer = _text(page.cells.get(f"F{at[1:]}"))
        if answer and at[0] == "G" and re.fullmatch(r"R\d{3}", raw.text):
            yield raw.text, answer
