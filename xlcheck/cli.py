"""The command line: one command is run, and what it could not do is said in a sentence."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

START = 100_000  # objects: a check makes some 45,000, nearly all of which stay


def run_command() -> int:
    """Run one command as a process of its own; most are short, and would spend a quarter on garbage."""
    gc.set_threshold(START)  # the collector's own 700 would have it go over a start's objects again and again
    try:
        return main()
    finally:
        gc.freeze()  # the process ends: what it holds need not be gone over once more


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 for no error, 1 for errors found, 2 for could not run."""
    # only once the collector knows: what is imported is most of what a start makes
    from xlcheck.accidents import is_data_fault, technical_reason, unwritable
    from xlcheck.commands.parser import asked_for
    from xlcheck.commands.status import COULD_NOT, to_stderr
    from xlcheck.data.cli import cli
    from xlcheck.editions import Refused

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        asked = asked_for(sys.argv[1:] if arguments is None else list(arguments))
        status: int = asked.run(asked)
        sys.stdout.flush()  # a full disk is told here, not by Python after the end
    except Refused as why:
        to_stderr(str(why).strip())
    except BrokenPipeError:
        _discard_output()
    except KeyboardInterrupt:
        to_stderr(cli().out.stopped)
    except OSError as wrong:
        to_stderr(unwritable(wrong))
        if wrong.filename is None:
            _discard_output()
    except SystemExit:
        raise
    except BaseException as wrong:  # the last net: a panic of a Rust library is no Exception
        said = str(wrong) if is_data_fault(wrong) else None
        to_stderr(said or cli().out.accident.format(reason=technical_reason(wrong)))
    else:
        return status
    return COULD_NOT


def _discard_output() -> None:
    """Where nothing can be written any more, Python's own flush at the end has nothing to complain of."""
    with suppress(OSError, ValueError):  # an output that is no file of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run_command())
