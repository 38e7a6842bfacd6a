"""The hidden sheet: every rule compiled to Excel formulas, so that the workbook checks itself."""

import re
from collections.abc import Callable, Iterable, Mapping

from openpyxl.worksheet.worksheet import Worksheet

from xlcheck.core.filing import TYPED_DAYS
from xlcheck.core.formula import DIGITS, ranges
from xlcheck.core.grid import a1, rc
from xlcheck.core.marks import entry_roles
from xlcheck.core.rules import LAST, Case
from xlcheck.data.hidden_sheet import ListColumns, RuleColumns, hidden_sheet
from xlcheck.data.rules import Rule, Severity
from xlcheck.data.workbook import workbook
from xlcheck.editions import Edition
from xlcheck.template.heights import PROSE
from xlcheck.template.styles import paint

# What reading a file notes of a cell and a formula can see as well; Excel 2010 has no ISFORMULA.
FORMAT = 'LEFT(CELL("format",{at}))'
NOTED = {
    "typed_formula": "IFERROR(_xlfn.ISFORMULA({at}),FALSE)",
    "dated": f'IFERROR(AND(ISNUMBER({{at}}),{{at}}>={{first}},{{at}}<{{end}},{FORMAT}="D"),FALSE)',
    "shown_otherwise": f'IFERROR(AND(ISNUMBER({{at}}),{{at}}<>0,OR({FORMAT}="D",{FORMAT}="P")),FALSE)',
}

NOTHING = '""'  # an empty text in a formula


class HiddenSheet:
    """Where everything stands on the hidden sheet, and the formulas that fill it."""

    def __init__(self, edition: Edition, sheet: Worksheet) -> None:
        self.form, self.rules = edition.form, edition.rules
        self.sheet = sheet
        self.layout, self.at = workbook(), hidden_sheet()
        first = self.at.first_row
        self.field_row = {name: first + n for n, name in enumerate(self.form.fields)}
        self.asking = [r for r in self.rules.rules if r.check in NOTED and r.only_asks]  # how a cell looks
        self.cases = [c for c in self.rules.cases if not c.is_input]
        self.case_row = {(c.rule.id, n): first + n for n, c in enumerate(self.cases)}
        self.rule_row = {r.id: first + n for n, r in enumerate(self.rules.rules)}
        self.count_row = {key: first + n for n, key in enumerate(("cover", *self.form.tables, "text"))}

    # ---------------------------------------------------------------- addresses
    def meta(self, cell: str) -> str:
        """One of the single cells, as other sheets name it."""
        return f"{self.sheet.title}!{fixed(cell)}"

    def named(self, name: str) -> str:
        """The single cell of a name, for a sentence that tells it."""
        return self.meta(str(getattr(self.at.cell, name)))

    def cell(self, column: str, row: int) -> str:
        return f"{self.sheet.title}!${column}${row}"

    def column(self, column: str, rows: Iterable[int]) -> str:
        """Some rows of one column, for counting and INDEX."""
        rows = list(rows)
        return f"{self.cell(column, rows[0])}:${column}${rows[-1]}"

    def rule(self, rule: str) -> RuleColumns:
        """The cells of a rule's line."""
        return RuleColumns(*(self.cell(column, self.rule_row[rule]) for column in self.at.rule))

    def pressed(self, rule: str) -> ListColumns:
        """The cells of a rule's line that say what the button found."""
        return ListColumns(*(self.cell(column, self.rule_row[rule]) for column in self.at.found))

    def figure(self, name: str) -> str:
        """The address of what a name stands for in a rule's test."""
        if name.startswith(LAST):
            return self.cell(self.at.field.last, self.field_row[name.removeprefix(LAST)])
        if name in self.field_row:
            return self.cell(self.at.field.figure, self.field_row[name])
        return self.word(name)

    def word(self, name: str) -> str:
        """The address of a cover entry, a text or an option."""
        return on(*self.form.where(name))

    # ---------------------------------------------------------------- writing
    def write(self) -> None:
        """Fill the hidden sheet: identity, fields, cases, rules, banner."""
        self.set(self.at.cell.edition, self.form.edition)
        self.set(self.at.cell.version, self.at.version)
        for name, cell in self.at.cell._asdict().items():
            row, col = rc(cell)
            self.set(a1(row, col - 1), name)
        for name, row in self.field_row.items():
            self._field(name, row)
        for (_, n), row in self.case_row.items():
            self._case(self.cases[n], row)
        for row, role in enumerate(sorted({*entry_roles(self.form).values(), *PROSE}), self.at.first_row):
            self.set(f"{self.at.sample.role}{row}", role)
            paint(self.sheet[f"{self.at.sample.cell}{row}"], role)

    def _field(self, name: str, row: int) -> None:
        field = self.form.fields[name]
        raw = on(field.sheet, field.cell)
        nil = next((o for o in self.form.options if o.nil == field.table), None)
        blank = f'IF(LEN({on(nil.sheet, nil.cell)})>0,0,"")' if nil else '""'
        at = self.at.field
        entry, code = self.cell(at.entry, row), self.cell(at.code, row)
        mute = [f'{code}="{r.id}"' for r in self.rules.rules if r.silences and r.is_live]
        truth = f'IF(ISLOGICAL({raw}),IF({raw},"TRUE","FALSE"),{raw})'  # in LibreOffice it would be a figure
        self.row(row, {
            at.name: name,
            at.entry: f'=IF(ISBLANK({raw}),{blank},IF(ISERROR({raw}),"#",{truth}))',
            at.code: "=" + self._noted(raw, self.code(name, entry, self._noted(raw))),
            at.figure: f'=IF(OR({",".join(mute)}),"",{entry})',
            at.link: f"#{raw.replace('$', '')}",
            at.place: field.place,
        })  # fmt: skip

    def code(self, name: str, entry: str, formula: str = NOTHING) -> str:
        """The first rule that refuses an entry, or else ``formula``; later rules are not asked."""
        for case in reversed([c for c in self.rules.cases if c.is_input and c.at == name]):
            formula = f'IF({case.test.excel(lambda _: entry)},{formula},"{case.rule.id}")'
        return formula

    def _noted(self, raw: str, otherwise: str = "") -> str:
        """The rule that refuses a cell for what it is, whatever stands in it; or that asks about its look.

        Of a figure that is refused nobody asks how it looks.
        """
        mine = [r for r in self.rules.rules if r.check in NOTED and r.silences is bool(otherwise)]
        otherwise = otherwise or NOTHING
        for rule in mine:
            if rule.id not in self.rules.off:
                first, end = TYPED_DAYS
                seen = NOTED[rule.check].format(at=raw, first=first, end=end)
                otherwise = f'IF({seen},"{rule.id}",{otherwise})'
        return otherwise

    def _case(self, case: Case, row: int) -> None:
        at, state = self.at.case, self.cell(self.at.case.state, row)
        self.row(row, {
            at.rule: case.rule.id,
            at.at: case.at,
            at.state: "=" + self.state(case),
            at.message: f'=IF({state}=1,{self._message(case)},"")',
            at.link: self.link(case.at),
            at.place: self.place(case.at),
        })  # fmt: skip

    def state(self, case: Case) -> str:
        """The case as one formula: 0 passed, 1 failed, 2 not runnable, 3 not applicable."""
        formula = f"IF({case.test.excel(self.figure)},0,1)"
        if case.when:
            formula = f"IF({case.when.excel(self.figure)},{formula},3)"
        old = [self.figure(n) for n in case.needs if n.startswith(LAST)]
        new = [self.figure(n) for n in case.needs if not n.startswith(LAST)]
        for cells, missing in ((new, 2), (old, 3)):
            if cells:
                formula = f"IF(COUNT({','.join(ranges(cells))})<{len(cells)},{missing},{formula})"
        return formula

    def open(self, case: Case, n: int) -> str:
        """1 while the case fails and no 说明 settles it."""
        failed = f"({self.cell(self.at.case.state, self.case_row[case.rule.id, n])}=1)"
        return f"{failed}*(1-{self.rule(case.rule.id).settled})" if case.rule.takes_answer else failed

    def unexplained(self, case: Case, n: int) -> str:
        """1 while the case fails and no other tells of the same figure: from last year alone, or as odd."""
        known = "+".join(self.open(other, m) for m, other in enumerate(self.cases) if explains(other, case))
        return f"{self.open(case, n)}*({known}=0)" if known else self.open(case, n)

    def is_told_by_others(self, rule: Rule) -> bool:
        """Whether what it asks of a figure may be told by another rule, which doubts the figure."""
        mine = [case for case in self.cases if case.rule is rule]
        return any(other.rule.doubts and explains(other, case) for case in mine for other in self.cases)

    def asked(self, rows: Iterable[int]) -> list[str]:
        """How many entries of these rows are only asked about by themselves and not settled, a rule each."""
        codes = self.column(self.at.field.code, rows)
        return [f"{count(codes, excel_text(r.id))}*(1-{self.rule(r.id).settled})" for r in self.asking]

    def refused(self, rows: Iterable[int]) -> str:
        """How many entries of these rows are wrong in themselves, those not yet filled apart."""
        codes = self.column(self.at.field.code, rows)
        no_errors = ("", self.rules.unfilled, *(r.id for r in self.asking))
        return f"SUMPRODUCT({'*'.join(f'({codes}<>{excel_text(one)})' for one in no_errors)})"

    def link(self, at: str) -> str:
        return "#" + self.word(at).replace("$", "")

    def place(self, at: str) -> str:
        return self.form.fields[at].place if at in self.form.fields else self.form.labels[at]

    def _message(self, case: Case) -> str:
        return message(case.rule.message, case.labels, lambda n: case.say[n].excel(self.figure))

    def current(self) -> str:
        """Whether what the last check found still stands: nothing changed, and no 说明 written since."""
        return self.meta(self.at.cell.current)

    def told_number(self, number: str, severity: Severity, *keys: str) -> str:
        """How many places of these sheets are to be mended, as far as anybody knows.

        Of errors that the formulas see there may be more; what only the last check could see may be mended
        since. So since a change the two stand side by side and are never added up.
        """
        words, kept = self.layout.banner, self.kept(severity, *keys)
        least = excel_text(words.least if severity == "error" else "")
        live, old = f"{least}&({number}-{kept})", f"{excel_text(words.known)}&{kept}"
        both = f"{live}&{excel_text(words.apart)}&{old}"
        since = f"IF({kept}=0,{live},IF({kept}={number},{old},{both}))"
        return f"IF(OR({number}=0,{self.current()}),{number},{since})"

    def kept(self, severity: Severity, *keys: str) -> str:
        """How many places on these sheets, or on all, only the last check could see."""
        rows = [self.count_row[key] for key in keys or self.count_row]
        return f"SUM({self.column(getattr(self.at.counted, f'kept_{severity}s'), rows)})"

    def marked(self, places: Iterable[str], state: str) -> str:
        """How many findings of the button have this state at one of these places, as a formula."""
        rows, at = list(self.rule_row.values()), self.at
        lists = ((at.found, rows), (at.first, range(at.first_row, at.first_row + at.first_rows)))
        terms = []
        for columns, lines in lists:
            states, link = (self.column(column, lines) for column in (columns.state, columns.link))
            here = "+".join(f"({link}={excel_text(place)})" for place in places)
            terms.append(f"SUMPRODUCT(({states}={excel_text(state)})*({here}))")
        return "+".join(terms)

    def row(self, row: int, parts: Mapping[str, object]) -> None:
        """Write into a row's columns."""
        for column, value in parts.items():
            self.set(f"{column}{row}", value)

    def set(self, address: str, value: object) -> None:
        self.sheet[address].value = value


def explains(other: Case, case: Case) -> bool:
    """Whether a case that fails is told by another one: of its cells one is wrong alone, or hardly meant."""
    alone = other.rule.severity == case.rule.severity == "error" and len(other.fields) == 1
    sums = bool(case.rule.beside) and alone
    doubt = other.rule.doubts and not case.rule.doubts and case.rule.severity != "error"
    return other.at in case.fields and (sums or doubt)


def on(sheet: str, cell: str) -> str:
    """A fixed address on a sheet: '三、申请办理'!$E$6."""
    return f"'{sheet}'!{fixed(cell)}"


def fixed(cell: str) -> str:
    """An address that stays when a formula is copied: E6 is $E$6."""
    return re.sub(r"([A-Z]{1,3})(\d+)", r"$\1$\2", cell)


def count(cells: str, *values: str) -> str:
    """How many of these cells hold one of the values, as a formula.

    COUNTIF is not used: over cells that are formulas themselves ONLYOFFICE counts what they held before.
    """
    same = [f"({cells}={value})" for value in values] or ["0"]
    return f"SUMPRODUCT({'+'.join(same)})" if len(same) > 1 else f"SUMPRODUCT({same[0]}*1)"


def message(text: str, labels: Mapping[str, str], address: Callable[[str], str]) -> str:
    """A sentence with placeholders as an Excel formula: "总计填 "&K6&"。"."""
    parts = []
    for n, part in enumerate(re.split(r"\{([\w+-]+)\}", text)):
        if n % 2 and part not in labels:
            figure = re.sub(r"[a-z]\w*", lambda name: address(name[0]), part)
            # a difference would show the dust of Excel's doubles: 0.30000000000004
            parts.append(f"ROUND({figure},{DIGITS})" if re.search("[+-]", part) else f"({figure})")
        elif part:
            parts.append('"' + labels.get(part, part).replace('"', '""') + '"' if n % 2 else excel_text(part))
    return "&".join(parts)


def excel_text(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
