"""Codes with which units and the office sign in: made by chance, handed out once, kept only as hashes."""

import hmac
import os
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from hashlib import scrypt
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from xlcheck.county.ledger import ledger_tables as t
from xlcheck.county.roster import as_csv
from xlcheck.county.submission import Unit
from xlcheck.data.serve import serve

OFFICE = 0  # the office's number among those of the units
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another on paper
LENGTH, GROUP = 12, 4  # 59 bits by chance
COST = {"n": 2**12, "r": 8, "p": 1, "dklen": 32}  # 4 MB and 10 ms: a county's codes are made in seconds


class KeptCode(NamedTuple):
    """What the ledger keeps of a code."""

    salt: str
    hash: str


class TypedCode(NamedTuple):
    """A code as somebody typed it: whose it says it is, and the secret."""

    number: int
    secret: str


NOBODY = TypedCode(-1, "")
UNKNOWN = KeptCode("0" * 32, "0" * 64)  # costs who guesses at a number that there is not as much time


def new_code(number: int) -> str:
    """A code for a unit by its number in the ledger: 17-7KQ4-M2XR-9TBC."""
    return "-".join((str(number), *random_groups(LENGTH)))


def random_groups(length: int) -> list[str]:
    """Signs by chance in groups as they are read out on the telephone."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(length))
    return [signs[at : at + GROUP] for at in range(0, length, GROUP)]


def read_code(text: str) -> TypedCode:
    """What was typed, in whatever width, with whatever between the groups; NOBODY where it is no code."""
    bare = "".join(c for c in unicodedata.normalize("NFKC", text[:100]).upper() if c.isalnum())
    number, secret = bare[:-LENGTH], bare[-LENGTH:]
    return TypedCode(int(number), secret) if number.isdecimal() and number.isascii() else NOBODY


def fits(typed: TypedCode, known: Mapping[int, KeptCode]) -> bool:
    """Whether the code is that of the number it says; takes as long for a number that there is not."""
    kept = known.get(typed.number, UNKNOWN)
    return hmac.compare_digest(_hashed(typed.secret, kept.salt), kept.hash)


def known_codes(db: Connection) -> dict[int, KeptCode]:
    """The codes of everybody, by number."""
    with db.begin():
        rows = db.execute(select(t.access.c.unit_id, t.access.c.salt, t.access.c.hash)).all()
    return {row.unit_id or OFFICE: KeptCode(row.salt, row.hash) for row in rows}


def keep_codes(db: Connection, codes: Mapping[int, str], now: datetime) -> None:
    """Keep new codes; the old ones of the same units are void."""
    rows = []
    for number, code in codes.items():
        salt = secrets.token_hex(16)
        kept = KeptCode(salt, _hashed(read_code(code).secret, salt))
        rows.append({"unit_id": number or None, "made": now, **kept._asdict()})
    with db.begin():
        for number in codes:
            mine = t.access.c.unit_id == number if number else t.access.c.unit_id.is_(None)
            db.execute(delete(t.access).where(mine))
        if rows:
            db.execute(insert(t.access), rows)


def hand_out(
    folder: Path, codes: Mapping[int, str], units: Mapping[int, Unit], address: str, now: datetime
) -> list[Path]:
    """Write codes for the officer to hand out, the units' in one file, the office's own in another.

    Only who runs this may read them. They are there before the ledger knows them: what is lost on the way is
    made anew.
    """
    words, written = serve().codes, []
    lines = [(units[number].name, code, address) for number, code in codes.items() if number != OFFICE]
    if lines:
        written.append(_write_private(folder / words.file.format(at=now), as_csv((words.head, *lines))))
    if OFFICE in codes:
        text = words.office.format(code=codes[OFFICE], address=address)
        written.append(_write_private(folder / words.office_file.format(at=now), text))
    return written


def _write_private(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:  # Excel takes it for GBK else
        file.write(text)
        file.flush()
        os.fsync(handle)
    return path


def _hashed(secret: str, salt: str) -> str:
    return scrypt(secret.encode(), salt=bytes.fromhex(salt), **COST).hex()
