"""One expression, two meanings: pairs of text, value and Excel."""

from decimal import Decimal

import pytest

from xlcheck.core.expression import parse
from xlcheck.core.formula import FormulaError, ranges

CELLS = {"a": Decimal(3), "b": Decimal("0.5"), "c": Decimal(-2), "gone": None, "word": "无"}
PAIRS = [
    ("a + b", Decimal("3.5"), "(A+B)"),
    ("a - c", Decimal(5), "(A-C)"),
    ("-a * b", Decimal("-1.5"), "((-A)*B)"),
    ("a == 3", True, "(ROUND(A-3,6)=0)"),
    ("a != 3", False, "(ROUND(A-3,6)<>0)"),
    ("b <= 0.5000004", True, "(ROUND(B-0.5000004,6)<=0)"),
    ("a < 3", False, "(ROUND(A-3,6)<0)"),
    ("a >= 3 and not c > 0", True, "AND((ROUND(A-3,6)>=0),NOT((ROUND(C-0,6)>0)))"),
    ("implies(a > 9, b > 9)", True, "OR(NOT((ROUND(A-9,6)>0)),(ROUND(B-9,6)>0))"),
    ("sum(a, b, c)", Decimal("1.5"), "SUM(A,B,C)"),
    ("sum(g)", Decimal("1.5"), "SUM(A,B,C)"),
    ("whole(b)", False, "(ROUND(B-ROUND(B,0),6)=0)"),
    ("blank(gone)", True, 'IF(ISTEXT(GONE),LEN(TRIM(CLEAN(SUBSTITUTE(GONE,"　"," "))))=0,ISBLANK(GONE))'),
    ("number(word)", False, "ISNUMBER(WORD)"),
    ("given(gone) + a", Decimal(3), "(N(GONE)+A)"),
    ("any_of(word, '无', '没有')", True, 'OR(WORD="无",WORD="没有")'),
    ("any_of(word, none)", True, 'OR(WORD="无",WORD="没有")'),
    ("ends(word, none)", True, 'OR(RIGHT(WORD,1)="无",RIGHT(WORD,2)="没有")'),
    ("ends(gone, '无')", False, 'OR(RIGHT(GONE,1)="无")'),
    ("says(word, '没有', '无')", True, 'OR(ISNUMBER(FIND("没有",WORD)),ISNUMBER(FIND("无",WORD)))'),
    ("says(a, '无')", False, 'OR(ISNUMBER(FIND("无",A)))'),
    ("same(word, '有')", False, '(WORD="有")'),
]


def members(name):
    return ("a", "b", "c") if name == "g" else (name,)


@pytest.mark.parametrize(("text", "value", "excel"), PAIRS)
def test_one_expression_has_two_meanings(text, value, excel):
    formula = parse(text, members, lists={"none": ("无", "没有")})
    assert (formula.value(CELLS.get), formula.excel(str.upper)) == (value, excel)


@pytest.mark.parametrize(
    "text", ["a if b else c", "a[0]", "lambda: a", "print(a)", "a < b < c", "a // b", "g", "True"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(FormulaError):
        parse(text, members)


@pytest.mark.parametrize(
    ("text", "needs"), [("blank(a) or b > 0", ("b",)), ("given(a) > 0", ()), ("sum(g) == a", ("a", "b", "c"))]
)
def test_a_look_at_a_cell_does_not_need_its_figure(text, needs):
    assert sorted(parse(text, members).needs) == sorted(needs)


@pytest.mark.parametrize(
    ("cells", "joined"),
    [
        (["E8", "E9", "E10"], ["E8:E10"]),
        (["x!$D$1", "x!$D$2", "x!$D$4"], ["x!$D$1:$D$2", "x!$D$4"]),
        (["E8", "F8"], ["E8", "F8"]),
    ],
)
def test_neighbours_become_a_range(cells, joined):
    assert ranges(cells) == joined
