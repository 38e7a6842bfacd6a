"""The empty workbook of an edition as a file, made once: what is filled is a copy of it."""

from functools import cache
from pathlib import Path

from xlcheck import data, editions, saving
from xlcheck.data.policy import policy
from xlcheck.editions import CORE, Edition, edition_named, made_of

HERE = Path(__file__).parent


def clean_workbook(edition: Edition) -> bytes:
    """The file ``build`` would write for an edition; its list tells what a county's policy softens."""
    if edition.policy != policy():
        return _made(edition)
    return _official(edition.form.edition)


@cache
def _official(name: str) -> bytes:
    """Kept for the next start, and made anew only where what it is made of has changed."""
    code = (Path(str(module.__file__)) for module in (editions, saving))
    sources = (*code, *made_of(data.HERE, CORE, CORE / "diagnosis", HERE))
    return data.remembered(f"workbook_{name}", bytes, sources, lambda: _made(edition_named(name)))


def _made(edition: Edition) -> bytes:
    from xlcheck.template.build import build_template  # only where nothing is kept: it needs openpyxl

    return saving.book_bytes(build_template(edition))
