"""Figures in Chinese text: value, unit, exactness, year and place; and what is no figure."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcheck.core.text.arithmetic.enumerations import bad_sums
from xlcheck.core.text.words.numbers import find_figures, lay_out, numerals, value_of
from xlcheck.data.claims import claims
from xlcheck.data.text import figure_writing

HOW = numerals(figure_writing())
LISTS = claims().parts
CASES = tomllib.loads(Path(__file__).with_name("text_cases.toml").read_text(encoding="utf-8"))
NUMERALS = {"〇": 0, "十": 10, "十二": 12, "二十": 20, "一百零五": 105, "一千二": 1200, "三万五千": 35000}
LETTERS = (
    "0123456789０,，.。、；：（）()《》“”一二十百千万亿零年月日件条元%"
    "未收到无同比上年其中申请\n \t\x07\u3000繁體請"
)


def cases(name: str) -> list[tuple[str, list]]:
    return [(case["say"], case["is"]) for case in CASES[name]]


@pytest.mark.parametrize(("text", "expected"), cases("stated"))
def test_each_stated_figure_is_read_where_it_stands(text, expected):
    told = [
        f"{text[f.start : f.end]}{'=' if f.exact else '~'}{f.value.normalize():f}"
        for f in find_figures(text, HOW)
    ]
    assert told == expected


@pytest.mark.parametrize("text", CASES["none"]["say"])
def test_heads_dates_numbers_of_documents_and_telephones_are_no_figures(text):
    assert find_figures(text, HOW) == ()


@pytest.mark.parametrize(("text", "expected"), cases("prior"))
def test_a_change_against_last_year_is_not_this_years_figure(text, expected):
    assert [f.prior for f in find_figures(text, HOW)] == expected


@pytest.mark.parametrize(("text", "expected"), cases("years"))
def test_a_year_named_holds_to_the_end_of_its_sentence_or_bracket(text, expected):
    assert [f.year or 0 for f in find_figures(text, HOW)] == expected


@pytest.mark.parametrize(("text", "value"), [*NUMERALS.items(), ("二〇二四", 2024), ("1,234", 1234)])
def test_numerals(text, value):
    assert value_of(text, HOW) == value


@pytest.mark.parametrize(("text", "expected"), cases("parts"))
def test_a_list_that_does_not_make_its_whole(text, expected):
    found = [(odd.whole, sum(odd.parts)) for odd in bad_sums(lay_out(text, HOW), LISTS)]
    assert found == [(Decimal(whole), Decimal(total)) for whole, total in expected]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=200))
def test_any_text_is_read_and_every_place_lies_in_it(text):
    for figure in find_figures(text, HOW):
        assert 0 <= figure.start < figure.end <= len(text)
        assert figure.value >= 0
