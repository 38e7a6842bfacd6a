"""LibreOffice as a converter: an old document into one that is read, within a time and in its own profile."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlcheck.data.conversion import ConversionSentences, conversion
from xlcheck.editions import Refused


def converter() -> Path | None:
    """The program, where it is installed: on the path, or where its installer puts it."""
    rules = conversion()
    named = (shutil.which(name) for name in rules.programs)
    usual = (path for pattern in rules.places for path in _installed(pattern))
    return next((Path(found) for found in (*named, *usual) if found), None)


@contextmanager
def converted(path: Path, kind: str, say: ConversionSentences) -> Iterator[Path]:
    """The file as LibreOffice saves it in another ``kind`` (docx, xlsx, pdf), for as long as it is read.

    Raises Refused, with ``say``, where LibreOffice is missing, does not convert the file, or takes too long.
    """
    if not (program := converter()):
        raise Refused(say.missing.format(file=path.name, kind=kind))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"{conversion().stem}{path.suffix}"
        shutil.copyfile(path, source)
        if not _run(program, source, kind):
            raise Refused(say.slow.format(file=path.name, seconds=conversion().seconds, kind=kind))
        target = source.with_suffix(f".{kind}")
        if not target.exists() or target == source:
            raise Refused(say.failed.format(file=path.name, kind=kind))
        yield target


def _installed(pattern: str) -> Iterator[str]:
    root, _, rest = os.path.expandvars(pattern).partition("*")
    base = Path(root).parent
    if not rest:
        yield from [root] if Path(root).is_file() else []
    elif base.is_dir():
        yield from (str(found) for found in sorted(base.glob(f"{Path(root).name}*{rest}")) if found.is_file())


def _run(program: Path, source: Path, kind: str) -> bool:
    """Whether the conversion came to an end in time; what it left running is ended."""
    profile = (source.parent / "profile").as_uri()
    command = [
        str(program), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", kind, "--outdir", str(source.parent), str(source),
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True,
        preexec_fn=None if sys.platform == "win32" else _lift_memory_limit,
    ) as child:  # fmt: skip
        try:
            child.wait(conversion().seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL) if hasattr(os, "killpg") else child.kill()
            return False
    return True


def _lift_memory_limit() -> None:
    """Lift what a process that reads foreign files is held to: LibreOffice does not start with so little."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
