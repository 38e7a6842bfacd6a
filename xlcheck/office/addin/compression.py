"""The two codings of [MS-OVBA]: the compression of module sources, and the scrambling of a project's keys."""

import struct

CHUNK = 4096


def compress(text: bytes) -> bytes:
    """The compressed container of a stream ([MS-OVBA] 2.4.1)."""
    chunks = (text[at : at + CHUNK] for at in range(0, len(text), CHUNK))
    return b"\x01" + b"".join(_chunk(chunk) for chunk in chunks)


def _chunk(chunk: bytes) -> bytes:
    body, at = bytearray(), 0
    while at < len(chunk):
        flags, group = 0, bytearray()
        for bit in range(8):
            if at >= len(chunk):
                break
            token, step = _token(chunk, at)
            flags |= (len(token) == 2) << bit
            group += token
            at += step
        body += bytes([flags]) + group
    if len(body) > CHUNK:
        return _raw(chunk)
    return struct.pack("<H", 0xB000 | (len(body) - 1)) + body


def _raw(chunk: bytes) -> bytes:
    if len(chunk) < CHUNK:  # a raw chunk must be full; program text never comes to this
        raise ValueError("the text does not compress")
    return struct.pack("<H", 0x3000 | (CHUNK - 1)) + chunk


def _token(chunk: bytes, at: int) -> tuple[bytes, int]:
    """The next byte as it is, or two bytes that repeat an earlier stretch; and how far it brings us."""
    bits = max(4, (at - 1).bit_length()) if at else 4  # 2.4.1.3.19.1: the offset takes more room as we go
    length, back = _longest(chunk, at, (0xFFFF >> bits) + 3)
    if length < 3:
        return chunk[at : at + 1], 1
    return struct.pack("<H", ((back - 1) << (16 - bits)) | (length - 3)), length


def _longest(chunk: bytes, at: int, most: int) -> tuple[int, int]:
    """The longest stretch before here that reads on as we do: its length and how far back, nearest first."""
    length, back, most, want = 0, 0, min(most, len(chunk) - at), 3
    while want <= most:
        found = chunk.rfind(chunk[at : at + want], 0, at + want - 1)
        if found < 0:
            break
        length, back = want, at - found
        while length < most and chunk[at - back + length] == chunk[at + length]:
            length += 1
        want = length + 1
    return length, back


def scrambled(project: str, content: bytes, seed: int) -> str:
    """A key of the project as its PROJECT stream wants it ([MS-OVBA] 2.4.3); the seed is fixed: no chance."""
    key = sum(project.encode("ascii")) & 0xFF
    version, own = seed ^ 2, seed ^ key
    out, plain, last, before = bytearray([seed, version, own]), key, own, version
    for byte in b"\0" * ((seed & 6) // 2) + struct.pack("<I", len(content)) + content:
        coded = byte ^ ((before + plain) & 0xFF)
        out.append(coded)
        before, last, plain = last, coded, byte
    return out.hex().upper()
