"""The empty workbook of an edition as a file, made once: what is filled is a copy of it."""

from functools import cache
from pathlib import Path

from xlcheck import data, editions, saving
from xlcheck.editions import CORE, edition_named, made_of

HERE = Path(__file__).parent


@cache
def clean_workbook(name: str) -> bytes:
    """The file ``build`` would write for an edition, made anew only where what it is made of has changed."""
    code = (Path(str(module.__file__)) for module in (editions, saving))
    sources = (*code, *made_of(data.HERE, CORE, CORE / "diagnosis", HERE))
    return data.remembered(f"workbook_{name}", bytes, sources, lambda: _made(name))


def _made(name: str) -> bytes:
    from xlcheck.template.build import build_template  # only where nothing is kept: it needs openpyxl

    return saving.book_bytes(build_template(edition_named(name)))
