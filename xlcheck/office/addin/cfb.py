"""A compound file, the container VBA is kept in, written so that the same streams give the same bytes.

Source: [MS-CFB], version 3: sectors of 512 bytes, streams under 4096 bytes in small sectors of 64.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

Tree: TypeAlias = Mapping[str, "bytes | Tree"]

SECTOR, SMALL, CUTOFF = 512, 64, 4096
FREE = NOBODY = 0xFFFFFFFF
END, TABLE = 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
BLACK = 1  # with every entry black the red-black tree is a plain binary one, which 2.6.4 allows
IN_HEADER = 109  # sectors of the table that the header can name: 7 MB, far more than VBA needs


class Sectors:
    """Streams cut into sectors of one size, each sector naming the next in a table."""

    def __init__(self, size: int) -> None:
        self.size, self.content, self.table = size, bytearray(), list[int]()

    def put(self, stream: bytes) -> int:
        """Append a stream and return its first sector."""
        first, count = len(self.table), -(-len(stream) // self.size)
        self.content += stream.ljust(count * self.size, b"\0")
        self.table += [*range(first + 1, first + count), END] if count else []
        return first if count else END


class DirectoryEntry(NamedTuple):
    """One line of the directory: a storage or a stream, and its neighbours in the tree of names."""

    name: str
    kind: int
    start: int
    size: int
    left: int = NOBODY
    right: int = NOBODY
    child: int = NOBODY

    def packed(self) -> bytes:
        name = self.name.encode("utf-16le")
        fields = (len(name) + 2 if name else 0, self.kind, BLACK, self.left, self.right, self.child)
        return name.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", *fields, self.start, self.size)


def compound(tree: Tree) -> bytes:
    """The file with these storages and streams; no clock in it."""
    big, small, entries = Sectors(SECTOR), Sectors(SMALL), [DirectoryEntry("Root Entry", ROOT, 0, 0)]
    child = _directory(tree, entries, big, small)
    entries[0] = DirectoryEntry(
        "Root Entry", ROOT, big.put(bytes(small.content)), len(small.content), child=child
    )
    small_table = _packed(small.table)
    small_at = big.put(small_table)
    directory = b"".join(entry.packed() for entry in entries)
    spare = DirectoryEntry("", 0, 0, 0).packed() * (-len(entries) % (SECTOR // 128))
    directory_at = big.put(directory + spare)
    tables = _tables(len(big.table))
    at = len(big.table)
    big.table += [TABLE] * tables
    header = _header(range(at, at + tables), directory_at, small_at, len(small_table) // SECTOR)
    return header + bytes(big.content) + _packed(big.table)


def _directory(tree: Tree, entries: list[DirectoryEntry], big: Sectors, small: Sectors) -> int:
    """Append what the tree holds and return the entry at the top of its names."""
    order = sorted(tree, key=lambda name: (len(name), name.upper()))  # 2.6.4: the shorter name first
    places = []
    for name in order:
        places.append(len(entries))
        content = tree[name]
        if isinstance(content, bytes):
            start = (small if 0 < len(content) < CUTOFF else big).put(content)
            entries.append(DirectoryEntry(name, STREAM, start, len(content)))
        else:
            entries.append(DirectoryEntry(name, STORAGE, 0, 0))
            child = _directory(content, entries, big, small)
            entries[places[-1]] = DirectoryEntry(name, STORAGE, 0, 0, child=child)
    return _middle(places, entries)


def _middle(places: Sequence[int], entries: list[DirectoryEntry]) -> int:
    """Hang the names below the middle one, half to its left and half to its right."""
    if not places:
        return NOBODY
    half = len(places) // 2
    at = places[half]
    left, right = _middle(places[:half], entries), _middle(places[half + 1 :], entries)
    entries[at] = entries[at]._replace(left=left, right=right)
    return at


def _tables(sectors: int) -> int:
    """How many sectors the table takes, itself included in what it lists."""
    count = 0
    while count * SECTOR // 4 < sectors + count:
        count += 1
    return count


def _packed(table: Sequence[int]) -> bytes:
    spare = -len(table) % (SECTOR // 4)
    return struct.pack(f"<{len(table) + spare}I", *table, *[FREE] * spare)


def _header(tables: range, directory: int, small: int, small_tables: int) -> bytes:
    if len(tables) > IN_HEADER:
        raise ValueError(f"{len(tables)} sectors of table do not fit the header")
    start = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6,
        0, len(tables), directory, 0, CUTOFF, small, small_tables, END, 0,
    )  # fmt: skip
    return start + struct.pack(f"<{IN_HEADER}I", *tables, *[FREE] * (IN_HEADER - len(tables)))
