"""Hand batches of work to any executor, keep a few under way, and take the results back in order."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from typing import Generic, TypeVar

AHEAD = 3  # batches under way for each worker: none idles, and memory does not grow with the files
Given = TypeVar("Given")
Got = TypeVar("Got")


class Workers:
    """Executors of one kind: ``make`` gives one, and another should it break.

    ``broken`` is what a future raises when its worker died; ``close`` lets go of what has not begun.
    """

    def __init__(
        self,
        make: Callable[[], Executor],
        count: int,
        broken: type[Exception] = BrokenExecutor,
        close: Callable[[Executor], object] = lambda pool: pool.shutdown(wait=False, cancel_futures=True),
    ) -> None:
        self.make, self.ahead, self.broken, self.close = make, AHEAD * count, broken, close
        self.pool = make()

    def run(
        self,
        job: Callable[[Sequence[Given]], list[Got]],
        batches: Iterable[Sequence[Given]],
        lost: Callable[[Given], Got],
    ) -> Iterator[list[Got]]:
        """Do ``job`` on every batch; what brings a worker down is told by ``lost`` and the rest goes on."""
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
        except self.workers.broken:
            return [got for one in batch for got in self._alone(one)]

    def _alone(self, one: Given) -> list[Got]:
        """The worker that broke says nothing of which file did it: each is tried by itself."""
        pool = self.workers.make()
        try:
            return pool.submit(self.job, [one]).result()
        except self.workers.broken:
            return [self.lost(one)]
        finally:
            pool.shutdown(wait=False)


def processes(count: int = 0) -> Workers:
    """Processes of this machine, one a core unless told otherwise."""
    count = count or os.cpu_count() or 1
    return Workers(lambda: ProcessPoolExecutor(count, initializer=_quiet), count)


def cluster(address: str) -> Workers:
    """The workers of a Dask cluster; raises ImportError without it, OSError where nobody answers."""
    from distributed import Client
    from distributed.scheduler import KilledWorker

    client = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    cores: dict[str, int] = client.ncores()  # type: ignore[no-untyped-call]
    count = sum(cores.values()) or 1
    return Workers(client.get_executor, count, KilledWorker, lambda _: client.close())  # type: ignore[no-untyped-call]


def _quiet() -> None:
    """Ctrl-C is for the one who collects; a worker ends what it is doing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
