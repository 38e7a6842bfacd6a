"""Hand batches of work to any executor, keep a few under way, and take the results back in order."""

import asyncio
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import parent_process
from typing import Any, Generic, TypeVar

from xlcheck.accidents import STOPPING as STOPPED
from xlcheck.child import Child, ChildDied, give_up_with_work, limit_memory

STOPPING = (*STOPPED, CancelledError, asyncio.CancelledError)  # the executor was shut, not broken
MEGABYTES = 160  # for a worker beside what it has mapped at its start; a filing takes 10
A_FILE = 30  # seconds for one of a batch: for a child that ends itself by none of its own limits
AHEAD = 3  # batches under way for each worker: none idles, and memory does not grow with the files
Given = TypeVar("Given")
Got = TypeVar("Got")


class Workers:
    """Executors of one kind: ``make`` gives one, and another should it break.

    ``close`` lets go of what has not begun.
    """

    def __init__(
        self,
        make: Callable[[], Executor],
        count: int,
        close: Callable[[Executor], object] = lambda pool: pool.shutdown(wait=False, cancel_futures=True),
    ) -> None:
        self.make, self.ahead, self.close = make, AHEAD * count, close
        self.pool = make()

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
        try:
            self.under_way.append((batch, self.workers.pool.submit(self.job, batch)))
        except BrokenExecutor:
            self.workers.pool = self.workers.make()
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
        pool = self.workers.make()
        try:
            return pool.submit(self.job, [one]).result()
        except STOPPING:
            raise
        except BaseException:
            return [self.lost(one)]
        finally:
            pool.shutdown(wait=False)


def processes(count: int = 0) -> Workers:
    """Processes of this machine, one a core unless told otherwise."""
    count = count or os.cpu_count() or 1
    return Workers(lambda: ProcessPoolExecutor(count, initializer=_begin), count)


def cluster(address: str) -> Workers:
    """The workers of a Dask cluster; raises ImportError without it, OSError where nobody answers."""
    from distributed import Client

    client = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    cores: dict[str, int] = client.ncores()  # type: ignore[no-untyped-call]
    count = sum(cores.values()) or 1

    def close(_: Executor) -> None:
        with suppress(OSError):
            client.run(dismiss_children)
        client.close()  # type: ignore[no-untyped-call]

    return Workers(lambda: _Apart(client.get_executor()), count, close)  # type: ignore[no-untyped-call]


class _Apart(Executor):
    """An executor whose workers live on: what they are given is done in a process of each thread's own."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool

    def submit(self, job: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        return self.pool.submit(done_apart, job, *given, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.pool.shutdown(wait=wait)  # Dask's own cancels what has not begun


_children: dict[int, Child] = {}  # of this process, by thread


def done_apart(job: Callable[[Sequence[Given]], list[Got]], batch: Sequence[Given]) -> list[Got]:
    """Do a batch in the child of this thread. Raises ChildDied."""
    mine = threading.get_ident()
    child = _children.pop(mine, None) or Child()
    answer = child.ask(job, batch, name="", seconds=A_FILE * len(batch))
    if answer.refusal:
        child.end()
        raise ChildDied(answer.reason)
    _children[mine] = child
    value: list[Got] = answer.value
    return value


def dismiss_children() -> None:
    """End the children of this process."""
    while _children:
        _children.popitem()[1].end()


def _begin() -> None:
    """Ctrl-C is for the one who collects; a worker ends what it is doing, but for a file that hangs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_up_with_work()
    limit_memory(MEGABYTES)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose program was killed would wait for work for ever: it holds both ends of that pipe."""
    if parent := parent_process():
        parent.join()
        os._exit(1)
