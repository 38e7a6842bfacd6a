"""What Excel itself refuses and LibreOffice does not: every cell of both templates is looked at."""

import re
from collections import Counter

import openpyxl
import pytest
from by_name import build_template

from xlcheck.data.workbook import workbook
from xlcheck.saving import save
from xlcheck.template import checklist


@pytest.fixture(scope="module", params=["2019", "2021"])
def book(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("limits") / "表.xlsx"
    save(build_template(request.param), path)
    return openpyxl.load_workbook(path)


def formulas(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield f"{sheet.title}!{cell.coordinate}", str(cell.value)
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                for formula in rule.formula:
                    yield f"{sheet.title}!{area.sqref} (format)", formula


def nesting(formula):
    depth = deepest = 0
    for part in re.sub(r'"(?:[^"]|"")*"', "", formula):
        depth += (part == "(") - (part == ")")
        deepest = max(deepest, depth)
    return deepest


def arguments(formula):
    """The most arguments of any call in the formula."""
    counts, most = [0], 0
    for part in re.sub(r'"(?:[^"]|"")*"', '""', formula):
        if part == "(":
            counts.append(1)
        elif part == ")":
            most = max(most, counts.pop())
        elif part == ",":
            counts[-1] += 1
    return most


LIMITS = {
    "8192 characters": lambda f: len(f) <= 8192,
    "255 in a text": lambda f: all(len(t) <= 257 for t in re.findall(r'"(?:[^"]|"")*"', f)),
    "64 levels": lambda f: nesting(f) <= 64,
    "255 arguments": lambda f: arguments(f) <= 255,
    "brackets": lambda f: f.count('"') % 2 == 0,
}


@pytest.mark.parametrize("limit", LIMITS)
def test_every_formula_is_within_excels_limits(book, limit):
    assert [at for at, formula in formulas(book) if not LIMITS[limit](formula)] == []


def test_no_formula_counts_by_a_criterion(book):
    """Of cells that are formulas themselves ONLYOFFICE counts by a criterion what they held before."""
    criteria = re.compile(r"\b(?:COUNT|SUM|AVERAGE|MAX|MIN)IFS?\(|\bCOUNTBLANK\(|\bD(?:COUNT|SUM)\(")
    assert [at for at, f in formulas(book) if criteria.search(re.sub(r'"[^"]*"', "", f))] == []


def test_no_format_looks_at_another_sheet(book):
    looks = [at for at, f in formulas(book) if "(format)" in at and "!" in re.sub(r'"[^"]*"', "", f)]
    assert looks == []


def test_priorities_of_formats_are_unique(book):
    for sheet in book:
        ranks = Counter(rule.priority for area in sheet.conditional_formatting for rule in area.rules)
        assert [n for n, times in ranks.items() if times > 1] == [], sheet.title


def test_what_the_clerk_is_told_while_typing_fits(book):
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.error or "") <= 255
            assert len(rule.prompt or "") <= 255
            assert len(rule.errorTitle or "") <= 32
            assert len(rule.promptTitle or "") <= 32
            assert rule.type != "list" or len(rule.formula1) <= 257


def test_defined_names_are_no_addresses(book):
    assert [n for n in book.defined_names if re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*", n)] == []


def test_a_quote_in_a_sentence_does_not_break_a_formula(monkeypatch):
    words = workbook().words._replace(no_last='没有"上年"报告', never_pressed='还没有"校验"过')
    quoted = workbook()._replace(words=words)
    monkeypatch.setattr(checklist, "workbook", lambda: quoted)
    found = [f for _, f in formulas(build_template("2021"))]
    assert not [f for f in found if re.search(r'[^"]"(?:上年|校验)"[^"]', f)]
    assert [f for f in found if '没有""上年""报告' in f]
    assert [f for f in found if '还没有""校验""过' in f]
