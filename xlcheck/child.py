"""Work in a process of its own, which may die: foreign files go through libraries that crash, hang or gorge.

``subprocess`` rather than ``multiprocessing``, whose processes a worker of a cluster may not have.
"""

import ctypes
import faulthandler
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, TypeVar

from xlcheck.accidents import OutOfTime, one_file
from xlcheck.data.messages import messages
from xlcheck.editions import Refused

Done = TypeVar("Done")
MEGABYTES = 380  # beside the 20 of an interpreter: 400 in all
GARBAGE = 50_000  # objects: the collector's own 700 has it go over the program's 200,000 again and again
GRACE = 2  # seconds beyond a limit after which a process ends itself
# Limits are of processor time where the system counts it, for other programs may keep the processor from us;
# by the clock, so many times as long are waited for what does nothing at all.
PATIENT = 6 if hasattr(signal, "setitimer") else 1
LATE = "time"
ENDED_ITSELF = -getattr(signal, "SIGPROF", 0) or None  # the status of one that heard nothing and was busy
# What it runs is taken from where we are, never from the folder it is started in.
BEGIN = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); import xlcheck.child as c; c.obey()"
_made_for_work = False  # whether this process was made for such work, and may be ended with it


class ChildDied(Exception):
    """A process ended before it answered; the text says how."""


class Answer(NamedTuple):
    """What comes back: a value, or a sentence and its technical reason; whether memory was limited."""

    value: Any = None
    refusal: str = ""
    reason: str = ""
    bounded: bool = True


class Child:
    """A process that does one piece of work after another. Its memory is limited where the system can."""

    def __init__(self, megabytes: int = MEGABYTES) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", *(["-B"] if sys.dont_write_bytecode else ()), "-c", BEGIN],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
        self._send([*map(os.path.abspath, sys.path)])
        self._send(megabytes)

    def ask(self, work: Callable[..., Done], *given: object, name: str, seconds: float) -> Answer:
        """Let ``work``, a function of a module, be done within so many seconds. Raises ChildDied."""
        limit = threading.Timer(seconds * PATIENT, self.process.kill)
        limit.start()
        try:
            self._send((work, given, name, seconds))
            assert self.process.stdout
            answer: Answer = pickle.load(self.process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as wrong:
            late = not limit.is_alive()
            self.end()
            late = late or self.process.returncode == ENDED_ITSELF
            raise ChildDied(LATE if late else f"status {self.process.returncode}") from wrong
        finally:
            limit.cancel()
        return answer

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _send(self, thing: object) -> None:
        assert self.process.stdin
        with suppress(BrokenPipeError):  # whoever waits for the answer learns of it
            self.process.stdin.write(pickle.dumps(thing))
            self.process.stdin.flush()


def in_child(work: Callable[..., Done], *given: object, name: str, seconds: float) -> tuple[Done, bool]:
    """Do ``work`` on the file ``name`` in a process of its own; whether its memory was limited comes second.

    Raises Refused with the sentence that ``work`` had, or one that says what ended it. A browser has no
    processes; there the page itself has all the memory that there is, and ends what takes too long.
    """
    if sys.platform == "emscripten":
        with one_file(name):
            return work(*given), True
    child = Child()
    try:
        answer = child.ask(work, *given, name=name, seconds=seconds)
    except ChildDied as died:
        say = messages().out_of_time if str(died) == LATE else messages().died
        raise Refused(say.format(file=name), f"ChildDied: {died}") from died
    finally:
        child.end()
    if answer.refusal:
        raise Refused(answer.refusal, answer.reason)
    return answer.value, answer.bounded


def obey() -> None:
    """Do what comes in, until nothing more does; only the answers go out by the standard output.

    Ctrl-C is for whoever asks.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_up_with_work()
    gc.set_threshold(GARBAGE)
    bounded = limit_memory(pickle.load(sys.stdin.buffer))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library may print
    while True:
        try:
            work, given, name, seconds = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        out.write(_answer(work, given, name, seconds, bounded=bounded))
        out.flush()


def _answer(
    work: Callable[..., object], given: tuple[object, ...], name: str, seconds: float, *, bounded: bool
) -> bytes:
    try:
        # Ahead of the one who waits, so that an answer comes.
        with one_file(name), time_limit(seconds - GRACE, GRACE if PATIENT > 1 else 2 * GRACE):
            return pickle.dumps(Answer(work(*given), bounded=bounded))
    except Refused as why:
        return pickle.dumps(Answer(None, str(why), why.reason, bounded))


def give_up_with_work() -> None:
    """Say that this process was made for such work alone, and may be ended with it."""
    global _made_for_work
    _made_for_work = True


@contextmanager
def time_limit(seconds: float, grace: float = GRACE) -> Iterator[None]:
    """Raise OutOfTime where the work takes longer; what cannot be interrupted ends the process a bit later.

    Only in a process that was made for such work, whose main thread does it.
    """
    if not _made_for_work:
        yield
        return
    clock = _Alarms if hasattr(signal, "setitimer") else _Watch
    running = clock(seconds, seconds + grace)
    try:
        yield
    finally:
        _stop(running)


def _stop(running: "_Alarms | _Watch") -> None:
    """Stop a clock for good: one that rings while it is stopped would ring in what is no work on a file.

    Half of an answer might have been written by then, and whoever waits for it would wait for ever.
    """
    while True:
        with suppress(OutOfTime):
            running.stop()
            return


class _Alarms:
    """Timers of the system: those that Python hears, one that ends what hears nothing and is busy."""

    HEARD = (signal.SIGALRM, signal.SIGVTALRM) if hasattr(signal, "setitimer") else ()

    def __init__(self, seconds: float, at_last: float) -> None:
        def ring(number: int, frame: object) -> None:
            raise OutOfTime(f"{seconds:g} s")

        self.before = [(number, signal.signal(number, ring)) for number in self.HEARD]
        signal.setitimer(signal.ITIMER_PROF, at_last)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)  # again, should a library take no notice
        signal.setitimer(signal.ITIMER_REAL, seconds * PATIENT, 1)

    def stop(self) -> None:
        for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0)
        for number, handler in self.before:
            signal.signal(number, handler)


class _Watch:
    """On Windows, which has no such timers: a thread that needs no lock of Python's ends the process."""

    def __init__(self, seconds: float, at_last: float) -> None:
        self.nowhere = os.open(os.devnull, os.O_WRONLY)
        faulthandler.dump_traceback_later(at_last, exit=True, file=self.nowhere)

    def stop(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        os.close(self.nowhere)


def limit_memory(megabytes: int) -> bool:
    """Let this process have so much more memory; False where the system knows no such limit."""
    if sys.platform == "win32":
        return _limit_job(megabytes << 20)
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nothing is left behind in the clerk's folder
    if sys.platform == "darwin":  # takes the limit and does not keep it
        return False
    size = _address_space() + (megabytes << 20)
    # Only the soft limit: whatever program the work starts can lift it for itself.
    resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))
    return True


def _address_space() -> int:
    """The bytes this process has mapped already, where the system says: a fork has all its parent's."""
    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0


class _JobLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_set", ctypes.c_size_t),
        ("most_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("process_peak", ctypes.c_size_t),
        ("job_peak", ctypes.c_size_t),
    )


PROCESS_MEMORY, SILENT_BREAKAWAY = 0x100, 0x1000  # JOB_OBJECT_LIMIT_…; a program it starts is not held
EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
NO_BOX = 0x1 | 0x2  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX: a crash asks nobody anything


def _limit_job(size: int) -> bool:
    """Put this process into a job object of Windows that lets it have so many bytes."""
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    kernel.SetErrorMode(NO_BOX)
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = kernel.CreateJobObjectW(None, None)
    limits = _JobLimits(flags=PROCESS_MEMORY | SILENT_BREAKAWAY, process_memory=size)
    kernel.SetInformationJobObject.argtypes = (
        ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32,
    )  # fmt: skip
    kernel.AssignProcessToJobObject.argtypes = ctypes.c_void_p, ctypes.c_void_p
    return bool(
        kernel.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
    )
