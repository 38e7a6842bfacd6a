"""What tests share: a loud word for what did not run, an open office, and where real reports lie."""

import os
import threading
from pathlib import Path

import office
import pytest

SHARED = Path(__file__).parents[2] / "shared"
LONGEST = 600  # seconds any one test may take, on a machine that has much else to do


def shared(part: str) -> Path:
    """Material kept outside the project; a test that wants it says so loudly when it is absent."""
    path = SHARED / part
    if not path.exists():
        not_run(f"../shared/{part} is absent")
    return path


def not_run(why: str) -> None:
    """On a machine that installs all it needs, what did not run has failed."""
    if os.environ.get("CI"):
        pytest.fail(f"NOT RUN, because {why}", pytrace=False)
    pytest.skip(why)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol():
    """End an office that never answers, so that the test that waits for it fails instead of hanging."""
    watch = threading.Timer(LONGEST, office.end_all)
    watch.daemon = True
    watch.start()
    try:
        return (yield)
    finally:
        watch.cancel()


def pytest_terminal_summary(terminalreporter):
    """A skipped test is a loud line, never a silent pass."""
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = {str(r.longrepr[2]).removeprefix("Skipped: ") for r in skipped if isinstance(r.longrepr, tuple)}
    for why in sorted(reasons):
        count = sum(why in str(r.longrepr) for r in skipped)
        terminalreporter.write_line(f"NOT RUN: {count} tests, because {why}", red=True, bold=True)


@pytest.fixture(scope="session")
def desktop():
    """LibreOffice, started once for all tests that need it."""
    why = office.missing()
    if why:
        not_run(why)
    with office.running() as running:
        yield running
