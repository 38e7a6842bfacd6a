"""Check a data file against its shape when it is parsed anew: each fault with its line and what was meant."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from xlcheck import data
from xlcheck.data import ASPECTS, FORM_PLACE, OF_FORM, Regex, Written

S = TypeVar("S")
MISSING = ("missing_argument", "missing")
PLACEHOLDER = r"\{[A-Za-z_][^{}]*\}"
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
    odd = [*_odd_parts(read, shape, (), source)] or [*getattr(read, "misfits", tuple)()]
    faults = [_sentence(source.name, text, misfit) for misfit in odd]
    if faults:
        raise DataError("\n".join(faults))
    return read


def check_all() -> None:
    """Check every data file against its shape, whatever was kept of it. Raises DataError for all of them."""
    faults: dict[str, None] = {}  # each once: what is wrong with a form is found by whoever asks for it
    for source in sorted(data.HERE.glob("*.toml")):
        try:
            checked(source, shape_of(source.stem))
        except DataError as wrong:
            faults.update(dict.fromkeys(str(wrong).split("\n")))
    if faults:
        raise DataError("\n".join(faults))


def doubled(named: Iterable[tuple[Place, str]]) -> Iterator[Misfit]:
    """Names that stand twice where each should stand once: the second and all after it."""
    before = set()
    for at, name in named:
        if name in before:
            yield Misfit(at, name, (), "stands twice")
        before.add(name)


def shape_of(name: str) -> type[Any]:
    """The shape of a file: what the module of its name loads; all editions' forms have one."""
    module = import_module(f"{data.__name__}.{name.partition('_')[0] if name.startswith('form_') else name}")
    mine = (f for f in vars(module).values() if getattr(f, "__module__", "") == module.__name__)
    found: type[Any] = next(get_type_hints(f)["return"] for f in mine if hasattr(f, "cache_info"))
    return found


@cache
def form_names(source: Path) -> frozenset[str]:
    """What a sentence may name of the forms, this file among them: sections, tables, headings, cells."""
    names = {"texts", "tables", "sections", *_raw("workbook")["cover"], *_raw("workbook")["texts"]}
    files = {*data.HERE.glob("form_*.toml"), *([source] if source.name.startswith("form_") else ())}
    for form in (tomllib.loads(file.read_text(encoding="utf-8")) for file in files):
        names |= form["sections"].keys() | {option["id"] for option in form.get("option", ())}
        for table, block in ((table, block) for table, blocks in form["table"].items() for block in blocks):
            rows, columns = (["", *(h["id"] for h in block.get(axis, ()))] for axis in ("rows", "columns"))
            names |= {".".join(filter(None, (table, *pair))) for pair in product(rows, columns)}
    return frozenset(names)


def rule_names() -> dict[str, list[str]]:
    """What each rule speaks of, by its id: the catalogue's, the text's, and those a form has of its own."""
    rules = (rule for name in reversed(_rule_files()) for rule in _raw(name).get("rule", ()))
    return {rule.get("id", ""): [*rule.get("let", ()), *rule.get("each", ())] for rule in rules}


def rule_places() -> dict[str, list[str]]:
    """Where each rule begins, by its id: file and line; an id that two rules have stands at both."""
    places: dict[str, list[str]] = {}
    for name in _rule_files():
        text = (data.HERE / f"{name}.toml").read_text(encoding="utf-8")
        for begins in re.finditer(r'^\[\[rule\]\]\s+id = "([^"]*)"', text, re.MULTILINE):
            line = text[: begins.end()].count("\n") + 1
            places.setdefault(begins[1], []).append(f"{name}.toml, line {line}")
    return places


def _rule_files() -> list[str]:
    return ["rules", "rules_text", *(f"form_{edition}" for edition in data.editions())]


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
    place = next(iter(rule_places().get(rule, ())), "")
    return DataError(f"{place}, rule {rule}: {fault}{meant}" if place else f"{what}{meant}")


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


def _odd_parts(read: Any, shape: Any, at: Place, source: Path) -> Iterator[Misfit]:
    """Texts and figures that are not what their shape calls them."""
    inner: Sequence[tuple[str | int, Any, Any]] = ()
    if hasattr(read, "_fields"):
        hints = get_type_hints(type(read), include_extras=True)
        unlike = {name for name in hints if getattr(read, name) != read._field_defaults.get(name)}
        inner = [(name, getattr(read, name), kind) for name, kind in hints.items() if name in unlike]
    elif isinstance(read, Mapping):
        yield from (Misfit(at, word, (), "is missing") for word in _words(shape) if word not in read)
        shape = getattr(shape, "__origin__", None) if get_origin(shape) is Annotated else shape
        for kind, key in product(get_args(shape)[:1], read):
            yield from (Misfit((*at, key), *wrong) for wrong in _odd_text(key, kind, source))
        inner = [(key, one, _inside(shape, key)) for key, one in read.items()]
    elif isinstance(read, tuple):
        inner = [(n, one, _inside(shape, n)) for n, one in enumerate(read)]
    elif shape in (int, float) and read < 0:
        yield Misfit(at, f"{read:g}", (), "is negative")
    elif isinstance(read, str | int):
        yield from (Misfit(at, *wrong) for wrong in _odd_text(str(read), shape, source))
    for part, one, kind in inner:
        yield from _odd_parts(one, kind, (*at, part), source)


def _words(shape: Any) -> Iterator[str]:
    """The words of a closed list, where a mapping is by them and has to have them all."""
    for words in _members(get_args(shape)[0]) if get_origin(shape) is Mapping else ():
        yield from get_args(words) if get_origin(words) is Literal else ()


def _odd_text(text: str, shape: Any, source: Path) -> Iterator[tuple[str, Sequence[str], str]]:
    """What is wrong with a text of this shape: the words, what is known instead, and why."""
    if shape is Regex and (odd := _odd_pattern(text)):
        yield text, (), odd
    elif shape is str:
        yield from ((name, (), "is filled in by nothing") for name in re.findall(PLACEHOLDER, text))
    elif get_origin(shape) is Annotated:
        match shape.__metadata__:
            case (Written(form, what),):
                if not re.fullmatch(form, text):
                    yield text, (), f"is no {what}"
            case names if ... not in names:
                yield from _odd_sentence(text, names, source)


def _odd_pattern(text: str) -> str:
    """Why a text is no regular expression; empty where it is one."""
    try:
        re.compile(text)
    except re.error as wrong:
        return f"is no pattern ({wrong})"
    return ""


def _odd_sentence(text: str, names: Sequence[str], source: Path) -> Iterator[tuple[str, Sequence[str], str]]:
    """What a sentence asks for that nothing fills in; it may speak of the form where its shape says so."""
    if OF_FORM in names:
        names = (*ASPECTS, *(name for name in names if name != OF_FORM))
        spoken = [found for found in re.finditer(FORM_PLACE, text) if found["aspect"] in ASPECTS]
        for name in (name for found in spoken for name in found["name"].split(",")):
            if name not in (known := form_names(source)):
                yield name, sorted(known), "is in no form"
        text = re.sub(FORM_PLACE, lambda found: "" if found["aspect"] in ASPECTS else found[0], text)
    try:
        given = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as wrong:
        yield text, (), f"is no sentence ({wrong})"
    else:
        yield from ((name, names, "is filled in by nothing") for name in given if name not in names)


def _fault(file: str, text: str, shape: Any, error: Any) -> str:
    at: Place = tuple(part for part in error["loc"] if not _is_branch(part))
    match error["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return _sentence(file, text, Misfit(at, str(at[-1]), _names(shape, at[:-1])))
        case "literal_error":
            known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
            return _sentence(file, text, Misfit(at, str(error["input"]), known))
        case "pattern_regex":
            odd = Misfit(at, error["input"], (), _odd_pattern(error["input"]))
            return _sentence(file, text, odd)
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
            return inner[part if isinstance(part, int) and part < len(inner) else -1]
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
                heads = [i for i in range(here + 1, len(lines)) if lines[i].lstrip().startswith(("{", "["))]
            here = heads[part] if part < len(heads) else here
            continue
        head = re.compile(rf"\s*\[+{re.escape(way)}[\].]")
        key = re.compile(rf'\s*(?:[{{\[].*)?(?<!\w)"?{re.escape(part)}"?\s*=')
        here = next(
            (i for i in range(here, len(lines)) if head.match(lines[i]) or key.search(lines[i])), here
        )
    return here + 1 if at else 0
