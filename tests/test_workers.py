"""Batches on any executor: in order, a few at a time, and a worker's death costs one file."""

import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xlcheck.county.workers import AHEAD, Workers, processes

FATAL = 13


def double(numbers: list[int]) -> list[int]:
    if FATAL in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return [2 * n for n in numbers]


def lost(number: int) -> int:
    return -number


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order(count):
    batches = [[n, n + 1] for n in range(0, 40, 2)]
    workers = processes(count)
    got = [n for some in workers.run(double, (b for b in batches if FATAL not in b), lost) for n in some]
    workers.stop()
    assert got == [2 * n for b in batches if FATAL not in b for n in b]


def test_what_kills_a_worker_is_told_and_the_rest_goes_on():
    workers = processes(2)
    got = [n for some in workers.run(double, [[n, n + 1] for n in range(0, 40, 2)], lost) for n in some]
    workers.stop()
    assert got == [-FATAL if n == FATAL else 2 * n for n in range(40)]


def test_batches_are_drawn_only_as_they_are_needed():
    drawn = []

    def batches():
        for n in range(100):
            drawn.append(n)
            yield [n]

    workers = Workers(ThreadPoolExecutor(1), 1)
    for n, _ in enumerate(workers.run(double, (b for b in batches() if b != [FATAL]), lost)):
        assert len(drawn) <= n + AHEAD + 2
    workers.stop()


def own_pid(_: list[int]) -> list[int]:
    time.sleep(0.2)
    return [os.getpid()]


def collector(pids) -> None:
    workers = processes(2)
    for some in workers.run(own_pid, [[n] for n in range(4)], lost):
        pids.put(some[0])
    time.sleep(600)


def test_workers_end_with_the_program_that_was_killed():
    pids = multiprocessing.Queue()
    program = multiprocessing.Process(target=collector, args=(pids,))
    program.start()
    workers = {pids.get(timeout=60) for _ in range(4)}
    program.kill()
    program.join()
    until = time.monotonic() + 60
    while (left := [pid for pid in workers if _runs(pid)]) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


def _runs(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and command.read_bytes() != b""
