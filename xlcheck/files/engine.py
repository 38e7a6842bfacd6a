"""The hidden sheet: every rule compiled to Excel formulas, so that the workbook checks itself."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from xlcheck import data
from xlcheck.core.check import stated_values
from xlcheck.core.filing import Filing
from xlcheck.core.form import TABLES, Form
from xlcheck.core.formula import Entry, ranges
from xlcheck.core.rules import LAST, Case, Rule
from xlcheck.files.catalogue import Edition

BLANK = 7919  # what a blank counts in the check sum


class Engine:
    """Where everything stands on the hidden sheet, and the formulas that fill it."""

    def __init__(self, edition: Edition, sheet: Worksheet) -> None:
        self.form, self.rules = edition
        self.sheet = sheet
        self.at: Mapping[str, Any] = data.toml("workbook")["hidden"]
        self.words: Mapping[str, Any] = data.toml("workbook")
        first = self.at["first_row"]
        self.field_row = {name: first + n for n, name in enumerate(self.form.fields)}
        self.cases = [c for c in self.rules.cases if not c.is_input]
        self.case_row = {(c.rule.id, n): first + n for n, c in enumerate(self.cases)}
        self.rule_row = {r.id: first + n for n, r in enumerate(self.rules.rules)}

    # ---------------------------------------------------------------- addresses
    def meta(self, name: str) -> str:
        return f"{self.sheet.title}!{_fixed(self.at[name])}"

    def cell(self, block: str, part: str, row: int) -> str:
        return f"{self.sheet.title}!${self.at[block][part]}${row}"

    def column(self, block: str, part: str, rows: Iterable[int]) -> str:
        """All of a block's cells in one column, for COUNTIF and INDEX."""
        rows = list(rows)
        return f"{self.cell(block, part, rows[0])}:${self.at[block][part]}${rows[-1]}"

    def figure(self, name: str) -> str:
        """The address of what a name stands for in a rule's test."""
        if name.startswith(LAST):
            return self.cell("field", "last", self.field_row[name.removeprefix(LAST)])
        if name.startswith(TABLES):
            return self.cell("field", "figure", self.field_row[name])
        return self.word(name)

    def word(self, name: str) -> str:
        """The address of a cover entry, a text or an option."""
        for option in self.form.options:
            if option.id == name:
                return on(option.sheet, option.cell)
        sheet, cells = ("text", self.form.texts) if name in self.form.texts else ("cover", self.form.cover)
        return on(self.form.sheets[sheet], cells[name])

    # ---------------------------------------------------------------- writing
    def write(self) -> None:
        """Fill the hidden sheet: identity, fields, cases, rules, banner."""
        for name in ("edition", "version"):
            self._set(self.at[name], self.form.edition if name == "edition" else self.words["version"])
        for name, cell in self.at.items():
            if isinstance(cell, str):
                self.sheet[f"A{cell[1:]}"] = name
        for name, row in self.field_row.items():
            self._field(name, row)
        for (_, n), row in self.case_row.items():
            self._case(self.cases[n], row)
        for rule in self.rules.rules:
            self._rule(rule, self.rule_row[rule.id])
        for name, formula in self._totals().items():
            self._set(self.at[name], "=" + formula)

    def _field(self, name: str, row: int) -> None:
        field = self.form.fields[name]
        raw = on(field.sheet, field.cell)
        nil = next((o for o in self.form.options if o.nil == field.table), None)
        blank = f'IF(LEN({on(nil.sheet, nil.cell)})>0,0,"")' if nil else '""'
        entry, code = self.cell("field", "entry", row), self.cell("field", "code", row)
        mute = [f'{code}="{r.id}"' for r in self.rules.rules if r.silences and r.test]
        self._row("field", row, {
            "name": name,
            "entry": f"=IF(ISBLANK({raw}),{blank},{raw})",
            "code": "=" + self.code(name, entry),
            "figure": f'=IF(OR({",".join(mute)}),"",{entry})',
            "link": f"#{raw.replace('$', '')}",
            "place": field.place,
        })  # fmt: skip

    def code(self, name: str, entry: str) -> str:
        """The first rule that refuses an entry, or nothing; later rules are not asked."""
        formula = '""'
        for case in reversed([c for c in self.rules.cases if c.is_input and c.at == name]):
            formula = f'IF({case.test.excel(lambda _: entry)},{formula},"{case.rule.id}")'
        return formula

    def _case(self, case: Case, row: int) -> None:
        state = self.cell("case", "state", row)
        self._row("case", row, {
            "rule": case.rule.id,
            "at": case.at,
            "state": "=" + self.state(case),
            "message": f'=IF({state}=1,{self._message(case)},"")',
            "link": self.link(case.at),
            "place": self.place(case.at),
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

    def link(self, at: str) -> str:
        field = self.form.fields.get(at)
        return "#" + (on(field.sheet, field.cell) if field else self.word(at)).replace("$", "")

    def place(self, at: str) -> str:
        if at in self.form.fields:
            return self.form.fields[at].place
        texts, cover = self.words["texts"], self.words["cover"]
        found = texts.get(at) or cover.get(at)
        label: str = found["label"] if found else next(o.label for o in self.form.options if o.id == at)
        return label

    def _message(self, case: Case) -> str:
        return message(case.rule.message, case.labels, lambda n: case.say[n].excel(self.figure))

    # ---------------------------------------------------------------- one line a rule
    def _rule(self, rule: Rule, row: int) -> None:
        cell = {part: self.cell("rule", part, row) for part in self.at["rule"]}
        counts = self._counts(rule)
        first = self._first(rule)
        self._row("rule", row, {
            "rule": rule.id,
            **{name: "=" + formula for name, formula in counts.items()},
            "state": "=" + self._state_word(rule, cell),
            **{name: f'=IF({cell["failed"]}>0,{formula},"")' for name, formula in first.items()},
            "rank": "=" + self._rank(row),
        })  # fmt: skip

    def _counts(self, rule: Rule) -> dict[str, str]:
        if rule.check:
            return {"failed": "0", "waiting": "0", "not_applicable": "0"}
        if self._is_input(rule):
            codes = self.column("field", "code", self.field_row.values())
            earlier = [r.id for r in self.rules.rules if self._is_input(r) and r.id < rule.id]
            waiting = "+".join(f'COUNTIF({codes},"{e}")' for e in earlier) or "0"
            return {"failed": f'COUNTIF({codes},"{rule.id}")', "waiting": waiting, "not_applicable": "0"}
        states = self._states(rule)
        names = {"failed": 1, "waiting": 2, "not_applicable": 3}
        return {name: f"COUNTIF({states},{n})" for name, n in names.items()}

    def _first(self, rule: Rule) -> dict[str, str]:
        """Message, link and place of the rule's first failing case."""
        if rule.check:
            return {}
        if self._is_input(rule):
            rows: Sequence[int] = list(self.field_row.values())
            which = f'MATCH("{rule.id}",{self.column("field", "code", rows)},0)'
            typed = f"INDEX({self.column('field', 'entry', rows)},{which})"
            said = {"message": message(rule.message, {}, lambda _: typed)}
            block = "field"
        else:
            rows = [row for (rule_id, _), row in self.case_row.items() if rule_id == rule.id]
            which = f"MATCH(1,{self.column('case', 'state', rows)},0)"
            said = {"message": f"INDEX({self.column('case', 'message', rows)},{which})"}
            block = "case"
        return said | {p: f"INDEX({self.column(block, p, rows)},{which})" for p in ("link", "place")}

    def _state_word(self, rule: Rule, cell: Mapping[str, str]) -> str:
        words = self.words["states"]
        if rule.check:
            return f'"{words["unrun"]}"'
        failed = f'"{words[rule.severity]}"'
        if rule.open:
            failed = f'"{words["waiting"]}"'
        elif rule.severity != "error":
            failed = f'IF(LEN({cell["answer"]})>0,"{words["answered"]}",{failed})'
        elif earlier := [self.cell("rule", "failed", self.rule_row[b]) for b in rule.beside if b < rule.id]:
            failed = f'IF({"+".join(earlier)}>0,"{words["same"]}",{failed})'
        total = sum(c.rule.id == rule.id for c in self.rules.cases)
        sound = f'IF({cell["waiting"]}>0,"{words["waiting"]}","{words["passed"]}")'
        sound = f'IF({cell["not_applicable"]}={total},"{words["none"]}",{sound})'
        return f"IF({cell['failed']}>0,{failed},{sound})"

    def _rank(self, row: int) -> str:
        """Errors first, then warnings, in the order of the list; the short list picks by rank."""
        rows = list(self.rule_row.values())
        state, all_states = self.cell("rule", "state", row), self.column("rule", "state", rows)
        so_far = self.column("rule", "state", [rows[0], row])
        error, warning = (self.words["states"][w] for w in ("error", "warning"))
        return (
            f'IF({state}="{error}",COUNTIF({so_far},"{error}"),IF({state}="{warning}",'
            f'COUNTIF({all_states},"{error}")+COUNTIF({so_far},"{warning}"),""))'
        )

    # ---------------------------------------------------------------- the whole
    def _totals(self) -> dict[str, str]:
        found = f"AND({self.meta('unchanged')},LEN({self.meta('pressed')})>0)"
        entries = self.column("field", "entry", self.field_row.values())
        typed = f"COUNT({entries})+" + "+".join(f"(LEN({self.word(t)})>0)" for t in self.form.texts)
        return {
            "sum": self._check_sum(),
            "unchanged": f"{self.meta('sum')}={self.meta('pressed_sum')}",
            "errors": f"IF({found},{self.meta('found_errors')},{self._places('error')})",
            "warnings": f"IF({found},{self.meta('found_warnings')},{self._places('warning')})",
            "open": "+".join(self._failed(r) for r in self.rules.rules if r.open),
            "filled": typed,
            **{
                n: f'COUNTIF({self._all_states()},"{self.words["states"][n]}")'
                for n in ("passed", "answered")
            },
            "banner": self._banner("banner"),
            "sign": self._banner("sign"),
        }

    def _check_sum(self) -> str:
        terms = []
        for name, weight in _weights(self.form).items():
            row = self.field_row.get(name)
            part = f"N({self.cell('field', 'entry', row)})" if row else f"LEN({self.word(name)})"
            terms.append(f"{part}*{weight}")
        blanks = f'COUNTIF({self.column("field", "code", self.field_row.values())},"R101")*{BLANK}'
        return f"ROUND({'+'.join([*terms, blanks])},4)"

    def _places(self, severity: str) -> str:
        """How many places there are at least: of rules that break together, the one that broke most often.

        One wrong cell breaks at most one equation of each family, so no fewer cells can be wrong.
        """
        mine = [r for r in self.rules.rules if r.severity == severity and not r.open and r.test]
        heads = [r for r in mine if not any(b < r.id for b in r.beside)]
        if severity != "error":
            answers = [(self._failed(r), self.cell("rule", "answer", self.rule_row[r.id])) for r in heads]
            return "+".join(f"IF(LEN({answer})>0,0,{failed})" for failed, answer in answers)
        return "+".join(
            f"MAX({','.join(self._failed(self.rules.of(i)) for i in (r.id, *r.beside))})" for r in heads
        )

    def _banner(self, what: str) -> str:
        words = self.words["banner"]
        signs = {"fresh": "○", "errors": "×", "open": "○", "warnings": "！", "clean": "√"}
        said = {
            key: message(words[key], {}, self.meta) if what == "banner" else f'"{sign}"'
            for key, sign in signs.items()
        }
        errors, unfilled, warnings = (self.meta(n) for n in ("errors", "open", "warnings"))
        return (
            f"IF({self.meta('filled')}=0,{said['fresh']},IF({errors}>0,{said['errors']},"
            f"IF({unfilled}>0,{said['open']},IF({warnings}>0,{said['warnings']},{said['clean']}))))"
        )

    def _failed(self, rule: Rule) -> str:
        return self.cell("rule", "failed", self.rule_row[rule.id])

    def _states(self, rule: Rule) -> str:
        rows = [row for (rule_id, _), row in self.case_row.items() if rule_id == rule.id]
        return self.column("case", "state", rows)

    def _all_states(self) -> str:
        return self.column("rule", "state", self.rule_row.values())

    def _is_input(self, rule: Rule) -> bool:
        return any(c.is_input for c in self.rules.cases if c.rule is rule)

    def _row(self, block: str, row: int, parts: Mapping[str, object]) -> None:
        for part, value in parts.items():
            self._set(f"{self.at[block][part]}{row}", value)

    def _set(self, address: str, value: object) -> None:
        self.sheet[address].value = value


def _weights(form: Form) -> dict[str, int]:
    """What each entry counts in the check sum that tells whether anything changed since the check."""
    texts = ("kind", *form.texts)
    return {n: i + 1 for i, n in enumerate(form.fields)} | {n: 1000 + i for i, n in enumerate(texts)}


def check_sum(form: Form, filing: Filing) -> float:
    """The same sum as the workbook's own: figures by weight, texts by length, blanks counted."""
    stated = stated_values(form, filing)
    total = Decimal(sum(entry is None for entry in stated.values()) * BLANK)
    for name, weight in _weights(form).items():
        entry = stated[name] if name in stated else _length(filing.word(name))
        total += entry * weight if isinstance(entry, Decimal) else 0
    return float(round(total, 4))


def _length(text: Entry) -> Decimal:
    """A text's length as LEN counts it, in UTF-16 units."""
    return Decimal(len(str(text or "").encode("utf-16-le")) // 2)


def on(sheet: str, cell: str) -> str:
    """A fixed address on a sheet: '三、申请办理'!$E$6."""
    return f"'{sheet}'!{_fixed(cell)}"


def _fixed(cell: str) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cell)


def message(text: str, labels: Mapping[str, str], address: Any) -> str:
    """A sentence with placeholders as an Excel formula: "总计填 "&K6&"。"."""
    parts = []
    for n, part in enumerate(re.split(r"\{([\w+-]+)\}", text)):
        if n % 2 and part not in labels:
            parts.append(re.sub(r"[a-z]\w*", lambda name: address(name[0]), part).join("()"))
        elif part:
            parts.append('"' + labels.get(part, part).replace('"', '""') + '"' if n % 2 else quoted(part))
    return "&".join(parts)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
