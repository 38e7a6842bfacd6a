"""One file is one record: whatever goes wrong in the work on a file becomes a sentence that names it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ENOSPC
from pathlib import Path

from xlcheck.data.cli import cli
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, reason

HERE = str(Path(__file__).parent)
NETS = (__file__, f"{HERE}{os.sep}child.py")  # where it is caught is of no interest
LONGEST = 200  # letters of what an exception says
STOPPING = (KeyboardInterrupt, SystemExit, GeneratorExit, BrokenPipeError)


class OutOfTime(BaseException):
    """The time for a file is up. No Exception: a library that catches those would go on."""


@contextmanager
def one_file(name: str) -> Iterator[None]:
    """Let nothing out of the work on one file but Refused, which names it and says why.

    Whatever it is: a fault of ours, no memory left, a panic of a Rust library, which is no Exception. Only
    who stops the program stops it, and a fault in our own data is none of the file's.
    """
    try:
        yield
    except (Refused, *STOPPING):
        raise
    except BaseException as wrong:
        if is_data_fault(wrong):
            raise
        raise Refused(_sentence(name, wrong), technical_reason(wrong)) from wrong


def technical_reason(wrong: BaseException) -> str:
    """What went wrong and in which line of ours, for whoever mends the program."""
    trace, place, said = wrong.__traceback__, "", ""
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(HERE) and file not in NETS:
            place = f" ({file[len(HERE) + 1 :]}:{trace.tb_lineno})"
        trace = trace.tb_next
    with suppress(Exception):  # of a number of 5,000 digits, or without memory, there is no text
        said = " ".join(str(wrong).split())[:LONGEST]
    return f"{type(wrong).__name__}: {said}{place}"


def unwritable(wrong: OSError) -> str:
    """The sentence for what the system refuses to write."""
    out = cli().out
    return out.unwritable.format(path=wrong.filename or out.output, reason=reason(wrong))


def is_data_fault(wrong: BaseException) -> bool:
    """Whether a data file of ours is not of its shape; a normal start does not pay for what judges that."""
    judging = sys.modules.get("xlcheck.data.checking")
    return judging is not None and isinstance(wrong, judging.DataError)


def _sentence(name: str, wrong: BaseException) -> str:
    match wrong:
        case OSError() if wrong.filename or wrong.errno == ENOSPC:
            return unwritable(wrong)
        case MemoryError():
            return messages().out_of_memory.format(file=name)
        case OutOfTime():
            return messages().out_of_time.format(file=name)
    return messages().crashed.format(file=name)
