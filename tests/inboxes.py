"""An inbox as a county has it: sound and faulty workbooks, and 3 % of files that nobody should trust."""

import random
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from by_name import build_template
from cases import base, edited
from tables import sound

from xlcheck.core.filing import Filing
from xlcheck.editions import edition_named
from xlcheck.saving import save

HOSTILE = ("nothing", "cut", "bomb", "entities", "macros", "encrypted", "other", "moved", "text", "empty")


class Planned(NamedTuple):
    """One unit: what it sends, and the field where a fault was planted (empty where none was)."""

    unit: str
    filing: Filing
    fault: str = ""


def planned(count: int, rng: random.Random, *, faulty: float = 0.3, name: str = "2021") -> Iterator[Planned]:
    """Units with random filings, some with one wrong figure in 表三."""
    form, plain = edition_named(name).form, base(name)
    cells = [f.name for f in form.fields.values() if f.table == "t3"]
    for number in range(1, count + 1):
        unit, values = f"第{number}镇人民政府", sound(form, rng)
        filing = plain._replace(unit=unit, values=values, texts=_told(plain, values, unit, number))
        if rng.random() >= faulty:
            yield Planned(unit, filing)
            continue
        at = rng.choice(cells)
        wrong = int(filing.values[at]) + rng.randint(1, 90)
        yield Planned(unit, edited(filing, {at: wrong}), at)


def _told(plain: Filing, values: dict[str, Decimal], unit: str, number: int) -> dict[str, str]:
    """A narrative of the usual length whose figures are those of the tables."""
    requests = "新收政府信息公开申请{new}件，上年结转{carry_in}件，办结{sum}件，结转下年度{carry_out}件。"
    rows = {row: values[f"t3.{row}.total"] for row in ("new", "carry_in", "sum", "carry_out")}
    more = "严格落实发布审核制度，坚持先审查、后公开，做到专人专岗、及时更新。"
    s1 = (
        f"本机关认真贯彻落实《中华人民共和国政府信息公开条例》，这是本单位第{number}号材料。{more * 4}\n"
        f"（一）主动公开。及时公开各类政府信息。{more * 3}\n（二）依申请公开。{requests.format(**rows)}\n"
        f"（三）政府信息管理。严格审核。{more * 3}\n（四）政府信息公开平台建设。更新专栏。{more * 3}\n"
        "（五）监督保障。开展考核和社会评议，未发生责任追究。"
    )
    preface = plain.texts["preface"].replace(str(plain.unit), unit)
    return dict(plain.texts) | {"preface": preface, "s1": s1, "sign": unit}


def hostile(kind: str, good: bytes) -> bytes:
    """A file that looks like a workbook and is none, or one that was tampered with."""
    match kind:
        case "nothing":
            return b"\x00" * 4000
        case "cut":
            return good[: len(good) // 2]
        case "bomb":
            return packed({"xl/workbook.xml": b" " * 60_000_000})
        case "entities":
            bad = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
            return changed(good, {"xl/workbook.xml": lambda _: bad})
        case "macros":
            return changed(good, {}, extra={"xl/vbaProject.bin": b"\xd0\xcf"})
        case "encrypted":
            return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 9
        case "other":
            return packed({"xl/workbook.xml": b"<workbook/>", "xl/_rels/workbook.xml.rels": b"<a/>"})
        case "moved":
            label = b"&#65288;&#19968;&#65289;"  # （一）
            assert label in zipfile.ZipFile(BytesIO(good)).read("xl/worksheets/sheet3.xml")
            return changed(good, {"xl/worksheets/sheet3.xml": lambda xml: xml.replace(label, b"moved")})
        case "text":
            return "这是一份说明".encode()
        case "empty":
            return b""
    raise ValueError(kind)


class Press:
    """Fills a template's XML directly: a thousand times faster than a spreadsheet library, for large inboxes.

    A test holds it to what ``files.fill`` writes.
    """

    def __init__(self, name: str, folder: Path) -> None:
        save(build_template(name), folder / f"empty-{name}.xlsx")
        with zipfile.ZipFile(folder / f"empty-{name}.xlsx") as book:
            self.parts = {part: book.read(part) for part in book.namelist()}
        self.form = edition_named(name).form
        sheets = re.findall(rb'<sheet [^>]*name="([^"]+)"', self.parts["xl/workbook.xml"])
        self.part = {s.decode(): f"xl/worksheets/sheet{n}.xml" for n, s in enumerate(sheets, 1)}

    def print(self, filing: Filing) -> bytes:
        cells: dict[str, dict[str, bytes]] = {}
        for name, field in self.form.fields.items():
            cells.setdefault(field.sheet, {})[field.cell] = _value(filing.values.get(name))
        for name in ("unit", "year", "kind", "contact", *self.form.texts):
            sheet, cell = self.form.where(name)
            cells.setdefault(sheet, {})[cell] = _value(filing.word(name))
        parts = dict(self.parts)
        for sheet, entries in cells.items():
            parts[self.part[sheet]] = CELL.sub(lambda m, e=entries: _filled(m, e), parts[self.part[sheet]])
        return packed(parts, level=1)


CELL = re.compile(rb'<c r="([A-Z]+\d+)"( s="\d+")?( t="n")?(?:\s*/>|><v\s*/></c>|></c>|><v></v></c>)')


def _filled(found: re.Match[bytes], entries: dict[str, bytes]) -> bytes:
    entry = entries.get(found[1].decode(), b"")
    return b'<c r="%s"%s%s</c>' % (found[1], found[2] or b"", entry) if entry else found[0]


def _value(entry: Decimal | str | None) -> bytes:
    if entry is None:
        return b""
    if isinstance(entry, Decimal):
        return f"><v>{entry}</v>".encode()
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(entry)}</t></is>'.encode()


def packed(parts: dict[str, bytes], level: int = 6) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as book:
        for name, body in parts.items():
            book.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED, level)  # no clock in it
    return out.getvalue()


def changed(good: bytes, parts: dict, extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook with some parts changed and others added."""
    with zipfile.ZipFile(BytesIO(good)) as book:
        bodies = {name: parts.get(name, lambda body: body)(book.read(name)) for name in book.namelist()}
    return packed(bodies | (extra or {}))


def roster(path: Path, units: list[str], kind: str = "镇") -> Path:
    path.write_text("单位名称,类别\n" + "".join(f"{u},{kind}\n" for u in units), encoding="utf-8-sig")
    return path
