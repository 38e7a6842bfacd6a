"""What tests share: a loud word for what did not run, an open office, and where real reports lie."""

from pathlib import Path

import office
import pytest

SHARED = Path(__file__).parents[2] / "shared"
NOT_RUN: dict[str, int] = {}


def shared(part: str) -> Path:
    """Material kept outside the project; a test that wants it says so loudly when it is absent."""
    path = SHARED / part
    if not path.exists():
        not_run(f"../shared/{part} is absent")
    return path


def not_run(why: str) -> None:
    NOT_RUN[why] = NOT_RUN.get(why, 0) + 1
    pytest.skip(why)


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
