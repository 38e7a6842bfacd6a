"""The shape of web.toml: the offline page, what it is built from, and every word on it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, NamedTuple

from xlcheck import data

if TYPE_CHECKING:
    from xlcheck.data.checking import Misfit


class WebRuntime(NamedTuple):
    """The Python of browsers: its package by version and hash, and what of it and of ours is left out."""

    package: str
    version: str
    integrity: str
    libraries: tuple[str, ...]
    without_library: tuple[str, ...]
    without_house: tuple[str, ...]


class WebAction(NamedTuple):
    """What a button has made: a command and the name of what it writes.

    ``takes_last`` hands on last year's file, ``is_last`` is made of this file as last year's, ``of_unread``
    is offered for a file that could not be read; the words of a draft are there where a report may be one.
    """

    id: str
    label: str
    out: Annotated[str, "stem"]
    line: tuple[Annotated[str, "out"], ...]
    label_draft: str = ""
    out_draft: Annotated[str, "stem"] = ""
    takes_last: bool = False
    is_last: bool = False
    of_unread: bool = False


class BuildRefusals(NamedTuple):
    """Why a page cannot be built."""

    no_npm: Annotated[str, "package", "version"]
    no_package: Annotated[str, "package", "reason", "version"]
    no_node: str
    no_runtime: Annotated[str, "file", "package", "path"]
    wrong_hash: Annotated[str, "package", "path", "version"]
    not_compiled: Annotated[str, "reason"]
    no_page: Annotated[str, "path"]


class OfflineWords(NamedTuple):
    """What stands on the page before a file is opened."""

    title: str
    sub: str
    closed: str
    drop: str
    drop_more: str
    choose: str
    preparing: str
    old: str
    script: str
    skip: str
    print: str
    dark: str
    version: Annotated[str, "version"]
    keys: str
    keys_on: str


class WebFacts(NamedTuple):
    """The page as a whole; ``js`` are the script's own words, ``messages`` those it has of messages.toml."""

    patience: int
    patience_write: int
    watch: float
    messages: tuple[str, ...]
    last_folder: str
    runtime: WebRuntime
    action: tuple[WebAction, ...]
    say: BuildRefusals
    html: OfflineWords
    js: Mapping[str, Annotated[str, "cells", "code", "errors", "n", "name", "time", "warnings", "year"]]

    def misfits(self) -> "Iterator[Misfit]":
        """Words that the script asks for and that neither this page nor the county's has."""
        from xlcheck.data.checking import Misfit
        from xlcheck.data.dashboard import dashboard

        known = [*self.js, *dashboard().js, *self.messages]
        for name in sorted(set(re.findall(r'\bsay\("(\w+)"', _script())).difference(known)):
            yield Misfit(("js",), name, known, "is used and not there")


def _script() -> str:
    return (data.HERE / "web.js").read_text(encoding="utf-8")


@cache
def web() -> WebFacts:
    """The offline page's words and settings, as data/web.toml has them."""
    return data.load("web", WebFacts)
