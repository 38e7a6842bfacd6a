"""The address itself: which request is answered by what, and who may ask for it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from xlcheck.accidents import technical_reason
from xlcheck.county.audience import for_unit
from xlcheck.county.letters.letter import letters_docx
from xlcheck.county.serve import views
from xlcheck.county.serve.access import OFFICE, fits, read_code
from xlcheck.county.serve.desk import Desk
from xlcheck.county.serve.html import Visitor, refusal_page, sign_in_page, site_style
from xlcheck.county.serve.limits import Bounded, TooLarge, TooMany, TooSlow
from xlcheck.county.serve.receipts import Receipt
from xlcheck.county.serve.sessions import Guesses, Sessions
from xlcheck.county.serve.uploads import Intake, Upload
from xlcheck.data.serve import serve
from xlcheck.editions import Refused

COOKIE, UPLOAD = "xlcheck", "/upload"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOCKSMITHS = 2  # who compare codes: each takes a few megabytes
FIELD_MOST = 4096  # bytes of a field of a form
Tell = Callable[[str], None]


class Visit(NamedTuple):
    """One request's cookie, and as whom it is signed in."""

    cookie: str
    number: int | None
    is_new: bool


class Behind(NamedTuple):
    """What the site works with: the units' desk and the office's, and 校验.html.

    ``hands`` are how many uploads are worked on at once; the others wait for theirs.
    """

    desk: Desk
    office: Desk
    intake: Intake
    offline: bytes
    hands: int
    tell: Tell


def site(behind: Behind) -> ASGIApp:
    """The site as an ASGI application, within its limits."""
    own = Site(behind)
    routes = [
        Route("/", own.home),
        Route("/sign-in", own.sign_in, methods=["POST"]),
        Route("/sign-out", own.sign_out, methods=["POST"]),
        Route(UPLOAD, own.upload, methods=["POST"]),
        Route("/receipt/{code}", own.receipt),
        Route("/letter", own.letter),
        Route("/marked", own.marked),
        Route("/office", own.office),
        Route("/office/dashboard", own.dashboard),
        Route("/page", own.offline),
        Route("/style.css", own.style),
    ]
    failures: dict[Any, Any] = dict.fromkeys(FAILURES, own.failed) | {HTTPException: own.missing}
    return Bounded(Starlette(routes=routes, exception_handlers=failures), own.busy, UPLOAD)


FAILURES: tuple[type[Exception], ...] = (
    TooLarge, TooSlow, TooMany, SQLAlchemyError, Refused, ClientDisconnect, Exception,
)  # fmt: skip


class Site:
    """Who is signed in, what is under way, and an answer for every request."""

    def __init__(self, behind: Behind) -> None:
        self.behind, self.sessions, self.guesses = behind, Sessions(), Guesses()
        self.clerks = ThreadPoolExecutor(behind.hands)
        self.locksmiths = ThreadPoolExecutor(LOCKSMITHS)
        self.under_way: Counter[int] = Counter()

    # ------------------------------------------------------------ pages
    async def home(self, request: Request) -> Response:
        visit = self._visit(request)
        if visit.number is None:
            return self._sign_in(request, visit)
        if visit.number == OFFICE:
            return RedirectResponse("/office", 303)
        desk, seal = self.behind.desk, self.sessions.seal(visit.cookie)
        page = await run_in_threadpool(views.home_view, desk, visit.number, seal, date.today())
        return self._answer(request, visit, page)

    async def receipt(self, request: Request) -> Response:
        visit = self._visit(request)
        if visit.number is None:
            return self._sign_in(request, visit, serve().sign_in.expired, 403)
        code, seal = request.path_params["code"], self.sessions.seal(visit.cookie)
        page = await run_in_threadpool(views.receipt_view, self.behind.desk, visit.number, code, seal)
        if page is None:
            raise HTTPException(404)
        return self._answer(request, visit, page)

    async def letter(self, request: Request) -> Response:
        """A unit's own letter as a document."""
        visit = self._visit(request)
        there = None
        if visit.number not in (None, OFFICE):
            there = await run_in_threadpool(views.letter_of, self.behind.desk, visit.number, date.today())
        if there is None:
            raise HTTPException(404)
        return Response(letters_docx([there]), headers=_as_file(serve().unit.letter_name), media_type=DOCX)

    async def marked(self, request: Request) -> Response:
        """A unit's newest return with what is to be mended marked in it."""
        visit, content, loop = self._visit(request), None, asyncio.get_running_loop()
        if visit.number not in (None, OFFICE):
            work = partial(views.marked_view, self.behind.desk, visit.number, date.today())
            content = await loop.run_in_executor(self.clerks, work)
        if content is None:
            raise HTTPException(404)
        name = serve().unit.marked_name.format(unit=self.behind.desk.names[visit.number or OFFICE])
        return Response(content, headers=_as_file(name), media_type=XLSX)

    async def office(self, request: Request) -> Response:
        visit = self._visit(request)
        if visit.number != OFFICE:
            return self._not_office(request, visit)
        seal = self.sessions.seal(visit.cookie)
        page = await run_in_threadpool(views.office_view, self.behind.office, seal)
        return self._answer(request, visit, page)

    async def dashboard(self, request: Request) -> Response:
        """The page that ``collect`` writes, of this moment; it has a policy of its own in its head."""
        visit = self._visit(request)
        if visit.number != OFFICE:
            return self._not_office(request, visit)
        page = await run_in_threadpool(views.dashboard_view, self.behind.office, date.today())
        return HTMLResponse(page, headers={"Content-Security-Policy": "frame-ancestors 'none'"})

    async def offline(self, request: Request) -> Response:
        """The page 校验.html as it was handed over; it has a policy of its own in its head."""
        if not self.behind.offline:
            raise HTTPException(404)
        policy = {"Content-Security-Policy": "frame-ancestors 'none'", "Cache-Control": "max-age=3600"}
        return HTMLResponse(self.behind.offline, headers=policy)

    async def style(self, request: Request) -> Response:
        return Response(site_style(), media_type="text/css", headers={"Cache-Control": "max-age=86400"})

    # ------------------------------------------------------------ what is done
    async def sign_in(self, request: Request) -> Response:
        """By a code, in a session that begins now; the same answer for a wrong code and a wrong number."""
        visit, words = self._visit(request), serve().sign_in
        form = await _form(request)
        if not self.sessions.is_sealed(visit.cookie, _field(form, "seal")):
            return self._sign_in(request, visit, words.stale, 403)
        typed, address = read_code(_field(form, "code")), request.client.host if request.client else ""
        if wait := self.guesses.wait(typed.number, address):
            return self._sign_in(request, visit, words.locked.format(minutes=int(wait // 60) + 1), 429)
        loop = asyncio.get_running_loop()
        codes = await loop.run_in_executor(self.locksmiths, self.behind.desk.read_codes)
        self.guesses.begin(typed.number, address)
        if not await loop.run_in_executor(self.locksmiths, fits, typed, codes):
            self.guesses.failed(typed.number, address)
            return self._sign_in(request, visit, words.wrong, 403)
        self.guesses.right(typed.number, address)
        self.sessions.end(visit.cookie)
        return _with_cookie(
            RedirectResponse("/", 303), request, self.sessions.begin(typed.number, codes[typed.number])
        )

    async def sign_out(self, request: Request) -> Response:
        visit = self._visit(request)
        if not self.sessions.is_sealed(visit.cookie, _field(await _form(request), "seal")):
            return self._sign_in(request, visit, serve().sign_in.stale, 403)
        self.sessions.end(visit.cookie)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIE)
        return answer

    async def upload(self, request: Request) -> Response:
        """Take one file of a unit; who is not signed in, or asks too much at once, is not listened to."""
        visit, limits, words = self._visit(request), serve().limits, serve()
        if visit.number in (None, OFFICE):
            await _let_pass(request)
            return self._sign_in(request, visit, words.sign_in.expired, 403)
        unit = visit.number or OFFICE
        if self.under_way[unit] >= limits.of_unit or self.under_way.total() >= limits.waiting:
            await _let_pass(request)
            raise TooMany(words.refused.of_unit if self.under_way[unit] else words.refused.busy)
        self.under_way[unit] += 1
        try:
            form = await _form(request)
            if not self.sessions.is_sealed(visit.cookie, _field(form, "seal")):
                return self._refusal(request, words.sign_in.stale, 403)
            receipt = await self._take(unit, form)
        finally:
            self.under_way[unit] -= 1
        return RedirectResponse(f"/receipt/{receipt.code}", 303)

    async def _take(self, unit: int, form: FormData) -> Receipt:
        file, now = form.get("file"), _now()
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refused(serve().refused.no_file)
        upload, words, name = (
            Upload(unit, file.filename, file.file),
            serve().say,
            self.behind.desk.names[unit],
        )
        loop = asyncio.get_running_loop()
        try:
            receipt = await loop.run_in_executor(self.clerks, self.behind.intake.take, upload, now)
        except Refused as why:
            self.behind.tell(words.refused.format(at=now, unit=name, why=why))
            raise
        self.behind.tell(words.taken.format(at=now, unit=name, path=receipt.path, receipt=receipt.code))
        return receipt

    # ------------------------------------------------------------ who it is, and what is said
    def _visit(self, request: Request) -> Visit:
        cookie = request.cookies.get(COOKIE, "")
        if not cookie:
            return Visit(self.sessions.new_cookie(), None, True)
        return Visit(cookie, self.sessions.who(cookie, self.behind.desk.codes), False)

    def _visitor(self, visit: Visit) -> Visitor:
        return Visitor("", self.sessions.seal(visit.cookie))

    def _answer(self, request: Request, visit: Visit, page: str, status: int = 200) -> Response:
        answer = HTMLResponse(page, status)
        return _with_cookie(answer, request, visit.cookie) if visit.is_new else answer

    def _sign_in(self, request: Request, visit: Visit, wrong: str = "", status: int = 200) -> Response:
        behind = self.behind
        page = sign_in_page(behind.desk.begun, self._visitor(visit), wrong, bool(behind.offline))
        return self._answer(request, visit, page, status)

    def _not_office(self, request: Request, visit: Visit) -> Response:
        if visit.number is not None:
            raise HTTPException(404)
        return self._sign_in(request, visit)

    def _refusal(self, request: Request, why: str, status: int, *, sure: bool = True) -> Response:
        """A page that says why; after an accident nobody is ``sure`` what was kept of an upload."""
        visit, taking = self._visit(request), request.url.path == UPLOAD and sure
        page = refusal_page(self.behind.desk.begun, self._visitor(visit), why, taking)
        return HTMLResponse(page, status, headers={"Retry-After": "60"} if status == 503 else None)

    async def missing(self, request: Request, wrong: Exception) -> Response:
        """No such page, or no such way to ask for it, or a form that is none."""
        status, words = getattr(wrong, "status_code", 404), serve().refused
        sentences = {405: words.method, 400: words.bad_form}
        return self._refusal(request, sentences.get(status, words.missing), status)

    async def failed(self, request: Request, wrong: Exception) -> Response:
        """Whatever goes wrong is a page; what nobody foresaw the server logs as well."""
        words = serve().refused
        match wrong:
            case TooLarge():
                return self._refusal(request, words.too_big.format(most=serve().limits.upload), 413)
            case TooSlow():
                return self._refusal(request, words.too_slow, 408)
            case ClientDisconnect():
                return Response(status_code=400)
            case TooMany():
                return self._refusal(request, str(wrong), 503)
            case SQLAlchemyError():
                self.behind.tell(serve().say.no_ledger.format(at=_now(), reason=technical_reason(wrong)))
                return self._refusal(request, words.no_ledger, 503, sure=False)
            case Refused():
                return self._refusal(request, for_unit(str(wrong)), 422)
        return self._refusal(request, words.accident, 500, sure=False)

    async def busy(self, scope: object, receive: object, send: object) -> None:
        """What is said where more is under way than can be."""
        request = Request(scope)  # type: ignore[arg-type]
        await self._refusal(request, serve().refused.busy, 503)(scope, receive, send)  # type: ignore[arg-type]


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)


async def _form(request: Request) -> FormData:
    return await request.form(max_files=1, max_fields=4, max_part_size=FIELD_MOST)


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


async def _let_pass(request: Request) -> None:
    """Throw a body away: a browser that is cut off while it sends shows no page."""
    async for _ in request.stream():
        pass


def _with_cookie(answer: Response, request: Request, cookie: str) -> Response:
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def _as_file(name: str) -> dict[str, str]:
    from urllib.parse import quote

    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
