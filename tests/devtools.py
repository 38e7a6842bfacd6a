"""Any Chromium by its own protocol, for versions that no driver here speaks to."""

import json
import re
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HEADLESS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-sync", "--remote-debugging-port=0", "--no-zygote",
)  # fmt: skip
PATIENCE = 120  # seconds


class Tab:
    """One tab: it opens a page, runs what it is told, and chooses files."""

    def __init__(self, socket: Any, process: int) -> None:
        self.socket, self.process, self.number = socket, process, 0
        self.send("Page.enable")

    def send(self, method: str, **put: Any) -> Any:
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": put}))
        while True:
            heard = json.loads(self.socket.recv())
            if heard.get("id") == self.number:
                assert "error" not in heard, heard
                return heard["result"]

    def open(self, path: Path) -> None:
        self.send("Page.navigate", url=path.as_uri())

    def run(self, expression: str) -> Any:
        """The value of an expression, or of its promise, as JSON carries it."""
        wrapped = f"Promise.resolve({expression}).then((value) => JSON.stringify([value]))"
        told = self.send("Runtime.evaluate", expression=wrapped, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return json.loads(told["result"]["value"])[0]

    def choose(self, selector: str, *files: Path) -> None:
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        found = self.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=found, files=list(map(str, files)))


@contextmanager
def running(program: Path, environment: Mapping[str, str] | None = None) -> Iterator[Tab]:
    """Start this Chromium with a profile of its own."""
    from websocket import create_connection

    with tempfile.TemporaryDirectory(prefix="xlcheck-devtools-", ignore_cleanup_errors=True) as profile:
        said = Path(profile, "said.txt")
        command = [str(program), *HEADLESS, f"--user-data-dir={profile}", "about:blank"]
        with said.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            address = listening(said, r"DevTools listening on ws://([^/]+)/")
            socket = create_connection(_tab(address), timeout=PATIENCE, suppress_origin=True)
            try:
                yield Tab(socket, process.pid)
            finally:
                socket.close()
        finally:
            process.terminate()
            process.wait(30)


def listening(said: Path, sentence: str) -> str:
    """Where a browser listens, once it says so in this sentence."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := re.search(sentence, said.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(said.read_text(errors="replace"))


def _tab(address: str) -> str:
    with urllib.request.urlopen(f"http://{address}/json") as answer:
        tabs = json.load(answer)
    return str(next(tab for tab in tabs if tab["type"] == "page")["webSocketDebuggerUrl"])
