"""The roster: which units are to report, of what kind, and whose figures the county adds up."""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from xlcheck.core.check_code import UNSEEN
from xlcheck.county.submission import Unit
from xlcheck.data.county import CountedAs, RosterWords, county
from xlcheck.data.messages import messages
from xlcheck.editions import Refused, ordinary, reason
from xlcheck.saving import atomically
from xlcheck.workbook.archive import LIMIT, MEGABYTE, Package
from xlcheck.workbook.structure import bare_label, texts_by_row

RosterLine = Mapping[str, str]
# letters that the ledger holds of each
MOST = {"name": 300, "region": 100, "code": 50, "contact": 200, "phone": 100, "email": 200}
HEAD_LINES = 20  # among which the titles of the columns are
DELIMITERS = (",", "\t", ";")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet take a text for a formula
PLACE = re.compile(r"[^\W\d_]+$")  # the letters that a path ends in
KEPT_TEXT = re.compile(r"'[=+\-@\t\r]")  # such a text as we write it
Rows = dict[int, dict[int, str]]  # by line and by column, from 1


def read_roster(path: Path) -> tuple[Unit, ...]:
    """Read a roster, a text as Excel saves it or a workbook, in its own order.

    The head may stand under a title, on any sheet. The columns are those of county.toml; all but the name may
    be left out. Raises Refused with the line.
    """
    words = county().roster
    head, rows = _under_head(_sheets(path), words) or ({}, {})
    if not head:
        raise Refused(words.no_head.format(file=path.name, head=words.columns.name))
    units = []
    for line, cells in rows.items():
        row = {key: UNSEEN.sub("", cells.get(n, "")).strip() for key, n in head.items()}
        if any(row.values()) and not row["name"].startswith(words.example_mark):
            units.append(_unit(row, words, f"{path.name} {words.line.format(line=line)}"))
    _refuse_doubles(units, path.name, words)
    return tuple(units)


def _under_head(sheets: Iterable[Rows], words: RosterWords) -> tuple[dict[str, int], Rows] | None:
    """The columns by their keys, and the lines under them, of the first sheet that has a column of names."""
    for rows in sheets:
        for line, cells in islice(rows.items(), HEAD_LINES):
            titles = {bare_label(title): n for n, title in sorted(cells.items(), reverse=True)}
            found = {
                key: titles[name]
                for key, title in reversed(words.columns._asdict().items())
                for name in reversed((title, *words.other_titles.get(key, ())))
                if name in titles
            }
            if "name" in found:
                return found, {n: row for n, row in rows.items() if n > line}
    return None


def write_template(path: Path, units: Iterable[Unit] = ()) -> None:
    """A roster to go on with: the units that are known, else an example of every kind; the examples are never
    read as units."""
    words = county().roster
    examples = [[words.example_mark + row[0], *row[1:]] for row in words.examples]
    text = as_csv([words.columns, *([_line(unit) for unit in units] or examples)])
    # Excel on Windows takes a .csv for GBK unless it begins with this mark.
    atomically(path, lambda to: to.write_text(text, encoding="utf-8-sig"))


def as_csv(lines: Iterable[Iterable[str]]) -> str:
    """Lines as Excel opens them; a text that it would take for a formula is kept a text."""
    text = io.StringIO()
    kept = ([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line] for line in lines)
    csv.writer(text).writerows(kept)
    return text.getvalue()


def _line(unit: Unit) -> list[str]:
    """A unit as the roster has it."""
    words, there = county().roster, unit._asdict()
    told = {"counted": words.counted[unit.counted], "aliases": county().comma.join(unit.aliases)}
    return [str({**there, **told}[key]) for key in words.columns._fields]


class Finder:
    """Finds the unit that a name on a cover means: its name, a former name, or one of these without
    the county's name before it and 人民政府 or 办事处 behind it, where only one unit is called so."""

    def __init__(self, units: Iterable[Unit], county_name: str) -> None:
        bare = bare_label(county_name)
        self.before = [bare, bare[-1:]] if bare else []  # 清水县, and as people say: 县
        self.behind = sorted(county().roster.affixes, key=len, reverse=True)
        self.units = {u.name: u for u in units}
        self.exact = {bare_label(n): u.name for u in self.units.values() for n in (u.name, *u.aliases)}
        cores = Counter(core for name in self.exact for core in {self._core(name)})
        self.short = {self._core(n): u for n, u in self.exact.items() if cores[self._core(n)] == 1}

    def find(self, name: str | None) -> str | None:
        """The roster's name of the unit, or None."""
        said = bare_label(name or "")
        return self.exact.get(said) or self.short.get(self._core(said))

    def are_apart(self, one: str | None, other: str | None) -> bool:
        """Whether two covers call a unit by two names, its own and a former one: it may have been two."""
        found = self.find(one)
        cores = {self._core(bare_label(name or "")) for name in (one, other)}
        return found is not None and found == self.find(other) and len(cores) > 1

    def near(self, name: str | None) -> str:
        """The roster's name most like this one, empty where none is: one that it is a part of, else one that
        differs in few letters, with or without what every name begins and ends with."""
        said = bare_label(name or "")
        if said in self.before or self._is_elsewhere(said):  # every name of the county begins so
            return ""
        within = {unit for known, unit in self.exact.items() if len(said) > 1 and said in known}
        if len(within) == 1:
            return within.pop()
        known = self.short | self.exact
        close = get_close_matches(self._core(said), known, 1) or get_close_matches(said, known, 1)
        return known[close[0]] if close else ""

    def _is_elsewhere(self, said: str) -> bool:
        """Whether a name begins with another county's, in which not a letter or so is mistyped."""
        own = self.before[0] if self.before else ""
        place = said[: said.find(own[-1:]) + 1] if own else ""
        wrong = sum(a != b for a, b in zip(own, place, strict=False)) + abs(len(own) - len(place))
        return len(place) >= len(own) > 1 and place != said and wrong > 1

    def hinted(self, file: str) -> str | None:
        """The one unit whose name stands in a file's name: a hint, never an assignment; no unit is meant by
        what is left of its name behind another county's, 财政局 in 桃源县财政局."""
        stem = bare_label(file)
        known = {n: u for n, u in (self.short | self.exact).items() if len(n) > 1}
        hit = [(len(n), u) for n, u in known.items() if self._names(stem, n)]
        longest = max(hit, default=(0, ""))[0]
        return next(iter(found)) if len(found := {u for n, u in hit if n == longest}) == 1 else None

    def _names(self, stem: str, name: str) -> bool:
        """Whether a name stands in a path without another county's before it."""
        ahead, there, _ = stem.partition(name)
        place = PLACE.search(ahead)
        if not (there and place and self.before) or ahead.endswith(self.before[0]):
            return bool(there)
        return not (ahead.endswith(self.before[-1]) and self._is_elsewhere(place[0] + name))

    def _core(self, said: str) -> str:
        said = said.removeprefix(next((p for p in self.before if said.startswith(p)), ""))
        for suffix in self.behind:
            if said.endswith(suffix) and said != suffix:
                return said.removesuffix(suffix)
        return said


def _unit(row: RosterLine, words: RosterWords, where: str) -> Unit:
    kind, counted = row.get("kind", ""), row.get("counted", "")
    if not row["name"]:
        raise Refused(words.no_name.format(where=where))
    if kind and kind not in words.counted_by_kind:
        known = county().comma.join(words.counted_by_kind)
        raise Refused(words.bad_kind.format(where=where, found=kind, known=known))
    ways: dict[str, CountedAs] = {word: key for key, word in words.counted.items()}
    if counted and counted not in ways:
        known = county().comma.join(ways)
        raise Refused(words.bad_counted.format(where=where, found=counted, known=known))
    for key, most in MOST.items():
        if len(row.get(key, "")) > most:
            column = getattr(words.columns, key)
            raise Refused(words.too_long.format(where=where, column=column, most=most))
    aliases = tuple(filter(None, re.split(words.between_aliases, row.get("aliases", ""))))
    return Unit(
        name=unicodedata.normalize("NFC", row["name"]),
        kind=kind,
        counted=ways[counted] if counted else words.counted_by_kind.get(kind, "none"),
        aliases=aliases,
        **{key: row.get(key, "") for key in ("region", "code", "contact", "phone", "email")},
    )


def _refuse_doubles(units: Iterable[Unit], file: str, words: RosterWords) -> None:
    """A unit named twice, or by another's former name, and two units as the county's own, add up twice."""
    units = list(units)
    named = Counter(n for u in units for n in {bare_label(n) for n in (u.name, *u.aliases)})
    if double := [name for name, times in named.items() if times > 1]:
        raise Refused(words.twice.format(file=file, name=double[0]))
    own = [u.name for u in units if u.counted == "own"]
    if len({u.region for u in units if u.counted == "own"}) < len(own):
        raise Refused(words.two_own.format(file=file, names=county().comma.join(own)))
    if not units:
        raise Refused(words.empty.format(file=file))


def _sheets(path: Path) -> Iterator[Rows]:
    """The lines of each sheet; a text is one."""
    match path.suffix.lower():
        case ".xlsx":
            package = Package.at(path, values_only=True)  # what only formats reach is not looked at
            yield from (texts_by_row(package.page(name)) for name in package.sheets)
        case ".xls" | ".et" | ".ods" | ".xlsb":
            yield from _old(path)
        case _:
            yield _csv(path)


def _old(path: Path) -> Iterator[Rows]:
    """The sheets of a workbook in another format."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_raw(path)))
        for name in book.sheet_names:
            lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield {n: dict(enumerate(map(_text, cells), 1)) for n, cells in enumerate(lines, 1)}
    except CalamineError as wrong:
        raise Refused(county().roster.not_text.format(file=path.name)) from wrong


def _text(entry: object) -> str:
    """A cell as text; a telephone typed as a number has no point."""
    return str(int(entry)) if isinstance(entry, float) and entry.is_integer() else str(entry)


def _raw(path: Path) -> bytes:
    try:
        size = ordinary(path).stat().st_size
        if size > LIMIT:
            said = messages().too_big
            raise Refused(said.format(file=path.name, size=size // MEGABYTE, limit=LIMIT // MEGABYTE))
        return path.read_bytes()
    except FileNotFoundError:
        raise Refused(messages().no_file.format(file=path)) from None
    except OSError as wrong:
        say = messages().no_access
        raise Refused(say.format(file=path, reason=reason(wrong))) from wrong


def _csv(path: Path) -> Rows:
    """The lines of a text, by their numbers in it; what parts the cells is seen at the head."""
    text = _decoded(_raw(path), path.name)
    top = next((line for line in text.splitlines() if county().roster.columns.name in line), text[:200])
    parts = max(DELIMITERS, key=top.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=parts)
    rows: Rows = {}
    line = 1
    try:
        for cells in lines:
            if any("\n" in cell and parts in cell for cell in cells):  # a quote that nothing closes
                raise Refused(county().roster.quote.format(file=path.name, line=line))
            rows[line] = {n: cell[1:] if KEPT_TEXT.match(cell) else cell for n, cell in enumerate(cells, 1)}
            line = lines.line_num + 1
    except csv.Error as wrong:  # a cell longer than any
        raise Refused(county().roster.quote.format(file=path.name, line=line)) from wrong
    return rows


def _decoded(raw: bytes, name: str) -> str:
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise Refused(county().roster.not_text.format(file=name))
