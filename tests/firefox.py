"""A real Firefox for the tests, without a driver: spoken to over WebDriver BiDi, its own debugging port."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devtools import PATIENCE, listening

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
PREFERENCES = {  # nothing is looked up elsewhere
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "toolkit.telemetry.enabled": False,
}
HEADLESS = ("--headless", "--no-remote", "--remote-debugging-port=0")


def missing() -> str:
    """Why the tests in Firefox cannot run here, or nothing."""
    return "" if PROGRAM else "Firefox is not installed (apt-get install firefox-esr)"


class Firefox:
    """One tab: it opens a page, runs what it is told, chooses files, and lists what it asked for."""

    def __init__(self, socket: Any, process: int) -> None:
        self.socket, self.process, self.number, self.requests = socket, process, 0, []
        self.send("session.new", capabilities={})
        self.tab = self.send("browsingContext.getTree")["contexts"][0]["context"]
        self.send("session.subscribe", events=["network.beforeRequestSent"])

    def send(self, method: str, **put: Any) -> Any:
        """Send a command and wait for its answer; what happens meanwhile is noted."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": put}))
        while True:
            heard = json.loads(self.socket.recv())
            if heard.get("method") == "network.beforeRequestSent":
                self.requests.append(heard["params"]["request"]["url"])
            if heard.get("id") == self.number:
                assert heard["type"] == "success", heard
                return heard["result"]

    def open(self, path: Path) -> None:
        self.requests.clear()
        self.send("browsingContext.navigate", context=self.tab, url=path.as_uri(), wait="complete")

    def run(self, expression: str) -> Any:
        """The value of an expression, or of its promise, as JSON carries it."""
        told = self.send(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))",
            target={"context": self.tab},
            awaitPromise=True,
        )
        assert told["type"] == "success", told
        return json.loads(told["result"]["value"])

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files as by the dialogue of a file input."""
        found = self.send(
            "script.evaluate",
            expression=f"document.querySelector({json.dumps(selector)})",
            target={"context": self.tab},
            awaitPromise=False,
        )
        element = {"sharedId": found["result"]["sharedId"]}
        self.send("input.setFiles", context=self.tab, element=element, files=list(map(str, files)))


@contextmanager
def running() -> Iterator[Firefox]:
    """Start a Firefox with a profile of its own."""
    from websocket import create_connection

    with tempfile.TemporaryDirectory(prefix="xlcheck-firefox-", ignore_cleanup_errors=True) as profile:
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()
        )
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        said = Path(profile, "said.txt")
        command = [str(PROGRAM), *HEADLESS, "--profile", profile]
        with said.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            address = listening(said, r"WebDriver BiDi listening on (ws://\S+)")
            socket = create_connection(f"{address}/session", timeout=PATIENCE, suppress_origin=True)
            try:
                yield Firefox(socket, process.pid)
            finally:
                socket.close()
        finally:
            process.terminate()
            process.wait(30)
