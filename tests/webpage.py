"""The offline page for the tests: built once for all of them, and asked as it asks its own Python."""

import base64
import json
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from xlcheck import cli

READY = "(typeof page === 'object' && page.ready) || 0"
IDLE = "entries.length && !entries.some((entry) => entry.busy || (!entry.verdict && !entry.problem))"
ASK = """
((request, files) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const text = (content) => content && btoa(Array.from(content, (one) => String.fromCharCode(one)).join(""));
  return ask(request, files.map(([name, content]) => [name, bytes(content)]), page.patience_write).then(
    (answer) => ({ ...answer, content: text(answer.content) }));
})(%s, %s)
"""
Run = Callable[[str], Any]  # gives the value of an expression in a browser
PATIENCE = 120  # seconds, on a machine that has much else to do


def missing() -> str:
    """Why the page cannot be built here, or nothing."""
    lacking = [name for name in ("node", "npm") if not shutil.which(name)]
    return f"{' and '.join(lacking)} not installed (apt-get install nodejs npm)" if lacking else ""


def built_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """The page in this folder, which several processes may want at once: one builds it, the others wait."""
    path = folder / "校验.html"
    try:
        (folder / "building").mkdir()
    except FileExistsError:
        until = time.monotonic() + 2 * PATIENCE
        while not path.exists() and time.monotonic() < until:
            time.sleep(0.5)
        assert path.exists()
        return path
    build(path)
    return path


def build_page(path: Path, *more: str) -> None:
    assert cli.main(["page", f"--out={path}", *more]) == 0


def wait(run: Run, expression: str, seconds: float = PATIENCE) -> Any:
    """What an expression comes to as soon as it is anything."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := run(expression):
            return found
        time.sleep(0.05)
    raise TimeoutError(expression)


def asked(run: Run, files: Iterable[Path], what: str = "check", *, draft: bool = False) -> Any:
    """What the page's Python answers to a request about these files."""
    sent = [(path.name, base64.b64encode(path.read_bytes()).decode("ascii")) for path in files]
    answer = run(ASK % (json.dumps({"what": what, "draft": draft}), json.dumps(sent)))
    content = answer.get("content")
    return answer | {"content": base64.b64decode(content) if content else None}
