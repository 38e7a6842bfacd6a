"""Running the site: its codes handed out, its port taken, until somebody says stop."""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from starlette.types import ASGIApp
from uvicorn import Config, Server

from xlcheck.county.serve.access import OFFICE, KeptCode, hand_out, keep_codes, known_codes, new_code
from xlcheck.county.serve.desk import Desk
from xlcheck.county.serve.limits import Awaited
from xlcheck.county.serve.site import Behind, Tell, site
from xlcheck.county.serve.uploads import Intake
from xlcheck.county.workers import Workers
from xlcheck.data.serve import serve
from xlcheck.editions import Refused, reason

BACKLOG = 1024  # connections that wait to be taken


class Door(NamedTuple):
    """Where the site is reached, and with which certificate."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_local(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")

    def address(self, port: int) -> str:
        host = socket.gethostname() if self.host in ("0.0.0.0", "::") else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{port}/"


def open_port(door: Door) -> socket.socket:
    """Take the port, and look at the certificate, before anything is begun. Raises Refused."""
    try:
        if door.certificate:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(door.certificate, door.key)
    except OSError as wrong:  # ssl.SSLError is one
        raise Refused(serve().say.certificate.format(reason=reason(wrong))) from wrong
    kind = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    _allow_connections()
    taken = socket.socket(kind)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((door.host, door.port))
        taken.listen(BACKLOG)
    except OSError as wrong:
        taken.close()
        said = serve().say.port
        raise Refused(said.format(host=door.host, port=door.port, reason=reason(wrong))) from wrong
    return taken


def answers_there(door: Door) -> bool:
    """Whether somebody answers there already."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(door.host, door.host)
    with suppress(OSError), socket.create_connection((host, door.port), timeout=2):
        return True
    return False


def _allow_connections() -> None:
    """Have as many files open as the system allows, by itself often 1024: each connection is one."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def ready_codes(
    desk: Desk, folder: Path, renew: Sequence[str], address: str, tell: Tell
) -> Mapping[int, KeptCode]:
    """The codes of everybody on the roster; new ones are written into files to hand out, once.

    Raises Refused for a unit to be renewed that is not on the roster.
    """
    words, now = serve().say, datetime.now().replace(microsecond=0)
    with desk.register() as register:
        known, wanted = known_codes(register.db), {OFFICE, *register.units}
        for name in renew:
            number = OFFICE if name == serve().page.sub_office else register.number_of(name)
            if number is None:
                raise Refused(words.no_renew.format(unit=name))
            known.pop(number, None)
        fresh = {number: new_code(number) for number in sorted(wanted - known.keys())}
        for path in hand_out(folder, fresh, register.units, address, now):
            office = path.suffix != ".csv"
            count = len(fresh) - (OFFICE in fresh)
            tell(
                words.office_code.format(path=path) if office else words.codes.format(count=count, path=path)
            )
        keep_codes(register.db, fresh, now)
        return desk.read_codes()


def keep_open(
    door: Door, port: socket.socket, desks: tuple[Desk, Desk], inbox: Path, workers: Workers,
    offline: bytes, folder: Path, renew: Sequence[str], tell: Tell,
) -> None:  # fmt: skip
    """Hand out codes and answer until somebody says stop; the units have one desk, the office the other."""
    units, office = desks
    words, address = serve().say, door.address(port.getsockname()[1])
    ready_codes(units, folder, renew, address, tell)
    units.follow = office.follow = partial(ready_codes, units, folder, (), address, tell)
    intake = Intake(units, inbox, workers)
    intake.make_ready()
    app = site(Behind(units, office, intake, offline, workers.ahead, tell))
    tell(words.begun.format(address=address))
    if not door.certificate:
        tell(words.local if door.is_local else words.plain)
    with suppress(KeyboardInterrupt):
        Server(server_config(app, door)).run(sockets=[port])


def server_config(app: ASGIApp, door: Door) -> Config:
    """How the server answers: it says nothing of itself, logs no address, and waits for nobody for ever."""
    return Config(
        app, http=Awaited, ws="none", lifespan="off", access_log=False, log_level="error",
        server_header=False, ssl_certfile=door.certificate, ssl_keyfile=door.key, timeout_keep_alive=15,
        timeout_graceful_shutdown=30,
    )  # fmt: skip
