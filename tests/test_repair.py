"""A broken workbook gives its entries back where they belong, or says which it cannot; never a wrong one."""

import subprocess
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import office
import openpyxl
import pytest
from by_name import build_template, write_filing
from conftest import not_run
from damage import DAMAGES, T3
from openpyxl.comments import Comment
from tables import filing

from xlcheck import data
from xlcheck.editions import Refused, edition_named
from xlcheck.repair import repair_lines, rescue, write_repaired
from xlcheck.saving import save
from xlcheck.workbook import reading

EDITIONS = data.editions()


@cache
def sound(name):
    """A filled workbook of an edition, as bytes, and its filing; every figure is another."""
    form = edition_named(name).form
    made = filing(form, Random(7))
    figures = {n: Decimal(101 + 7 * k) for k, n in enumerate(form.fields)}
    book = build_template(name)
    write_filing(book, made._replace(values=figures))
    for row in [*book["xlcheck"].iter_rows(), *book["校验"].iter_rows()]:
        for cell in row:  # what these sheets work out is not asked of repair, and is slow to load
            if str(cell.value)[:1] == "=":
                cell.value = None
    out = BytesIO()
    book.save(out)
    return out.getvalue(), made._replace(values=figures)


def broken(name, damage, path):
    book = openpyxl.load_workbook(BytesIO(sound(name)[0]))
    damage(book)
    book.save(path)
    return path


def wrong(original, repaired):
    """Entries that are neither the original nor left out with a word."""
    left = {f.at for f in repaired.left}
    form = edition_named(original.edition).form
    now = repaired.filing
    pairs = [(n, original.values[n], now.values.get(n)) for n in form.fields]
    pairs += [
        (n, original.word(n), now.word(n)) for n in (*form.cover, *form.texts, *(o.id for o in form.options))
    ]
    return [(n, was, got) for n, was, got in pairs if got != was and not (got is None and n in left)]


WHOLE = (
    "insert", "renamed", "merge of", "names lost", "template", "validations", "removed", "hidden", "swapped",
)  # fmt: skip
RECOVERED = {kind for kind in DAMAGES if any(word in kind for word in WHOLE) and "deleted and" not in kind}


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_found_and_never_gives_a_wrong_value(kind, name, tmp_path):
    path = broken(name, DAMAGES[kind], tmp_path / "坏.xlsx")
    repaired = rescue(path)
    assert repaired.filing.edition == name
    assert not wrong(sound(name)[1], repaired)
    assert repaired.found or repaired.moved or repaired.left
    assert all(repair_lines(repaired, "坏.xlsx"))
    if kind in RECOVERED:
        assert not repaired.left


def test_a_sound_workbook_has_nothing_found(tmp_path):
    path = broken("2021", lambda book: None, tmp_path / "好.xlsx")
    repaired = rescue(path)
    assert (repaired.found, repaired.moved, repaired.left) == ((), {}, ())
    assert repaired.filing == reading.read(path)._replace(notes={})


def test_answers_and_the_clerks_notes_are_kept(tmp_path):
    def noted(book):
        book[T3].insert_rows(12)
        book[T3]["E6"].comment = Comment("问过办公室", "李")
        sheet = book["校验"]
        lines = [r for r in range(1, 200) if str(sheet.cell(r, 7).value)[:1] == "R"]
        row = next(r for r in lines if not sheet.cell(r, 6).protection.locked)
        sheet.cell(row, 6).value = "属实，已核"

    write_repaired(rescue(broken("2021", noted, tmp_path / "坏.xlsx")), tmp_path / "好.xlsx")
    book = openpyxl.load_workbook(tmp_path / "好.xlsx")
    assert book["三、申请办理"]["E6"].comment.text == "问过办公室"
    assert "属实，已核" in reading.read(tmp_path / "好.xlsx").answers.values()


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_a_workbook_saved_by_another_program(kind, tmp_path):
    if why := office.missing():
        not_run(why)
    for name in EDITIONS:
        (tmp_path / f"表{name}.xlsx").write_bytes(sound(name)[0])
    out, profile = tmp_path / "out", (tmp_path / "profile").as_uri()
    files = [str(tmp_path / f"表{name}.xlsx") for name in EDITIONS]
    command = [
        str(office.PROGRAM / "soffice"),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
    ]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=office.PATIENCE)
    for name in EDITIONS:
        repaired = rescue(Path(out / f"表{name}.{kind}"))
        assert not wrong(sound(name)[1], repaired)
        assert not repaired.left


def test_a_home_made_table_is_not_repaired_but_sent_to_import(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["行政许可", 1])
    save(book, tmp_path / "自制.xlsx")
    with pytest.raises(Refused, match="xlcheck import"):
        rescue(tmp_path / "自制.xlsx")
