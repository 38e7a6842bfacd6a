"""Every label, address and Chinese sentence, as TOML; each file's shape is the module of its name beside it.

A file is parsed, checked against its shape and turned into typed objects once; as Python does with bytecode,
the objects are kept for the next start, which then needs neither a parser nor pydantic. Where the package
was built they have been made already.

In a shape, ``Annotated[str, "file"]`` is a sentence, and ``file`` is what its caller fills in; a text without
names has nothing filled in. A mapping by the words of a closed list has them all. ``...`` takes either back:
which names, or which words, then follows from the file, or is open.
"""

import _sre  # type: ignore[import-not-found]  # what the module re itself ends in
import copyreg
import os
import re
import sys
import zlib
from _pickle import UnpicklingError  # the C half alone: the Python half costs a cold start 3 ms
from _pickle import dumps as pickled
from _pickle import load as unpickled
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Annotated, NamedTuple, NewType, TypeVar

HERE = Path(__file__).parent
BUILT = HERE / "objects"  # made where the package was built; a checkout has none
S = TypeVar("S")
GOOD_FOR = (sys.implementation.cache_tag, _sre.MAGIC)  # which Pythons take what one of them has made
UNREADABLE = (  # what was kept by another version, or is damaged
    OSError, ValueError, EOFError, TypeError, AttributeError, ImportError, RuntimeError, UnpicklingError,
)  # fmt: skip
Pattern = re.Pattern[str]  # compiled when parsed, and kept so
Regex = NewType("Regex", str)  # not yet a pattern: a part of one, or compiled only where it is needed


class Written(NamedTuple):
    """How a text or a figure is written: a pattern, and what is of it."""

    form: str
    what: str


HexColour = Annotated[str, Written("[0-9A-F]{6}", "colour as RRGGBB")]
PageColour = Annotated[str, Written("#[0-9a-f]{6}", "colour as #rrggbb")]
ADDRESS = "[A-Z]{1,3}[1-9][0-9]{0,6}"  # of a cell
CellAddress = Annotated[str, Written(ADDRESS, "cell's address")]
Area = Annotated[str, Written(f"{ADDRESS}(:{ADDRESS})?", "address of cells")]
Column = Annotated[str, Written("[A-Z]{1,3}", "column")]
Columns = Annotated[str, Written("[A-Z]{1,3}(:[A-Z]{1,3})?", "column, nor two")]
Printed = Annotated[str, Written(ADDRESS + ":[A-Z]{1,3}\\{last\\}", "area down to {last}")]
Row = Annotated[int, Written("[1-9][0-9]{0,6}", "row")]
OneLetter = Annotated[str, Written(".", "single letter")]

# What a sentence may say of the form, before a name: {number:t3.sum}, {count:texts}, {label:s6|正文}.
ASPECTS = ("number", "numbers", "label", "table", "span", "count", "hint", "corner")
FORM_PLACE = r"\{(?P<aspect>\w+):(?P<name>[\w.,]+)(?:\|(?P<else>[^}]*))?\}"
OF_FORM = ":"  # beside the names that are filled into a sentence: it may speak of the form


def load(name: str, shape: type[S]) -> S:
    """Read the data file of this name as one object of its shape, a NamedTuple of NamedTuples.

    Each shape's module keeps what it loaded for the process. Raises DataError, from
    ``data.checking``, where the file is not of this shape.
    """
    source = HERE / f"{name}.toml"

    def read() -> S:
        from xlcheck.data.checking import checked  # only where nothing is kept: every start would pay for it

        return checked(source, shape)

    return remembered(name, shape, (source, Path(str(sys.modules[shape.__module__].__file__))), read)


def remembered(
    name: str, shape: type[S], sources: Iterable[Path | os.DirEntry[str]], make: Callable[[], S]
) -> S:
    """What was made of these files at an earlier start, while none of them has changed; else make it anew."""
    files = tuple(sources)
    stamps = (GOOD_FOR, str(shape), *map(_stamp, files))
    for place in _places(name):
        with suppress(*UNREADABLE), place.open("rb") as file:
            known, contents = unpickled(file), unpickled(file)
            if known == stamps or contents == _contents(files):
                found = unpickled(rest := BytesIO(file.read()))
                if isinstance(found, shape):
                    if known != stamps:  # as where the files lay when the package was built
                        _keep(name, pickled(stamps), pickled(contents), rest.getvalue())
                    return found
    made = make()
    _keep(name, pickled(stamps), pickled(_contents(files)), _lasting(made))
    return made


def editions() -> list[str]:
    """The editions there are data for, oldest first."""
    files = (name for name in os.listdir(HERE) if name.startswith("form_") and name.endswith(".toml"))
    return sorted(name.removeprefix("form_").removesuffix(".toml") for name in files)


def _stamp(source: Path | os.DirEntry[str]) -> tuple[str, int, int]:
    stat = source.stat()
    return source.name, stat.st_mtime_ns, stat.st_size


def _contents(sources: Iterable[Path | os.DirEntry[str]]) -> tuple[object, ...]:
    """What the files hold, wherever they lie; asked only where their stamps do not tell."""
    return (GOOD_FOR, *((one.name, _check_sum(os.fspath(one), _stamp(one))) for one in sources))


@cache
def _check_sum(path: str, stamp: tuple[str, int, int]) -> int:
    return zlib.crc32(Path(path).read_bytes())


def _places(name: str) -> Iterator[Path]:
    """Where objects may be kept: where bytecode is, else in the user's own cache; else as built."""
    file = f"{name}.{sys.implementation.cache_tag}.objects"
    if not sys.dont_write_bytecode:
        yield HERE / "__pycache__" / file
    home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):
        own = f"{zlib.crc32(str(HERE).encode()):08x}.{file}"  # several installations share it
        yield (Path(home) if home else Path.home() / ".cache") / "xlcheck" / own
    yield BUILT / file


def _keep(name: str, *parts: bytes) -> None:
    """Keep what was made in the first place that can be written; where none can, the next start pays."""
    for place in _places(name):
        if place.parent == BUILT or _write(place, b"".join(parts)):
            return


def _lasting(made: object) -> bytes:
    """Objects as they are kept: with their patterns compiled, which a plain pickle would not have."""
    import pickle

    from xlcheck.data.patterns import reduced

    pickler = pickle.Pickler(content := BytesIO())
    pickler.dispatch_table = copyreg.dispatch_table | {re.Pattern: reduced}
    pickler.dump(made)
    return content.getvalue()


def _write(path: Path, content: bytes) -> bool:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(content)
        beside.replace(path)
        return True
    return False
