"""What comes in is bounded before it is read: how much, how slowly, how many at once."""

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from xlcheck.data.serve import serve

KILO, MEGA = 1 << 10, 1 << 20
HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}


class TooLarge(Exception):
    """A body is larger than any that is asked for."""


class TooSlow(Exception):
    """A body does not come."""


class TooMany(Exception):
    """More is under way than can be."""


class Awaited(H11Protocol):
    """A connection that is let go where no whole request comes, or nobody reads the answer.

    uvicorn by itself waits for ever for the end of a request's head: a few thousand such connections, and
    nobody else is heard.
    """

    patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_from(time.monotonic())

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._wait_from(time.monotonic())
        super().on_response_complete()

    def _wait_from(self, since: float) -> None:
        self._wait_no_more()
        self.patience = self.loop.call_later(serve().limits.head, self._look, since)

    def _wait_no_more(self) -> None:
        if self.patience:
            self.patience.cancel()

    def _look(self, since: float) -> None:
        """Let go of who asks for nothing; an answer may be long on its way over a slow line."""
        if self.cycle and not self.cycle.response_complete:
            return
        unread = self.transport.get_write_buffer_size()
        if unread and time.monotonic() - since < serve().limits.body:
            self._wait_from(since)
        else:
            self.transport.abort()


class Bounded:
    """The site within its limits; every answer says how a browser is to take it, unless it says so itself."""

    def __init__(self, app: ASGIApp, busy: ASGIApp, large: str) -> None:
        self.app, self.busy, self.large, self.active = app, busy, large, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        limits = serve().limits
        most = limits.upload * MEGA if scope["path"] == self.large else limits.form * KILO
        app = self.app if self.active < limits.at_once else self.busy
        self.active += 1
        try:
            body = Body(scope, receive, most)
            await app(scope, body.receive, _with_headers(send, body))
        finally:
            self.active -= 1


class Body:
    """A body as it comes in; one a bit too large is read on, so that a browser shows why it is not taken."""

    def __init__(self, scope: Scope, receive: Receive, most: int) -> None:
        headers = dict(scope["headers"])
        said = headers.get(b"content-length", b"0")
        self.length = int(said) if said.isdigit() else 0
        self.next, self.most, self.read = receive, most, 0
        self.over = not (self.length or b"transfer-encoding" in headers)
        self.end = time.monotonic() + serve().limits.body

    async def receive(self) -> Message:
        """The next part. Raises TooLarge, TooSlow."""
        if self.over:
            return await self.next()
        if self.length > self.most:
            await self._drain()
        message = await self._next()
        if self.read > self.most:
            await self._drain()
        return message

    async def _next(self) -> Message:
        limits = serve().limits
        wait = min(limits.idle, self.end - time.monotonic())
        try:
            message = await asyncio.wait_for(self.next(), max(0, wait))
        except TimeoutError as wrong:
            raise TooSlow from wrong
        self.read += len(message.get("body", b""))
        self.over = not message.get("more_body", False)
        return message

    async def _drain(self) -> None:
        """Throw away what is left; a browser that is cut off while it sends shows no page."""
        most = self.most * serve().limits.drain
        while not self.over and max(self.read, self.length) <= most:
            await self._next()
        raise TooLarge


def _with_headers(send: Send, body: Body) -> Send:
    """Send what is to be sent with the headers of every answer; who is still sending is cut off after it."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            more = [(name, value) for name, value in HEADERS.items() if name not in given]
            more += [] if body.over else [(b"connection", b"close")]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sending
