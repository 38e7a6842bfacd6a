"""One file within a packet, as every kind of packet tells of it."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from xlcheck.data.county import FaultKey

UNENCODED = re.compile("[\ud800-\udfff]")
FileInfo = Mapping[str, Any]  # as fsspec tells of a file


class Withheld(Exception):
    """A packet that cannot be opened, and why."""

    def __init__(self, fault: FaultKey) -> None:
        super().__init__(fault)
        self.fault: FaultKey = fault


class Member(NamedTuple):
    """A file in a packet: its path there, its size, what is known of its time, why it is not read."""

    name: str
    size: int
    info: FileInfo | None = None
    fault: FaultKey | None = None


def written_name(name: str) -> str:
    """A name as it can be written down: one that is not UTF-8 was most likely GBK."""
    return (
        name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
        if UNENCODED.search(name)
        else name
    )
