"""Damaged files by the thousand: nothing but sentences may come of them, and no figure that is not there.

    python benchmarks/mutants.py [VERB…] [--first N] [--count N] [--jobs N] [--keep DIR] [--base FOLDER]
                                 [--log FILE]

Each VERB (all of VERBS where none is named) gets COUNT files, one a seed from FIRST on, so that a sweep can
be parted and taken up again: LOG keeps what became of each file as it is known, and what it has is not
tried again. The figures so far are told every minute, so that a run that is stopped has said something.
Every file is a sound one with one to three things done to it: to its bytes, the directory of its zip, to a
part, to a cell, to an element of its XML, to a line of its text. It goes through the verb in this process's
children, each file with limits. BASE is a folder of further sound workbooks, as other programs save them.
Printed for each verb: tried; told (refused with a sentence); crashed; hung (more than 2 s of processor for a
workbook, 20 for a document); wrong values, compared with what openpyxl reads where it reads a number, or
where we do; compared files; the share that reached the cells; worst time and peak memory (of a whole child,
openpyxl and the other checks of this benchmark included). What crashed, hung or was wrong is written to DIR
by verb and seed; exit status 1 where anything did.
"""

import argparse
import contextlib
import io
import json
import os
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

WORKBOOKS = ("check", "mark", "fill", "repair", "roster", "decisions")
DOCUMENTS = ("docx", "html", "mhtml", "txt", "pdf", "ods", "xls", "xlsx", "json", "csv")
VERBS = (*WORKBOOKS, *DOCUMENTS)
SLOW = {**dict.fromkeys(WORKBOOKS, 2.0), **dict.fromkeys(DOCUMENTS, 20.0), "json": 2.0, "csv": 2.0}
MEMORY = 1 << 30  # bytes a child may map beyond what it needs to start
MINUTE, STEP = 60, 1000  # seconds between two lines of a table that grows; files of one child at most
FINE = ("read", "told", "none")
SILENT = 300  # seconds after which a child that says nothing is ended


class Outcome(NamedTuple):
    """What became of one file: ``how`` is read, told, crashed, hung, wrong or killed."""

    seed: int
    how: str
    note: str
    seconds: float
    reached: bool
    compared: bool
    peak: int


# ---------------------------------------------------------------- sound files
@cache
def workbooks(folder: str) -> tuple[bytes, ...]:
    """Sound workbooks: as fill writes them, as openpyxl saves them again, as Strict Open XML, and others'."""
    import openpyxl
    from by_name import build_template, fill_workbook
    from cases import ODD, base, edited

    from xlcheck import data
    from xlcheck.saving import save

    made = []
    with tempfile.TemporaryDirectory() as home:
        for name in data.editions():
            for one in (base(name), edited(base(name), ODD)):
                path = Path(home, "a.xlsx")
                save(build_template(name), path)
                fill_workbook(path, one, path)
                made.append(path.read_bytes())
        openpyxl.load_workbook(path).save(path)
        made.append(path.read_bytes())
    made.append(rezipped(made[0], lambda n, xml: strict(xml)))
    return (*made, *(p.read_bytes() for p in sorted(Path(folder).glob("*.xlsx")) if folder))


def strict(xml: bytes) -> bytes:
    """A part as Strict Open XML has it: other namespaces, nothing else."""
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = xml.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    related = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return xml.replace(related, b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def rezipped(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


@cache
def document(kind: str) -> bytes | None:
    """The customer's report in a kind of file; None where no program is here to write it."""
    from by_name import build_template, dump_filing, fill_workbook, judge, write_report

    from xlcheck.saving import save
    from xlcheck.workbook.json import seed

    with tempfile.TemporaryDirectory() as home:
        path = Path(home, f"a.{kind}")
        book, page = path.with_suffix(".xlsx"), path.with_suffix(".html")
        match kind:
            case "json":
                return dump_filing(seed()).encode()
            case "docx" | "html":
                write_report(seed(), judge(seed()), path, draft=True)
            case "mhtml":
                write_report(seed(), judge(seed()), page, draft=True)
                head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
                kept = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                return head + kept + page.read_bytes() + b"\n--b--\n"
            case "txt":
                write_report(seed(), judge(seed()), page, draft=True)
                return re.sub(r"<[^>]*>", "\n", page.read_text("utf-8")).encode()
            case "xlsx" | "ods" | "xls":
                save(build_template(seed().edition), book)
                fill_workbook(book, seed(), book)
            case "pdf":
                write_report(seed(), judge(seed()), page.with_suffix(".docx"), draft=True)
        if kind in ("ods", "xls", "pdf"):
            source = book if kind != "pdf" else page.with_suffix(".docx")
            if not shutil.which("soffice"):
                return None
            profile = f"-env:UserInstallation=file://{home}/profile"
            command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", home, str(source)]
            subprocess.run(command, capture_output=True, check=False, timeout=120)
        return path.read_bytes() if path.exists() else None


@cache
def roster(kind: str) -> bytes:
    import openpyxl

    rows = [["单位名称", "类别", "曾用名"], *([f"某{n}镇人民政府", "镇", f"旧{n}镇"] for n in range(9))]
    if kind == "csv":
        return "\n".join(map(",".join, rows)).encode()
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@cache
def summary_book() -> bytes:
    """A county's summary with a line for a unit, as collect writes it."""
    from xlcheck import cli

    with tempfile.TemporaryDirectory() as home, contextlib.redirect_stderr(io.StringIO()):
        (inbox := Path(home, "in")).mkdir()
        (inbox / "a.xlsx").write_bytes(workbooks("")[0])
        Path(home, "r.csv").write_bytes(roster("csv"))
        with contextlib.redirect_stdout(io.StringIO()):
            given = ["--roster", f"{home}/r.csv", "--ledger", f"sqlite:///{home}/l.db", "-o", f"{home}/out"]
            cli.main(["collect", str(inbox), *given, "--year", "2025", "--county", "某县"])
        return next(Path(home).glob("out/*.xlsx")).read_bytes()


# ---------------------------------------------------------------- what is done to them
STRAY = (
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x?>", b"<!DOCTYPE x>", b"&amp;", b"&who;", b"&#0;", b"&", b"<",
    b">", b'"', b"\xff", b"\0", b"</row>", b'<row r="5">', b"<row/>", b"</c>", b"<c>", b"<v>1</v>",
    b"<t>1</t>", b"<x:c/>", b"<sheetData/>", b"<extLst><ext><v>9</v></ext></extLst>", b"<rPh><t>9</t></rPh>",
)  # fmt: skip
ODD_VALUES = (
    "", "0", "-1", "1", "12", "1_0", "５", "٥", "1.5", "1e3", "1E400", "-0", " 7 ", "+3", "0x1F", "nan",
    "inf", "TRUE", "9" * 18, "9" * 400, "9" * 4301, "9" * 5000, "2025.5", "abc", "A1", "A:A", "1:1048576",
    "E8", "e8", "E8:E9", "$E$8", "#REF!", "_x0002_", "_xD800_", "_x000D_", "二千", "\u3000", "1,000",
    "xl/../xl/a.xml",
    "\\x\\y", "true", "n", "s", "str", "inlineStr", "b", "e", "d", "rgb", "FFFFFFFF", "99999999999",
    "1048577",
)  # fmt: skip


def escaped(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&#34;").encode("utf-8", "replace")


def hurt_bytes(content: bytes, rng: random.Random) -> bytes:
    """Flipped, cut, put in, taken out, or doubled."""
    if not content:
        return rng.choice(STRAY)
    at, to = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    short = min(to, at + rng.randint(1, 60))
    match rng.randrange(6):
        case 0:
            return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        case 1:
            return content[:to] if rng.random() < 0.3 else content[:short]
        case 2:
            return content[:at] + rng.choice(STRAY) + content[at:]
        case 3:
            return content[:at] + content[short:]
        case 4:
            return content[:short] + content[at:short] * rng.choice((1, 2, 50)) + content[short:]
    spoiled = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
    return bytes(spoiled)


def hurt_cell(xml: bytes, rng: random.Random) -> bytes:
    """One cell of a sheet: its value, type, style or place, or something more in it."""
    cells = list(re.finditer(rb"<c\b[^>]*?(?:/>|>.*?</c>)", xml, re.DOTALL))
    if not cells:
        return hurt_element(xml, rng)
    whole = rng.choice(cells)
    cell, odd = whole[0], escaped(rng.choice(ODD_VALUES))
    match rng.randrange(9):
        case 0 | 1:
            new = re.sub(
                rb"<(v|t)\b[^>]*>[^<]*</\1>", lambda m: b"<%b>%b</%b>" % (m[1], odd, m[1]), cell, count=1
            )
        case 2:
            new = re.sub(rb' t="[^"]*"', b"", cell, count=1)
            new = new.replace(
                b"<c", b'<c t="%b"' % rng.choice((b"n", b"s", b"b", b"e", b"d", b"str", odd)), 1
            )
        case 3:
            name = rng.choice((b"r", b"s", b"t"))
            new = re.sub(rb' %b="[^"]*"' % name, lambda m: b' %b="%b"' % (name, odd), cell, count=1)
        case 4:
            more = rng.choice((b"<v>%b</v>", b"<is><t>%b</t></is>", b"<f>%b</f>", b"<t>%b</t>", b"<x>%b</x>"))
            new = cell.replace(b"</c>", more % odd + b"</c>")
        case 5:
            new = cell + cell
        case 6:
            new = b'<c r="%b"><v>%b</v></c>' % (re.search(rb'r="([^"]*)"', cell + b'r="E8"')[1], odd)  # type: ignore[index]
        case 7:
            new = b""
        case _:
            new = re.sub(rb"<v>[^<]*", lambda m: m[0] + odd, cell, count=1)
    return xml[: whole.start()] + new + xml[whole.end() :]


def hurt_element(xml: bytes, rng: random.Random) -> bytes:
    """An element or an attribute: taken out, doubled, renamed, given an odd value, hidden, or another's."""
    tags = list(re.finditer(rb"<[A-Za-z][^<>]*>", xml))
    if not tags:
        return hurt_bytes(xml, rng)
    tag = rng.choice(tags)
    written, values = tag[0], list(re.finditer(rb'="([^"]*)"', tag[0]))
    match rng.randrange(8):
        case 0 | 1 | 2 if values:
            value = rng.choice(values)
            new = written[: value.start(1)] + escaped(rng.choice(ODD_VALUES)) + written[value.end(1) :]
        case 3 if values:
            value = rng.choice(values)
            new = written[: value.start()].rpartition(b" ")[0] + written[value.end() :]
        case 4:
            new = b"" if written.endswith(b"/>") else written + written
        case 5:
            new = b"<!-- %b -->" % written.replace(b"--", b"")
        case 6:
            new = rng.choice(tags)[0] + (written if rng.random() < 0.5 else b"")
        case _:
            new = written + rng.choice(STRAY)
    return xml[: tag.start()] + new + xml[tag.end() :]


def hurt_part(xml: bytes, rng: random.Random) -> bytes | None:
    """A whole part: gone, empty, cut short, in another encoding, or with a declaration it should not have."""
    head, sign, tail = xml.partition(b"?>") if xml.startswith(b"<?xml") else (b"", b"", xml)
    match rng.randrange(8):
        case 0:
            return None
        case 1:
            return b""
        case 2:
            return xml[: rng.randrange(len(xml) + 1)]
        case 3:
            code = rng.choice(
                ("utf-16", "gbk", "latin-1", "foo", "rot13", "utf-7", "idna", "ascii", "utf-32")
            )
            return f'<?xml version="1.0" encoding="{code}"?>'.encode() + tail
        case 4:
            return xml.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-8-sig", "utf-32")))
        case 5:
            entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            return head + sign + entity + tail
        case 6:
            return re.sub(rb"<(/?)([A-Za-z])", rb"<\1q:\2", xml).replace(b"xmlns=", b"xmlns:q=")
    return hurt_bytes(xml, rng)


def hurt_zip(content: bytes, rng: random.Random) -> bytes:
    """The directory of a zip: sizes, flags, methods, names that are not so; parts twice, or elsewhere."""
    out, old = io.BytesIO(), zipfile.ZipFile(io.BytesIO(content))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        warnings.simplefilter("ignore")
        spoiled = rng.choice(old.namelist())
        for name in old.namelist():
            body, called = old.read(name), name
            if name == spoiled:
                called = rng.choice(
                    (name, f"./{name}", f"/{name}", name.replace("/", "\\"), name.upper(), "x")
                )
                if rng.random() < 0.3:
                    new.writestr(name, body[: len(body) // 2])
            method = (
                rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
                if name == spoiled
                else None
            )
            new.writestr(called, body, method)
    made = bytearray(out.getvalue())
    if rng.random() < 0.6:
        heads = [m.start() for m in re.finditer(rb"PK\x01\x02|PK\x03\x04", bytes(made))]
        at = rng.choice(heads) + rng.choice((4, 6, 8, 10, 14, 18, 20, 22, 24, 26, 28, 42))
        made[at : at + 2] = rng.randbytes(2)
    return bytes(made)


def hurt_package(content: bytes, rng: random.Random) -> bytes:
    """Something done to a zip of XML, most often inside the sheets, where it is read."""
    way = rng.random()
    if way < 0.06:
        return hurt_bytes(content, rng)
    if way < 0.12:
        return hurt_zip(content, rng)
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in dict.fromkeys(old.namelist())}
    for _ in range(rng.randint(1, 3)):
        sheets = [n for n in parts if "worksheets/sheet" in n and n.endswith(".xml")]
        how: Callable[[bytes, random.Random], bytes | None] = hurt_cell
        tables = [n for n in sheets if n[-5] in "234"]  # of a workbook of ours
        name = rng.choice(tables if tables and rng.random() < 0.6 else sheets or list(parts))
        if rng.random() < 0.4:
            name = rng.choice(list(parts))
            how = rng.choices((hurt_element, hurt_part, hurt_bytes), (6, 1, 1))[0]
        spoiled = how(parts[name], rng)
        if spoiled is None:
            parts.pop(name)
        else:
            parts[name] = spoiled
        if not parts:
            break
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()


def hurt_text(content: bytes, rng: random.Random) -> bytes:
    """Something done to a text, to its tags or to its lines."""
    for _ in range(rng.randint(1, 3)):
        match rng.randrange(3):
            case 0:
                content = hurt_element(content, rng)
            case 1:
                content = hurt_bytes(content, rng)
            case _:
                odd = escaped(rng.choice(ODD_VALUES))
                content = re.sub(rb"\d+", odd.replace(b"\\", b"/"), content, count=rng.randint(1, 40))
    return content


def hurt_json(content: bytes, rng: random.Random) -> bytes:
    """Some entries of a filing odd, of another type, gone, or more of them."""
    filing = json.loads(content)
    for _ in range(rng.randint(1, 4)):
        part = rng.choice([filing, filing["values"], filing["texts"]])
        key = rng.choice([*part, rng.choice(ODD_VALUES)])
        odd: Any = rng.choice(ODD_VALUES)
        kinds = [
            odd,
            odd * rng.choice((1, 3000)),
            None,
            [odd],
            {odd: odd},
            True,
            1e300,
            10 ** rng.randint(0, 60),
            -0.5,
        ]
        if rng.random() < 0.1 and key in part and not isinstance(part[key], dict):
            del part[key]
        elif not isinstance(part.get(key), dict):
            part[key] = rng.choice(kinds)
    return json.dumps(filing, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")


def mutant(verb: str, seed: int, folder: str) -> bytes | None:
    """The file of a seed; None where its kind cannot be made here.

    ``folder`` may also be a list of files, as JSON, which are then taken as they are, by number.
    """
    if folder.startswith("["):
        return Path(json.loads(folder)[seed]).read_bytes()
    rng = random.Random(f"{verb} {seed}")
    match verb:
        case "roster":
            return hurt_package(roster("xlsx"), rng)
        case "decisions":
            return hurt_package(summary_book(), rng)
        case "csv":
            return hurt_text(roster("csv"), rng)
        case "docx" | "ods" | "xlsx" | "pdf" | "xls" | "html" | "mhtml" | "txt" | "json":
            sound = document(verb)
            hurt = hurt_package if verb in ("docx", "ods", "xlsx") else hurt_text
            hurt = hurt_bytes if verb in ("pdf", "xls") else hurt
            hurt = hurt_json if verb == "json" and rng.random() < 0.8 else hurt
            return hurt(sound, rng) if sound is not None else None
    return hurt_package(rng.choice(workbooks(folder)), rng)


# ---------------------------------------------------------------- the verbs
def checked(path: Path) -> Any:
    """Read and judged and told in every way; the filing."""
    from xlcheck.core.finding import verdict
    from xlcheck.editions import edition_named
    from xlcheck.judge import judge
    from xlcheck.report.console import finding_lines
    from xlcheck.workbook.json import load_filing
    from xlcheck.workbook.reading import read

    filing = load_filing(path) if path.suffix == ".json" else read(path)
    edition = edition_named(filing.edition)
    result = judge(edition, filing, filing.last)
    whole = json.dumps(verdict(path.name, filing, result, edition.cell_of), ensure_ascii=False)
    whole += "\n".join(finding_lines(edition, path.name, filing, result))
    whole.encode()
    if len(whole) > 2_000_000:
        raise AssertionError(f"{len(whole)} letters are printed")
    return filing


def run(verb: str, path: Path) -> Any:
    """The verb's work on a file, and for check what was read."""
    from xlcheck.editions import edition_named

    target = path.with_name("out.xlsx")
    match verb:
        case "check" | "json":
            return checked(path)
        case "mark":
            from xlcheck.judge import judge
            from xlcheck.workbook.marking import mark
            from xlcheck.workbook.reading import read

            filing = read(path)
            edition = edition_named(filing.edition)
            mark(edition, path, filing, judge(edition, filing), target, "2026-01-15 09:00")
            read(target)
        case "fill":
            filled(path, target)
        case "repair":
            from xlcheck.repair import rescue, write_repaired

            write_repaired(rescue(path), target)
        case "roster" | "csv":
            from xlcheck.county.roster import read_roster

            read_roster(path)
        case "decisions":
            from xlcheck.county.decide import from_workbook

            register: Any = SimpleNamespace(sent={}, edition=edition_named("2021"))
            list(from_workbook(register, path))
        case _:
            from xlcheck.importing import read_report, write_workbook

            write_workbook(read_report(path), target)
    return None


def filled(path: Path, target: Path) -> None:
    """A filing put into the workbook, of whichever edition that is."""
    from cases import base

    from xlcheck import data
    from xlcheck.editions import Refused, edition_named
    from xlcheck.workbook.writing import fill_workbook

    *others, last = data.editions()
    for name in others:
        with contextlib.suppress(Refused):
            return fill_workbook(edition_named(name), path, base(name), target)
    return fill_workbook(edition_named(last), path, base(last), target)


def wrong_values(content: bytes, filing: Any) -> list[str] | None:
    """The fields where openpyxl and we have different figures; None where it does not read the file."""
    from xlcheck.editions import edition_named

    try:
        cells = dict(openpyxl_cells(content, filing.edition))
    except Exception:  # whatever it raises, there is nothing to compare with
        return None
    told = {name for found in filing.notes.values() for name, _ in found}
    read = {sheet for sheet, _ in cells}  # of one whose root lost its namespace openpyxl reads no cell
    wrong = []
    for name, field in edition_named(filing.edition).form.fields.items():
        if field.sheet not in read:
            continue
        theirs, ours = cells.get((field.sheet, field.cell)), filing.values.get(name)
        number = isinstance(theirs, int | float) and not isinstance(theirs, bool)
        if number and not (isinstance(ours, str) or name in told):
            if not isinstance(ours, Decimal) or not same(ours, theirs):
                wrong.append(f"{name}: {ours} for {str(theirs)[:40]}")
        elif isinstance(ours, Decimal) and not number:
            wrong.append(f"{name}: {ours} for {str(theirs)[:40]!r}")
    return wrong


def same(ours: Decimal, theirs: Any) -> bool:
    """Equal in the 15 digits that a spreadsheet keeps."""
    try:
        return ours == Decimal(f"{float(theirs):.15g}")
    except OverflowError:
        return False


def openpyxl_cells(content: bytes, edition: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """The cells of the tables as openpyxl's own parser reads them, the last of a place."""
    import openpyxl
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet._reader import WorkSheetParser

    from xlcheck.editions import edition_named

    form = edition_named(edition).form
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    dated = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
    for table in form.tables:
        sheet = book[form.sheets[table]]
        with sheet._get_source() as source:
            for _, row in WorkSheetParser(source, sheet._shared_strings, epoch=book.epoch, **dated).parse():
                for cell in row:
                    yield (sheet.title, f"{get_column_letter(cell['column'])}{cell['row']}"), cell["value"]


# ---------------------------------------------------------------- one after another, in a child
class TooLongError(BaseException):
    """The alarm: nothing of ours may swallow it."""


def _alarm(*_: object) -> None:
    raise TooLongError


def work(verb: str, first: int, last: int, folder: str) -> None:
    """The seeds of a range, each an outcome on a line."""
    from xlcheck.workbook import fragments

    say, calls = os.fdopen(os.dup(1), "w"), []
    sheet, columns = fragments.sheet, fragments.some_columns
    fragments.sheet = lambda *a: calls.append(1) or sheet(*a)  # type: ignore[func-returns-value]
    fragments.some_columns = lambda *a: calls.append(1) or columns(*a)  # type: ignore[func-returns-value]
    signal.signal(signal.SIGPROF, _alarm)  # of processor time: others may be busy too
    warnings.simplefilter("error")  # a library's English sentence is a fault
    with tempfile.TemporaryDirectory() as home, contextlib.redirect_stdout(io.StringIO()):
        for seed in range(first, last):
            calls.clear()
            say.write(json.dumps(_one(verb, seed, folder, Path(home), calls)) + "\n")
            say.flush()


def _one(verb: str, seed: int, folder: str, home: Path, calls: list[int]) -> Outcome:
    from xlcheck.editions import Refused

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = mutant(verb, seed, folder)
    if content is None:
        return Outcome(seed, "none", "", 0, False, False, 0)
    suffix = {"roster": "xlsx"}.get(verb, verb if verb in DOCUMENTS else "xlsx")
    path, how, note, compared = home / f"a.{suffix}", "read", "", False
    path.write_bytes(content)
    signal.setitimer(signal.ITIMER_PROF, 3 * SLOW[verb])
    start = time.process_time()
    try:
        filing = run(verb, path)
        took = time.process_time() - start
    except Refused as why:
        how, note, took = "told", str(why), time.process_time() - start
        if not re.search("[\u4e00-\u9fff]", note) or "Error" in note:
            how = "crashed"
    except TooLongError:
        how, note, took = "hung", traceback.format_exc(), time.process_time() - start
    except BaseException:  # a panic of a library counts too
        how, note, took = "crashed", traceback.format_exc(), time.process_time() - start
    signal.setitimer(signal.ITIMER_PROF, 0)
    if took > SLOW[verb] and how in ("read", "told"):
        how, note = "hung", f"{took:.1f} s"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if verb == "check" and how == "read":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wrong = wrong_values(content, filing)
        compared = wrong is not None
        if wrong:
            how, note = "wrong", "; ".join(wrong)
    return Outcome(seed, how, note, took, bool(calls), compared, peak)


def outcomes(verb: str, first: int, last: int, folder: str) -> Iterator[Outcome]:
    """What children say of a range; one that dies or falls silent is followed by another past that seed."""
    while first < last:
        command = [sys.executable, __file__, "--work", verb, str(first), str(last), folder]
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 2, MEMORY * 2))  # noqa: E731
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit)
        assert child.stdout
        assert child.stderr
        while select.select([child.stdout], [], [], SILENT)[0] and (line := child.stdout.readline()):
            outcome = Outcome(*json.loads(line))
            yield outcome
            first = outcome.seed + 1
        if child.poll() is None and first < last:
            child.kill()
        note = child.stderr.read().decode("utf-8", "replace")[-2000:]
        child.wait()
        if first < last:
            yield Outcome(first, "killed", note or f"status {child.returncode}", SILENT, False, False, 0)
            first += 1


# ---------------------------------------------------------------- the table
def kept(outcome: Outcome, verb: str, folder: str, keep: Path) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    content = mutant(verb, outcome.seed, folder)
    suffix = verb if verb in DOCUMENTS else "xlsx"
    (keep / f"{outcome.how}-{verb}-{outcome.seed}.{suffix}").write_bytes(content or b"")
    (keep / f"{outcome.how}-{verb}-{outcome.seed}.log").write_text(outcome.note, encoding="utf-8")


class Log:
    """What became of each file, kept as it is known, and told every minute."""

    def __init__(self, path: Path | None) -> None:
        self.path, self.lock, self.told = path, threading.Lock(), time.monotonic()
        lines = path.read_text("utf-8").splitlines() if path and path.exists() else []
        self.found: dict[tuple[str, int], Outcome] = {}
        for line in lines:
            with contextlib.suppress(ValueError):  # the last one of a run that was killed
                verb, *outcome = json.loads(line)
                self.found[verb, outcome[0]] = Outcome(*outcome)

    def of(self, verb: str, first: int, count: int) -> list[Outcome]:
        seeds = range(first, first + count)
        return [o for (of, seed), o in list(self.found.items()) if of == verb and seed in seeds]

    def add(self, verb: str, outcome: Outcome, asked: argparse.Namespace) -> None:
        with self.lock:
            self.found[verb, outcome.seed] = outcome
            if self.path:
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([verb, *outcome]) + "\n")
            if asked.keep and outcome.how not in FINE:
                kept(outcome, verb, asked.base, asked.keep)
            if time.monotonic() - self.told > MINUTE:
                self.told = time.monotonic()
                print(row(verb, self.of(verb, asked.first, asked.count)), file=sys.stderr, flush=True)


def row(verb: str, found: list[Outcome]) -> str:
    """One verb's line of the table."""
    counts, tried = Counter(o.how for o in found), len(found)
    reached = f"{sum(o.reached for o in found) / tried:.0%}" if verb in WORKBOOKS[:1] else "–"
    figures = [
        tried, counts["read"] + counts["wrong"], counts["told"], counts["crashed"] + counts["killed"],
        counts["hung"], counts["wrong"], sum(o.compared for o in found), reached,
        f"{max(o.seconds for o in found):.2f}", max(o.peak for o in found),
    ]  # fmt: skip
    return f"| {verb} | {' | '.join(map(str, figures))} |"


def ranges(seeds: list[int], step: int) -> Iterator[tuple[int, int]]:
    """Seeds that follow each other, so many at a time."""
    start = 0
    for n in range(1, len(seeds) + 1):
        if n == len(seeds) or n - start == step or seeds[n] != seeds[n - 1] + 1:
            yield seeds[start], seeds[n - 1] + 1
            start = n


def sweep(verb: str, asked: argparse.Namespace, log: Log) -> bool:
    """One verb's files, and its line of the table."""
    known = {o.seed for o in log.of(verb, asked.first, asked.count)}
    left = [seed for seed in range(asked.first, asked.first + asked.count) if seed not in known]

    def some(between: tuple[int, int]) -> None:
        for outcome in outcomes(verb, *between, asked.base):
            log.add(verb, outcome, asked)

    with ThreadPoolExecutor(asked.jobs) as pool:
        list(pool.map(some, ranges(left, max(1, min(STEP, -(-len(left) // asked.jobs))))))
    found = [o for o in log.of(verb, asked.first, asked.count) if o.how != "none"]
    if not found:
        print(f"| {verb} | NOT RUN: no program here writes such a file |", flush=True)
        return False
    print(row(verb, found), flush=True)
    bad = [o for o in found if o.how not in FINE]
    for o in bad[:5]:
        print(f"    {o.how} {verb} {o.seed}: {o.note.strip().splitlines()[-1][:150] if o.note else ''}")
    return bool(bad)


def main() -> int:
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
        return 0
    asking = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asking.add_argument("verbs", nargs="*", metavar="VERB", help=" ".join(VERBS))
    asking.add_argument("--first", type=int, default=0)
    asking.add_argument("--count", type=int, default=1000)
    asking.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asking.add_argument("--keep", type=Path)
    asking.add_argument("--base", default="")
    asking.add_argument("--log", type=Path)
    asked = asking.parse_args()
    print("| verb | tried | read | told | crashed | hung | wrong | compared | reached | worst s | peak MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    log = Log(asked.log)
    bad = [verb for verb in asked.verbs or VERBS if sweep(verb, asked, log)]
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
