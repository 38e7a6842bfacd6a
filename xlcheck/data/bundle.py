"""The shape of bundle.toml: the Windows folder, what it is made of by hash, and every word in it."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, NamedTuple

from xlcheck import data
from xlcheck.data import Written

Sha256 = Annotated[str, Written("[0-9a-f]{64}", "SHA-256 in hexadecimal")]


class BundledPython(NamedTuple):
    """The Python for Windows that runs from a folder; ``paths`` is its file of ``lines``: where it looks."""

    file: str
    sha256: Sha256
    version: str
    platform: str
    folder: str
    packages: str
    paths: str
    lines: tuple[str, ...]


class BundleScript(NamedTuple):
    """A file that cmd.exe runs."""

    file: str
    lines: tuple[str, ...]


class BundleGuide(NamedTuple):
    """The file to read first."""

    file: str
    lines: tuple[Annotated[str, "version"], ...]


class BundleRefusals(NamedTuple):
    """Why the folder cannot be made."""

    no_python: Annotated[str, "file"]
    wrong_hash: Annotated[str, "path"]
    no_wheel: Annotated[str, "file", "reason"]
    not_empty: Annotated[str, "path"]


class BundleFacts(NamedTuple):
    """The folder as a whole; ``wheels`` are the libraries' files with their hashes."""

    python: BundledPython
    wheels: Mapping[str, Sha256]
    script: tuple[BundleScript, ...]
    guide: BundleGuide
    say: BundleRefusals


@cache
def bundle() -> BundleFacts:
    """What the Windows folder is made of, as data/bundle.toml has it."""
    return data.load("bundle", BundleFacts)
