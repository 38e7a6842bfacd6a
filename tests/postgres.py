"""A private PostgreSQL for the tests: made in a folder of its own, on loopback, gone at the end."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def missing() -> str:
    """Why no server can be started here, or nothing."""
    if not BINARIES and shutil.which("initdb") is None:
        return "PostgreSQL is not installed (apt-get install postgresql)"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and there is no runuser (apt-get install util-linux)"
    return ""


@contextmanager
def running() -> Iterator[str]:
    """Start a server and yield the URL of an empty database in it."""
    with tempfile.TemporaryDirectory(prefix="xlcheck-postgres-") as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        if os.geteuid() == 0:
            shutil.chown(home, "postgres")
        _as_nobody_special("initdb", "-D", f"{home}/data", "-U", "xlcheck", "-A", "trust", "-E", "UTF8")
        free.close()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
        log = f"{home}/log"
        try:
            _as_nobody_special("pg_ctl", "-D", f"{home}/data", "-o", options, "-l", log, "-w", "start")
            yield f"postgresql://xlcheck@127.0.0.1:{port}/postgres"
        finally:
            _as_nobody_special("pg_ctl", "-D", f"{home}/data", "-m", "immediate", "stop")


def _as_nobody_special(program: str, *words: str) -> None:
    binary = BINARIES[-1] / program if BINARIES else Path(shutil.which(program) or program)
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*who, str(binary), *words], check=True, stdout=subprocess.DEVNULL, cwd="/")
