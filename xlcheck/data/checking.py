"""Check a data file against its shape when it is parsed anew: each fault with its line and what was meant."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from xlcheck import data
from xlcheck.data import Regex

S = TypeVar("S")
MISSING = ("missing_argument", "missing")
Place = tuple[str | int, ...]  # the keys and numbers that lead to an entry, from the top of the file


class DataError(ValueError):
    """A data file of the project is not what its shape says; each line of the text is one fault."""


class Misfit(NamedTuple):
    """Something that fits the shape but not the rest of the file: where, what stands there, what could."""

    at: Place
    found: str
    known: Sequence[str]
    wrong: str = "is not known"


def checked(source: Path, shape: type[S]) -> S:
    """Parse a file and check it whole. Raises DataError: file, line, what was found and what was meant."""
    read, text = parsed(source, shape), source.read_text(encoding="utf-8")
    faults = [f"{_where(source.name, text, at)}: {why}" for at, why in _odd_patterns(read, shape, ())]
    faults += [_sentence(source.name, text, m) for m in getattr(read, "misfits", tuple)()]
    if faults:
        raise DataError("\n".join(faults))
    return read


def check_all() -> None:
    """Check every data file against its shape, whatever was kept of it. Raises DataError for all of them."""
    faults = []
    for source in sorted(data.HERE.glob("*.toml")):
        try:
            checked(source, shape_of(source.stem))
        except DataError as wrong:
            faults.append(str(wrong))
    if faults:
        raise DataError("\n".join(faults))


def shape_of(name: str) -> type[Any]:
    """The shape of a file: what the module of its name loads; all editions' forms have one."""
    module = import_module(f"{data.__name__}.{name.partition('_')[0] if name.startswith('form_') else name}")
    mine = (f for f in vars(module).values() if getattr(f, "__module__", "") == module.__name__)
    found: type[Any] = next(get_type_hints(f)["return"] for f in mine if hasattr(f, "cache_info"))
    return found


def rule_ids() -> list[str]:
    """The ids of all rules: the catalogue's, the text's, and those a form has of its own."""
    files = ("rules", "rules_text", *(f"form_{edition}" for edition in data.editions()))
    return [rule["id"] for name in files for rule in _raw(name).get("rule", ())]


def unit_kinds() -> list[str]:
    """The kinds of unit that the cover offers."""
    return list(_raw("workbook")["cover"]["kind"]["choices"])


def _raw(name: str) -> dict[str, Any]:
    return tomllib.loads((data.HERE / f"{name}.toml").read_text(encoding="utf-8"))


def rule_at_fault(what: str, cells: Iterable[str]) -> DataError:
    """What is wrong with a rule, its id first, with the file and the line that it begins at."""
    rule, _, fault = what.partition(": ")
    near = get_close_matches(re.sub(r".*'([^']*)'.*", r"\1", fault), list(cells), 1, 0.6)
    meant = f"; '{near[0]}' may be meant" if near and "may be meant" not in fault else ""
    for source in sorted(data.HERE.glob("*.toml")):
        for n, line in enumerate(source.read_text(encoding="utf-8").split("\n"), 1):
            if re.match(rf'id = "{re.escape(rule)}"', line):
                return DataError(f"{source.name}, line {n}, rule {rule}: {fault}{meant}")
    return DataError(f"{what}{meant}")


def parsed(source: Path, shape: type[S]) -> S:
    """Parse a file into its shape, each part by itself. Raises DataError as ``checked`` does."""
    text = source.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise DataError(f"{source.name}: {wrong}") from wrong
    try:
        return TypeAdapter(shape).validate_python(_frozen(raw), strict=True)
    except ValidationError as wrong:
        # A name misspelt is also a name missing: what stands there is told before what does not.
        errors = sorted(wrong.errors(), key=lambda error: error["type"] in MISSING)
        faults = [_fault(source.name, text, shape, error) for error in errors]
        raise DataError("\n".join(faults)) from None


def _frozen(raw: Any) -> Any:
    """Lists as tuples: what is read is shared by all and changed by nobody."""
    if isinstance(raw, dict):
        return {key: _frozen(value) for key, value in raw.items()}
    return tuple(map(_frozen, raw)) if isinstance(raw, list) else raw


def _odd_patterns(read: Any, shape: Any, at: Place) -> Iterator[tuple[Place, str]]:
    """What the shape calls a regular expression and is none, with the reason."""
    if shape is Regex:
        if odd := _odd_pattern(read):
            yield at, odd
        return
    inner: Sequence[tuple[str | int, Any, Any]] = ()
    if hasattr(read, "_fields"):
        inner = [(name, getattr(read, name), kind) for name, kind in get_type_hints(type(read)).items()]
    elif isinstance(read, Mapping):
        inner = [(key, one, _inside(shape, key)) for key, one in read.items()]
    elif isinstance(read, tuple):
        inner = [(n, one, _inside(shape, n)) for n, one in enumerate(read)]
    for part, one, kind in inner:
        yield from _odd_patterns(one, kind, (*at, part))


def _odd_pattern(text: str) -> str:
    """Why a text is no regular expression; empty where it is one."""
    try:
        re.compile(text)
    except re.error as wrong:
        return f"{wrong}, found {text!r}"
    return ""


def _fault(file: str, text: str, shape: Any, error: Any) -> str:
    at: Place = tuple(part for part in error["loc"] if not _is_branch(part))
    match error["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return _sentence(file, text, Misfit(at, str(at[-1]), _names(shape, at[:-1])))
        case "literal_error":
            known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
            return _sentence(file, text, Misfit(at, str(error["input"]), known))
        case "pattern_regex":
            return f"{_where(file, text, at)}: {_odd_pattern(error['input'])}"
        case kind if kind in MISSING:
            return f"{_where(file, text, at[:-1])}: '{at[-1]}' is missing"
    return f"{_where(file, text, at)}: {error['msg'].lower()}, found {error['input']!r}"


def _is_branch(part: str | int) -> bool:
    """pydantic names the member of a union it tried; a key of TOML has no brackets."""
    return isinstance(part, str) and "[" in part


def _sentence(file: str, text: str, misfit: Misfit) -> str:
    near = get_close_matches(misfit.found, [str(k) for k in misfit.known], 1, 0.5)
    known = f"; known are {', '.join(sorted(misfit.known))}" if misfit.known else ""
    meant = f", '{near[0]}' may be meant" if near else known
    return f"{_where(file, text, misfit.at)}: '{misfit.found}' {misfit.wrong}{meant}"


def _names(shape: Any, at: Place) -> list[str]:
    """The names a shape knows at a place."""
    for part in at:
        shape = _inside(shape, part)
    return [name for one in _members(shape) for name in getattr(one, "_fields", ())]


def _inside(shape: Any, part: str | int) -> Any:
    """The shape of one entry of a table or a list."""
    for one in _members(shape):
        if isinstance(part, str) and part in getattr(one, "_fields", ()):
            return get_type_hints(one)[part]
        if inner := [a for a in get_args(one) if a is not Ellipsis]:
            return inner[-1]
    return None


def _members(shape: Any) -> tuple[Any, ...]:
    """A union's members; another shape is its only one."""
    origin = get_origin(shape)
    united = origin is not None and (origin.__module__ == "types" or str(origin).endswith("Union"))
    return get_args(shape) if united else (shape,)


def _where(file: str, text: str, at: Place) -> str:
    """File, line where it can be found, and the way to an entry: rules.toml, line 12, rule 3 severity."""
    way = " ".join(str(part + 1) if isinstance(part, int) else part for part in at)
    line = _line(text.split("\n"), at)
    return f"{file}, line {line}, {way}" if line else f"{file}, {way}" if way else file


def _line(lines: list[str], at: Place) -> int:
    """The line of an entry: its table's head, then its key below it, as far as they are written out."""
    here = 0
    for n, part in enumerate(at):
        way = ".".join(str(p) for p in at[: n + 1] if isinstance(p, str))
        if isinstance(part, int):
            heads = [i for i, line in enumerate(lines) if line.strip() == f"[[{way}]]"]
            if not heads and lines[here].rstrip().endswith("["):  # an array of one line an item
                heads = [i for i in range(here + 1, len(lines)) if lines[i].lstrip().startswith("{")]
            here = heads[part] if part < len(heads) else here
            continue
        head = re.compile(rf"\s*\[+{re.escape(way)}[\].]")
        key = re.compile(rf'\s*(?:[{{\[].*)?\b"?{re.escape(part)}"?\s*=')
        here = next(
            (i for i in range(here, len(lines)) if head.match(lines[i]) or key.search(lines[i])), here
        )
    return here + 1 if at else 0
