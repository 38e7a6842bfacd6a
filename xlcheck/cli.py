"""The command line: one command is run, and what it could not do is said in a sentence."""

import gc
import os
import sys
from collections.abc import Sequence

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
    from xlcheck import verbs  # only once the collector knows: what is imported is most of what a start makes
    from xlcheck.data.cli import cli
    from xlcheck.editions import Refused, reason
    from xlcheck.parser import asked_for

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        asked = asked_for(sys.argv[1:] if arguments is None else list(arguments))
        status: int = asked.run(asked)
        return status
    except Refused as why:
        verbs.to_stderr(str(why).strip())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        verbs.to_stderr(cli().out.stopped)
    except OSError as wrong:
        out = cli().out
        verbs.to_stderr(out.unwritable.format(path=wrong.filename or out.output, reason=reason(wrong)))
    except ValueError as wrong:
        from xlcheck.data.checking import DataError  # a normal start should not pay for pydantic

        if not isinstance(wrong, DataError):
            raise
        verbs.to_stderr(str(wrong))
    return verbs.COULD_NOT


if __name__ == "__main__":
    sys.exit(run_command())
