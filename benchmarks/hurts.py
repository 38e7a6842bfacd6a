"""What is done to a sound file: to its bytes, its zip, a part, a cell, an element, a line, an entry."""

import io
import json
import random
import re
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

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


BODIES = ("word/document.xml", "content.xml")  # of a text, of an OpenDocument


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


def hurt_figure(xml: bytes, rng: random.Random) -> bytes:
    """A figure of a text or an OpenDocument table, as it is stored or as it is shown."""
    figures = list(re.finditer(rb'(?<=>)\d+(?=<)|(?<=value=")\d+(?=")', xml))
    if not figures:
        return hurt_element(xml, rng)
    one, odd = rng.choice(figures), escaped(rng.choice(ODD_VALUES))
    return xml[: one.start()] + odd + xml[one.end() :]


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
        bodies = [n for n in parts if n in BODIES]
        if bodies and not sheets:
            how = rng.choice((hurt_figure, hurt_element))
        name = rng.choice(tables if tables and rng.random() < 0.6 else sheets or bodies or list(parts))
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
