"""The sound files that are hurt: workbooks of ours, and reports of every kind as others write them.

Made once and kept in a folder, so that a child that hurts them neither makes nor loads what made them. A
document is no base unless FIGURES figures are read in it: one refused at the door proves nothing.
"""

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

FIGURES = 30  # of a base file's, that must be read
OFFICE = {"ods": "xlsx", "xls": "xlsx", "pdf": "docx"}  # what LibreOffice makes of what
HOME_MADE = ("xlsx", "ods", "xls")  # home-made workbooks: a filing of ours would be refused as such
BOUNDARY = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
KEPT = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"


def stored(kind: str, others: str, store: Path) -> list[Path]:
    """The base files of a kind, made where they are not there yet; none where no program here writes it.

    ``kind`` is that of a document, or workbook, roster, summary, csv; ``others`` is a folder of further
    workbooks.
    """
    folder = store / kind
    if not folder.exists():
        begun = Path(tempfile.mkdtemp(dir=store))
        for n, (suffix, content) in enumerate(_made(kind, others)):
            (begun / f"{n:03}.{suffix}").write_bytes(content)
        begun.rename(folder)
    return sorted(folder.iterdir())


def _made(kind: str, others: str) -> Iterable[tuple[str, bytes]]:
    match kind:
        case "workbook":
            return [("xlsx", content) for content in workbooks(others)]
        case "roster" | "csv":
            return [("xlsx" if kind == "roster" else kind, roster(kind))]
        case "summary":
            return [("xlsx", summary_book())]
        case _:
            return [(kind, content) for content in documents(kind)]


# ---------------------------------------------------------------- workbooks of ours
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


# ---------------------------------------------------------------- reports
@cache
def documents(kind: str) -> tuple[bytes, ...]:
    """Reports in a kind of file: the customer's as we write it, and invented ones laid out as others do."""
    if kind == "json":
        from by_name import dump_filing

        from xlcheck.workbook.json import seed

        return (dump_filing(seed()).encode(),)
    with tempfile.TemporaryDirectory() as home:
        if kind in OFFICE:
            made = _converted(kind, Path(home))
        else:
            made = [path.read_bytes() for path in _written(kind, Path(home))]
        return tuple(one for n, one in enumerate(made) if _read(one, kind, n))


def _written(kind: str, home: Path) -> Iterator[Path]:
    """The customer's report by our writers, but for workbooks; then both editions in every layout."""
    import disguises
    from tables import filing

    from xlcheck.editions import edition_named

    if kind not in HOME_MADE:
        yield _ours(kind, home / f"ours.{kind}")
    for edition in disguises.EDITIONS:
        for n, layout in enumerate(_layouts(kind)):
            rng, path = Random(f"{edition} {n}"), home / f"{edition}_{n}.{kind}"
            filed = filing(edition_named(edition).form, rng)
            layout(disguises.blocks(filed, rng, ()), path, rng)
            yield path


def _layouts(kind: str) -> tuple[Callable[..., None], ...]:
    import disguises

    match kind:
        case "xlsx":
            return disguises.workbook, a_sheet_each, flat_sheet
        case "mhtml":
            return (disguises.archive,)
        case "html":
            return (disguises.page,)
        case "txt":
            return disguises.plain, disguises.plain
    return (disguises.docx,)


def _ours(kind: str, path: Path) -> Path:
    from by_name import judge, write_report

    from xlcheck.workbook.json import seed

    page = path if kind in ("docx", "html") else path.with_suffix(".html")
    write_report(seed(), judge(seed()), page, draft=True)
    if kind == "mhtml":
        path.write_bytes(BOUNDARY + KEPT + page.read_bytes() + b"\n--b--\n")
    elif kind == "txt":
        path.write_text(re.sub(r"<[^>]*>", "\n", page.read_text("utf-8")), encoding="utf-8")
    return path


def _converted(kind: str, home: Path) -> list[bytes]:
    """What LibreOffice saves of the same reports, all in one run."""
    if not shutil.which("soffice"):
        return []
    sources = [*_written(OFFICE[kind], home)]
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(home), *sources]
    subprocess.run([*map(str, command)], capture_output=True, check=False, timeout=300)
    return [path.read_bytes() for source in sources if (path := source.with_suffix(f".{kind}")).exists()]


def _read(content: bytes, kind: str, number: int) -> bool:
    """Whether it is read as a report; one refused as a whole proves nothing."""
    from xlcheck.importing import read_report

    with tempfile.TemporaryDirectory() as home:
        path = Path(home, f"a.{kind}")
        path.write_bytes(content)
        figures = sum(value is not None for value in read_report(path).filing.values.values())
    if figures < FIGURES:
        raise AssertionError(f"{kind} {number}: {figures} figures are read")
    return True


# ---------------------------------------------------------------- a clerk's own workbooks
def a_sheet_each(parts, path: Path, rng: Random) -> None:
    """A sheet for every table, under its heading and a line of its unit; the words on one of their own."""
    import disguises
    import openpyxl

    book = openpyxl.Workbook()
    words = book.active
    words.title, heading = "说明", ""
    for block in parts:
        if isinstance(block, disguises.Paragraph):
            words.append([block.text])
            heading = block.text
            continue
        sheet = book.create_sheet(f"表{len(book.sheetnames)}")
        sheet["A1"], sheet["A2"] = heading, "单位：件"
        laid(sheet, block, 3)
    book.save(path)


def flat_sheet(parts, path: Path, rng: Random) -> None:
    """One sheet from its first cell on, with borders, figures as text in every third row, nothing hidden."""
    import disguises
    import openpyxl

    book, row = openpyxl.Workbook(), 1
    for block in parts:
        if isinstance(block, disguises.Paragraph):
            book.active.cell(row, 1, block.text).alignment = openpyxl.styles.Alignment(wrap_text=True)
            row += 1
        else:
            row = laid(book.active, block, row, texts=True) + 1
    book.save(path)


def laid(sheet, table, row: int, *, texts: bool = False) -> int:
    """Lay a table's cells from a row on, merged as printed; the row below them."""
    thin = {"style": "thin"}
    from openpyxl.styles import Border, Side

    frame = Border(**dict.fromkeys(("left", "right", "top", "bottom"), Side(**thin)))
    taken: set[tuple[int, int]] = set()
    for n, cells in enumerate(table.rows):
        at = 1
        for cell in cells:
            while (row, at) in taken:
                at += 1
            number = cell.figure and cell.text.isdigit() and not (texts and n % 3 == 0)
            place = sheet.cell(row, at, int(cell.text) if number else cell.text)
            place.border = frame
            taken |= {(row + r, at + c) for r in range(cell.rows) for c in range(cell.cols)}
            if cell.rows * cell.cols > 1:
                sheet.merge_cells(None, row, at, row + cell.rows - 1, at + cell.cols - 1)
            at += cell.cols
        row += 1
    return row


if __name__ == "__main__":
    for kind in sys.argv[1:] or ("docx", "html", "mhtml", "txt", "pdf", *HOME_MADE):
        print(json.dumps({kind: [len(one) for one in documents(kind)]}))
