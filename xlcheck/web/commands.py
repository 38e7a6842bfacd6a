"""What the page asks: the command line itself, run on files that lie in the memory of a browser.

Whatever the page shows or gives was said or written by a command; the page has no rule and no judgment.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck import data
from xlcheck.cli import main
from xlcheck.data.web import WebAction, web
from xlcheck.editions import edition_named
from xlcheck.template.clean import clean_workbook
from xlcheck.web.view import file_view

NamedFile = tuple[str, bytes]
EMPTY, EMPTY_BOOK = "empty.json", "empty.xlsx"


class Asked(NamedTuple):
    """What the page asks of a file: ``check``, ``view``, or the id of an action; ``ready`` asks of none."""

    what: str
    draft: bool = False


class Answered(NamedTuple):
    """The exit status of the command, what it wrote to each stream, and the file that it made."""

    status: int
    out: str
    err: str
    name: str = ""
    content: bytes | None = None


def answer(request: str, files: Iterable[NamedFile]) -> tuple[str, bytes | None]:
    """Answer a request, written as JSON, about the first file; the second, if there is one, is last year's.

    The answer comes as JSON, and the bytes of a file that was made beside it.
    """
    asked = Asked(**json.loads(request))
    if asked.what == "ready":
        return get_ready_to_mark()
    with _folder(files) as (file, last):
        if asked.what == "view":
            return _json(file_view(Path(file), Path(last) if last else None)), None
        done = _check(file, last) if asked.what == "check" else _made(asked, file, last)
    return _json(done._replace(content=None)._asdict()), done.content


def warm_up() -> None:
    """Check an all but empty filing, so that what a first check reads in has been read in."""
    name = data.editions()[-1]
    filing = {"edition": name, "texts": dict.fromkeys(edition_named(name).form.texts, ".")}
    answer(_json(Asked("check")._asdict()), [(EMPTY, _json(filing).encode("utf-8"))])


def get_ready_to_mark() -> tuple[str, bytes | None]:
    """Mark an empty workbook: what its 2,000 formulas mean is known for the next one then."""
    edition = edition_named(data.editions()[-1])
    return answer(_json(Asked("mark")._asdict()), [(EMPTY_BOOK, clean_workbook(edition))])


def _check(file: str, last: str) -> Answered:
    return _run("check", "--json", *_named(last), "--", file)


def _made(asked: Asked, file: str, last: str) -> Answered:
    """Run the command of an action and take what it wrote."""
    action: WebAction = next(one for one in web().action if one.id == asked.what)
    draft = asked.draft and bool(action.out_draft)
    out = (action.out_draft if draft else action.out).format(stem=Path(file).stem)
    line = [part.format(out=out) for part in action.line] + (["--draft"] if draft else [])
    if action.is_last:
        done = _run(*line, *_named(file))
    else:
        done = _run(*line, *(_named(last) if action.takes_last else ()), "--", file)
    path = Path(out)
    return done._replace(name=out, content=path.read_bytes() if path.exists() else None)


def _named(last: str) -> tuple[str, ...]:
    return (f"--last={last}",) if last else ()


def _run(*line: str) -> Answered:
    """One command as it would be typed, the files beside it."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        status = main(line)
    return Answered(status, out.getvalue(), err.getvalue())


@contextmanager
def _folder(files: Iterable[NamedFile]) -> Iterator[tuple[str, str]]:
    """A folder with these files alone, as long as they are asked about; their names in it."""
    before, folder = Path.cwd(), Path(tempfile.mkdtemp())
    os.chdir(folder)
    try:
        names = [""]
        for name, content in files:
            path = Path(web().last_folder, name) if name in names else Path(name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            names.append(str(path))
        yield names[1], names[2] if len(names) > 2 else ""
    finally:
        os.chdir(before)
        shutil.rmtree(folder)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
