"""What units pack their workbooks into, made byte by byte: .rar of both kinds, .7z, mails."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from email.message import EmailMessage
from io import BytesIO

import libarchive

RAR4, RAR5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
LINK, LOCKED = "link", "locked"


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in files.items():
            packed.writestr(zipfile.ZipInfo(name), raw, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def seven(files: Mapping[str, bytes]) -> bytes:
    out = bytearray()
    with libarchive.custom_writer(lambda part: (out.extend(part), len(part))[1], "7zip") as packed:
        for name, raw in files.items():
            packed.add_file_from_memory(name, len(raw), raw)
    return bytes(out)


def rar5(files: Mapping[str, bytes], links: Mapping[str, str] = {}) -> bytes:
    """A .rar of WinRAR 5, stored without packing; ``links`` lead where they say."""
    out = RAR5 + _block5(_number(1) + _number(0) + _number(0))
    for name, raw in {**files, **dict.fromkeys(links, b"")}.items():
        said = name.encode()
        extra = b""
        if name in links:
            to = links[name].encode()
            record = _number(5) + _number(1) + _number(0) + _number(len(to)) + to
            extra = _number(len(record)) + record
        head = (
            _number(2)
            + _number(2 | bool(extra))
            + (_number(len(extra)) if extra else b"")
            + _number(len(raw))
        )
        head += _number(4) + _number(len(raw)) + _number(0o100644)  # flags: a check sum
        head += struct.pack("<I", zlib.crc32(raw)) + _number(0) + _number(1) + _number(len(said)) + said
        out += _block5(head + extra) + raw
    return out + _block5(_number(5) + _number(0) + _number(0))


def _number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def _block5(head: bytes) -> bytes:
    sized = _number(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def rar4(files: Mapping[bytes, bytes], locked: tuple[bytes, ...] = ()) -> bytes:
    """A .rar of before 2013, stored without packing; its names are in the letters of the sender's system."""
    out = RAR4 + _block4(0x73, 0, b"\0" * 6)
    for name, raw in files.items():
        flags = 0x8000 | (4 if name in locked else 0)
        head = struct.pack(
            "<IIBIIBBHI", len(raw), len(raw), 2, zlib.crc32(raw), 0x5C2A4D21, 29, 0x30, len(name), 0x20
        )
        out += _block4(0x74, flags, head + name) + raw
    return out + _block4(0x7B, 0x4000, b"")


def _block4(kind: int, flags: int, rest: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def mail(
    files: Mapping[str, bytes], sent: str = "Mon, 12 Jan 2026 09:30:00 +0800", said: str = "附件请查收"
) -> bytes:
    """A mail with files attached; a picture in its text comes with every one."""
    made = EmailMessage()
    made["From"], made["Subject"], made["Date"] = "a@example.gov.cn", "年报", sent
    made.set_content(said)
    made.add_attachment(
        b"\x89PNG", "image", "png", disposition="inline", cid="<logo@x>", filename="image001.png"
    )
    for name, raw in files.items():
        made.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()
