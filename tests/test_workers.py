"""Batches on any executor: in order, a few at a time, and a worker's death costs one file."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

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

    workers = Workers(lambda: ThreadPoolExecutor(1), 1)
    for n, _ in enumerate(workers.run(double, (b for b in batches() if b != [FATAL]), lost)):
        assert len(drawn) <= n + AHEAD + 2
    workers.stop()
