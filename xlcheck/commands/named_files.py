"""The files that a command names: read, or free to be written."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xlcheck.accidents import one_file
from xlcheck.commands.status import to_stderr
from xlcheck.core.filing import year_before
from xlcheck.data.cli import cli
from xlcheck.editions import Refused

if TYPE_CHECKING:
    from xlcheck.core.filing import Filing
    from xlcheck.data.policy import Policy

DOCUMENTS = (".docx", ".doc", ".wps", ".pdf", ".html", ".htm", ".mhtml", ".mht", ".txt", ".md", ".rtf")
PATIENCE = 20  # seconds for a document, or a damaged workbook, that anybody may have made
Held = TypeVar("Held")


def there(path: Path, *, of_units: bool = False) -> Path:
    """A file that was named; Refused for a folder, which may be ``of_units``, and where there is none.

    What may be meant is said.
    """
    if path.is_dir():
        raise Refused((cli().out.folder_of_units if of_units else cli().out.a_folder).format(file=path))
    if not path.exists() and (near := _near_file(path)):
        raise Refused(cli().out.no_file_near.format(file=path, near=near))
    return path


def _near_file(path: Path) -> str:
    """The file of the same folder that may be meant; Windows does not show how its name ends."""
    from difflib import get_close_matches

    if not path.parent.is_dir():
        return ""
    names = sorted(one.name for one in path.parent.iterdir() if one.is_file())
    same = [name for name in names if Path(name).stem == path.name]
    return next(iter(same or get_close_matches(path.name, names, 1, 0.8)), "")


def filing_at(path: Path) -> "Filing":
    with one_file(path.name):
        if there(path, of_units=True).suffix.lower() in DOCUMENTS and path.exists():
            raise Refused(cli().out.a_document.format(file=path.name))
        if path.suffix.lower() == ".json":
            from xlcheck.workbook.json import load_filing

            return load_filing(path)
        from xlcheck.workbook.reading import read

        return read(path)


def read_apart(read: Callable[[Path], Held], path: Path) -> Held:
    """What a file of unknown origin holds, read in a process of its own."""
    from xlcheck.child import in_child
    from xlcheck.data.messages import messages

    found, bounded = in_child(read, there(path, of_units=True), name=path.name, seconds=PATIENCE)
    if not bounded:
        to_stderr(messages().time_alone)
    return found


def last_filing(asked: argparse.Namespace, filing: "Filing", path: Path) -> "Filing | None":
    """Last year's filing: the one named, else the one the workbook carries; of another year, none."""
    last = filing_at(asked.last) if asked.last else filing.last
    before = year_before(filing, last)
    if last and not before:
        years = {"last": last.year, "year": filing.year or cli().out.no_year}
        to_stderr(cli().out.last_apart.format(file=asked.last or path.name, **years))
    return before


def policy_of(asked: argparse.Namespace) -> "Policy | None":
    """What the county has set for itself, where its file is named."""
    if not asked.policy:
        return None
    from xlcheck.policies import read_policy  # a check without one should not pay for it

    return read_policy(there(asked.policy))


def writable(target: Path) -> Path:
    """Refuse to write a workbook under a name that no program would open as one."""
    if target.suffix.lower() != ".xlsx":
        raise Refused(cli().out.no_workbook.format(path=target))
    return target


def free_target(target: Path, asked: argparse.Namespace, *sources: Path | None) -> Path:
    """Refuse to write over what is read, and without ``--force`` over any other file."""
    if target.is_file():
        if any(source and source.exists() and target.samefile(source) for source in sources):
            raise Refused(cli().out.same_file.format(path=target))
        if not asked.force:
            raise Refused(cli().out.there_already.format(path=target))
    return target
