"""The address where units upload, as a process of its own, and clerks who come to it by plain HTTP."""

import csv
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import urlencode

PATIENCE = 120  # seconds until an answer comes, on a machine that has much else to do
SEAL = re.compile(r'name="seal" value="([0-9a-f]+)"')
RECEIPT = re.compile(r"/receipt/([0-9A-Z-]+)")
BOUNDARY = "----clerk"
READY = re.compile(r"网上报送已开：https?://[^:]+:(\d+)/")


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


class Clerk:
    """One browser: it keeps its cookie, fills in forms, and follows nothing by itself."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie, self.seal = port, cookie, ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = {key.replace("_", "-"): value for key, value in headers.items()}
            if self.cookie:
                sent["Cookie"] = f"xlcheck={self.cookie}"
            connection.request(method, path, body or None, sent)
            return self._kept(connection.getresponse())
        finally:
            connection.close()

    def _kept(self, response: HTTPResponse) -> Answer:
        answer = Answer(response.status, response.getheaders(), response.read())
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookie = value.partition("=")[2].partition(";")[0].strip('"')
        if found := SEAL.search(answer.body.decode("utf-8", "replace")):
            self.seal = found[1]
        return answer

    def get(self, path: str = "/") -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        body = urlencode({"seal": self.seal, **fields}).encode()
        return self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    def sign_in(self, code: str) -> Answer:
        self.get()
        answer = self.post("/sign-in", code=code)
        self.seal = "" if answer.status == 303 else self.seal  # of a page that was another's
        return answer

    def upload(self, name: str, content: bytes, **fields: str) -> Answer:
        """Send a file as a browser does; the receipt's code stands in the address that it is sent on to."""
        if not self.seal:
            self.get()
        return self.ask("POST", "/upload", form(name, content, {"seal": self.seal, **fields}), **MULTIPART)

    def receipt(self, name: str, content: bytes) -> str:
        answer = self.upload(name, content)
        found = RECEIPT.fullmatch(answer.header("location"))
        assert found, (answer.status, re.findall(r'role="alert">([^<]*)', answer.text))
        return found[1]


MULTIPART = {"Content_Type": f"multipart/form-data; boundary={BOUNDARY}"}


def form(name: str, content: bytes, fields: dict[str, str]) -> bytes:
    """A multipart form with one file; the name goes as browsers send it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    shown = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    return b"".join([*parts, (head + kind).encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode()])


class Address:
    """The process of ``xlcheck serve`` in a folder that has a roster: its port, its codes, what it said."""

    def __init__(self, folder: Path, ledger: str, *more: str) -> None:
        self.folder = folder
        command = ["serve", "--roster", "roster.csv", "--inbox", "收件箱", "--ledger", ledger, "-o", "码"]
        self.log = folder / "log.txt"
        before = len(READY.findall(self.said()))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "xlcheck.cli", *command, "--port", "0", "--county", "清水县", *more],
                cwd=folder, stdout=log, stderr=log,
            )  # fmt: skip
        self.port = self._port(before)

    def _port(self, before: int) -> int:
        end = monotonic() + PATIENCE
        while monotonic() < end:
            found = READY.findall(self.said())
            if len(found) > before:
                return int(found[-1])
            if self.process.poll() is not None:
                break
            sleep(0.05)
        raise RuntimeError(self.said())

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def codes(self) -> dict[str, str]:
        """The codes that were written to be handed out, by unit; the office's own under no name."""
        found = {}
        for path in sorted((self.folder / "码").iterdir()):
            text = path.read_text(encoding="utf-8-sig")
            if path.suffix == ".csv":
                found |= {row[0]: row[1] for row in list(csv.reader(text.splitlines()))[1:]}
            else:
                found[""] = re.search(r"0-[0-9A-Z-]+", text)[0]
        return found

    def clerk(self, unit: str = "") -> Clerk:
        """Somebody signed in as a unit, or as the office."""
        clerk = Clerk(self.port)
        assert clerk.sign_in(self.codes()[unit]).status == 303
        return clerk

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)


@contextmanager
def address(folder: Path, ledger: str = "ledger.db", *more: str) -> Iterator[Address]:
    """The address while it is needed; whatever happens its process is gone after it."""
    running = Address(folder, ledger, *more)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.kill()
