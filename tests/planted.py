"""Faults planted in the reading of a file, chosen by how the file ends, in whatever process does the work."""

import os
import signal
import stat
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import repeat
from typing import Any

from xlcheck.county import tasks
from xlcheck.county.workers import Workers

read_bytes = tasks.read_bytes


class PanicException(BaseException):
    """As a Rust library's panic comes to Python: no Exception."""


def deeper(n: int) -> int:
    return deeper(n + 1) + 1


def die() -> None:
    os._exit(3)


def hang() -> None:
    while True:
        pass


def hang_deaf() -> None:
    """As in a library's own loop, where Python hears no signal."""
    sum(repeat(0, 10**15))


def half() -> None:
    """Killed in the middle of an answer: half of it lies in every pipe that it might go out by."""
    for fd in map(int, os.listdir("/proc/self/fd")):
        with suppress(OSError):
            if stat.S_ISFIFO(os.fstat(fd).st_mode):
                os.write(fd, struct.pack("!i", 1000) + b"half")
    os.kill(os.getpid(), signal.SIGKILL)


def gorge() -> int:
    return len(bytearray(1 << 30))


def raising(wrong: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise wrong

    return act


FAULTS: dict[str, Callable[[], Any]] = {
    "KeyError": raising(KeyError("planted")),
    "MemoryError": raising(MemoryError()),
    "RecursionError": partial(deeper, 0),
    "StopIteration": raising(StopIteration()),
    "PanicException": raising(PanicException("planted")),
    "OutOfTime": hang,
    "MemoryError, of 1 GB": gorge,
}
ENDED = {"OutOfTime", "MemoryError, of 1 GB"}  # by limits that only a process made for the work has
LOST = {"dies": die, "half": half, "deaf": hang_deaf}  # what ends the process itself


def read(raw: bytes, name: str) -> Any:
    planted = FAULTS | LOST
    planted.get(next((n for n in planted if raw.endswith(n.encode())), ""), lambda: None)()
    return read_bytes(raw, name)


def doing(job: Callable[[Sequence[Any]], list[Any]], batch: Sequence[Any]) -> list[Any]:
    """Do a job with the faults planted."""
    tasks.read_bytes, tasks.PATIENCE = read, 4  # a sound one takes a second on a busy machine
    try:
        return job(batch)
    finally:
        tasks.read_bytes, tasks.PATIENCE = read_bytes, 10


class Planting:
    """Workers that do everything with the faults planted."""

    def __init__(self, workers: Workers) -> None:
        self.workers, self.ahead, self.stop = workers, workers.ahead, workers.stop

    def run(self, job: Any, batches: Iterable[Sequence[Any]], lost: Any) -> Iterator[list[Any]]:
        return self.workers.run(partial(doing, job), batches, lost)
