"""A VBA project from module sources, as the bytes of vbaProject.bin; no Excel needed.

Source: [MS-OVBA]. There is no compiled code in it: 2.3.4.1 wants version 0xFFFF on write, and Excel
compiles the sources when it opens the file, as it does with the add-in xlwings itself ships.
"""

import re
import struct
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from xlcheck.office.addin.cfb import compound
from xlcheck.office.addin.compression import compress, scrambled

CODEPAGE = 1252
ENCODING = f"cp{CODEPAGE}"
BASES = {  # the class every module of the kind is made from
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
    "class": "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
}
LINES = {"module": "Module={}", "class": "Class={}", "document": "Document={}/&H00000000"}


class Module(NamedTuple):
    """One module of the project; its text has Windows line ends."""

    name: str
    kind: Literal["module", "class", "document"]
    text: str


def module(path: Path, text: str) -> Module:
    """The module in the text of a .bas or .cls file, as the VBA editor exports them."""
    text = re.sub(r"\r?\n", "\r\n", text)
    named = re.search(r'^Attribute VB_Name = "(\w+)"', text, re.M)
    if named is None:
        raise ValueError(f"{path.name} has no name")
    if path.suffix != ".cls":
        return Module(named[1], "module", text)
    text = re.sub(r"\AVERSION [\d.]+ CLASS\r\nBEGIN\r\n.*?\r\nEND\r\n", "", text, flags=re.S)
    text = text.replace(named[0], f'{named[0]}\r\nAttribute VB_Base = "{BASES["class"]}"', 1)
    exposed = re.search(r"Attribute VB_Exposed = \w+\r\n", text)
    added = "Attribute VB_TemplateDerived = False\r\nAttribute VB_Customizable = False\r\n"
    return Module(named[1], "class", text.replace(exposed[0], exposed[0] + added, 1) if exposed else text)


def empty_module(name: str, kind: Literal["workbook", "sheet"]) -> Module:
    """The empty module that stands behind the workbook and behind each sheet."""
    # fmt: off
    facts = {"Name": f'"{name}"', "Base": f'"{BASES[kind]}"', "GlobalNameSpace": False, "Creatable": False,
             "PredeclaredId": True, "Exposed": True, "TemplateDerived": False, "Customizable": True}
    # fmt: on
    return Module(
        name, "document", "".join(f"Attribute VB_{key} = {fact}\r\n" for key, fact in facts.items())
    )


def project(name: str, modules: Sequence[Module], libraries: Mapping[str, str]) -> bytes:
    """vbaProject.bin for these modules, which use these type libraries (short name: where it is)."""
    streams = {one.name: compress(one.text.encode(ENCODING)) for one in modules}
    about = {"_VBA_PROJECT": bytes.fromhex("cc61ffff000000"), "dir": compress(_dir(name, modules, libraries))}
    names = b"".join(one.name.encode(ENCODING) + b"\0" + _wide(one.name) + b"\0\0" for one in modules)
    return compound(
        {"VBA": {**about, **streams}, "PROJECT": _project(name, modules), "PROJECTwm": names + b"\0\0"}
    )


def _dir(name: str, modules: Sequence[Module], libraries: Mapping[str, str]) -> bytes:
    """The dir stream (2.3.4.2): what the project is, what it refers to, which modules it has."""
    about = [
        _record(0x01, _int(3)), _record(0x02, _int(0x409)), _record(0x14, _int(0x409)),  # 64 bits; English
        _record(0x03, struct.pack("<H", CODEPAGE)), _record(0x04, name.encode(ENCODING)),
        _both(0x05, 0x40, ""), _record(0x06), _record(0x3D), _record(0x07, _int(0)), _record(0x08, _int(0)),
        struct.pack("<HIIH", 0x09, 4, 1, 1), _both(0x0C, 0x3C, ""),
    ]  # fmt: skip
    references = [_both(0x16, 0x3E, short) + _record(0x0D, _library(at)) for short, at in libraries.items()]
    count = _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    return b"".join([*about, *references, count, *map(_module_record, modules), _record(0x10)])


def _module_record(one: Module) -> bytes:
    kind = 0x21 if one.kind == "module" else 0x22
    return b"".join([
        _both(0x19, 0x47, one.name), _both(0x1A, 0x32, one.name), _both(0x1C, 0x48, ""),
        _record(0x31, _int(0)), _record(0x1E, _int(0)), _record(0x2C, b"\xff\xff"),
        _record(kind), _record(0x2B),
    ])  # fmt: skip


def _project(name: str, modules: Sequence[Module]) -> bytes:
    """The PROJECT stream (2.3.1): the same in words, unprotected, every module's window closed."""
    own = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"vba:{name}")).upper() + "}"
    lines = [
        f'ID="{own}"', *(LINES[one.kind].format(one.name) for one in modules), f'Name="{name}"',
        'HelpContextID="0"', 'VersionCompatible32="393222000"', f'CMG="{scrambled(own, bytes(4), 0x0E)}"',
        f'DPB="{scrambled(own, bytes(1), 0x1C)}"', f'GC="{scrambled(own, bytes([255]), 0x2A)}"', "",
        "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000", "",
        "[Workspace]", *(f"{one.name}=0, 0, 0, 0, C" for one in modules), "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode(ENCODING)


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _both(number: int, wide: int, text: str) -> bytes:
    return _record(number, text.encode(ENCODING)) + _record(wide, _wide(text))


def _library(name: str) -> bytes:
    return _int(len(name)) + name.encode(ENCODING) + bytes(6)


def _wide(text: str) -> bytes:
    return text.encode("utf-16le")


def _int(number: int) -> bytes:
    return struct.pack("<I", number)
