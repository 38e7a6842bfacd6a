"""Hand batches of work to any executor, keep a few under way, and take the results back in order.

The work is done in processes that each have pipes of their own. Where several share a pipe, as those of
``ProcessPoolExecutor`` do, one that is killed in the middle of an answer keeps the others from answering, and
is waited for for ever.
"""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Generic, TypeVar

from xlcheck.accidents import STOPPING as STOPPED
from xlcheck.child import Child, ChildDied

STOPPING = (*STOPPED, CancelledError, asyncio.CancelledError)  # the executor was shut, not broken
A_FILE = 30  # seconds for one of a batch: for a child that ends itself by none of its own limits
AHEAD = 3  # batches under way for each worker: none idles, and memory does not grow with the files
Given = TypeVar("Given")
Got = TypeVar("Got")


class Workers:
    """An executor, and how many it does at once. ``close`` lets go of what has not begun."""

    def __init__(
        self,
        pool: Executor,
        count: int,
        close: Callable[[Executor], object] = lambda pool: pool.shutdown(wait=False, cancel_futures=True),
    ) -> None:
        self.pool, self.ahead, self.close = pool, AHEAD * count, close

    def run(
        self,
        job: Callable[[Sequence[Given]], list[Got]],
        batches: Iterable[Sequence[Given]],
        lost: Callable[[Given], Got],
    ) -> Iterator[list[Got]]:
        """Do ``job`` on every batch; what it fails for, or a worker dies of, is told by ``lost``.

        The rest goes on.
        """
        flow = _Flow(self, job, lost)
        for batch in batches:
            flow.give(batch)
            if len(flow.under_way) >= self.ahead:
                yield flow.take()
        while flow.under_way:
            yield flow.take()

    def stop(self) -> None:
        """Let go of what has not begun."""
        self.close(self.pool)


class _Flow(Generic[Given, Got]):
    """One job's batches under way, oldest first."""

    def __init__(
        self, workers: Workers, job: Callable[[Sequence[Given]], list[Got]], lost: Callable[[Given], Got]
    ) -> None:
        self.workers, self.job, self.lost = workers, job, lost
        self.under_way: deque[tuple[Sequence[Given], Future[list[Got]]]] = deque()

    def give(self, batch: Sequence[Given]) -> None:
        self.under_way.append((batch, self.workers.pool.submit(self.job, batch)))

    def take(self) -> list[Got]:
        batch, future = self.under_way.popleft()
        try:
            return future.result()
        except STOPPING:
            raise
        except BaseException:  # the worker's death, or what a batch could not be done for
            return [got for one in batch for got in self._alone(one)]

    def _alone(self, one: Given) -> list[Got]:
        """What broke says nothing of which file did it: each is tried by itself."""
        try:
            return self.workers.pool.submit(self.job, [one]).result()
        except STOPPING:
            raise
        except BaseException:
            return [self.lost(one)]


def processes(count: int = 0, first: Callable[..., object] | None = None) -> Workers:
    """Processes of this machine, one a core unless told otherwise.

    They start with their work, or at once where ``first``, what they will do, is given: it takes each some
    time to import what that needs, in which others have something to do.
    """
    count = count or os.cpu_count() or 1
    threads = ThreadPoolExecutor(count)

    def close(_: Executor) -> None:
        threads.shutdown(wait=False, cancel_futures=True)
        dismiss_children()

    pool = _Apart(threads)
    if first:
        for _ in range(count):
            pool.submit(first, [])
    return Workers(pool, count, close)


def cluster(address: str) -> Workers:
    """The workers of a Dask cluster; raises ImportError without it, OSError where nobody answers."""
    from distributed import Client

    client = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    cores: dict[str, int] = client.ncores()  # type: ignore[no-untyped-call]

    def close(_: Executor) -> None:
        with suppress(OSError):
            client.run(dismiss_children)
        client.close()  # type: ignore[no-untyped-call]

    pool: Executor = client.get_executor()  # type: ignore[no-untyped-call]
    return Workers(_Apart(pool), sum(cores.values()) or 1, close)


class _Apart(Executor):
    """An executor of threads or of processes that live on: each has a child that does what it is given."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool

    def submit(self, job: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        return self.pool.submit(done_apart, job, *given, **named)


_children: dict[int, Child] = {}  # of this process, by thread


def done_apart(job: Callable[[Sequence[Given]], list[Got]], batch: Sequence[Given]) -> list[Got]:
    """Do a batch in the child of this thread. Raises ChildDied."""
    mine = threading.get_ident()
    if mine not in _children:
        _children[mine] = Child()
    child = _children[mine]
    try:
        answer = child.ask(job, batch, name="", seconds=A_FILE * len(batch))
    except ChildDied:
        _children.pop(mine, None)
        raise
    if answer.refusal:
        _children.pop(mine, child).end()
        raise ChildDied(answer.reason)
    value: list[Got] = answer.value
    return value


def dismiss_child() -> None:
    """End the child of this thread, if it has one."""
    if child := _children.pop(threading.get_ident(), None):
        child.end()


def dismiss_children() -> None:
    """End the children of this process, whatever they are doing."""
    while _children:
        process = _children.popitem()[1].process
        process.kill()
        process.wait()
