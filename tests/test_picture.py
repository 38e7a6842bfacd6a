"""The picture of a year says the cells' own numbers, all of them that are not 0, and fetches nothing."""

import re
import sys
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest
from by_name import dump_filing
from docx import Document
from lxml import html
from tables import filing
from test_draft import run

from xlcheck import data
from xlcheck.cli import main
from xlcheck.core.filing import figure_text
from xlcheck.data.picture import picture_words
from xlcheck.editions import edition_named
from xlcheck.report.amounts import PictureFigures
from xlcheck.report.bar_chart import bar_charts, bars_of_year, one_bar_chart
from xlcheck.report.picture import picture_html

EVERY = [(edition, seed) for edition in data.editions() for seed in range(12)]


def drawn(edition, seed, last=None):
    form = edition_named(edition).form
    filed = filing(form, Random(seed))
    return filed, html.fromstring(picture_html(form, filed, last))


def told(page):
    """The bold figures of each section, in order."""
    bold = ".//b | .//*[local-name()='tspan'][@font-weight]"
    return [[one.text_content().strip() for one in section.xpath(bold)] for section in page.iter("section")]


@pytest.mark.parametrize(("edition", "seed"), EVERY)
def test_every_number_is_a_cells_own(edition, seed):
    form = edition_named(edition).form
    filed, page = drawn(edition, seed)
    flow, applicants, outcomes, cases, disclosed = told(page)
    value = lambda name: sum((filed.values[one] for one in form.members(name)), Decimal(0))  # noqa: E731
    groups = ("granted", "partial", "denied", "unable", "rejected", "other", "carry_out")
    come = [value(f"t3.{row}.total") for row in ("new", "carry_in")]
    expected = [*come, *(value(f"t3.{row}.total") for row in groups), sum(come)]
    assert flow == [figure_text(n) for n in expected if n] or not sum(come)
    who = [filed.values[n] for n in form.members("t3.new")]
    assert applicants == [figure_text(n) for n in who if n]
    assert outcomes == [figure_text(n) for row in groups[:-1] if (n := value(f"t3.{row}.total"))]
    totals = [filed.values[f"t4.{case}.total"] for case in ("review", "direct", "after_review")]
    assert cases == ([figure_text(n) for n in totals] if sum(totals) else [])
    rows = {f.row.id: [] for f in form.fields.values() if f.table == "t2"}
    for name, field in form.fields.items():
        if field.table == "t2":
            rows[field.row.id].append(filed.values[name])
    assert disclosed == [figure_text(n) for row in rows.values() if any(row) for n in row]


@pytest.mark.parametrize("edition", data.editions())
def test_last_year_stands_beside_each_figure(edition):
    form = edition_named(edition).form
    last = filing(form, Random(90))
    _, page = drawn(edition, 2, last)
    said = page.text_content()
    for name in ("t3.new.natural", "t3.granted.total", "t2.normative.made"):
        assert picture_words().last.format(figure=figure_text(last.values[name])) in said
    assert picture_words().last.partition("{")[0] not in drawn(edition, 2)[1].text_content()


def test_a_year_without_anything_is_said_in_words():
    form = edition_named("2021").form
    filed = filing(form, Random(1))
    page = picture_html(form, filed._replace(values=dict.fromkeys(filed.values, Decimal(0))), None)
    words = picture_words()
    for part in (words.flow, words.applicants, words.outcomes, words.cases, words.disclosed):
        assert part.none in page
    assert "<svg" not in page


def test_no_name_becomes_markup_and_nothing_is_fetched():
    form = edition_named("2021").form
    page = picture_html(form, filing(form, Random(2))._replace(unit="<script>镇</script>"), None)
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|src=|href=", page)


@pytest.mark.parametrize("edition", data.editions())
def test_the_bars_of_a_page_have_one_scale(edition):
    """Equal figures of different sections have bars of one length; so have all in the one drawing."""
    form = edition_named(edition).form
    figures = PictureFigures(form, filing(form, Random(5)), None)
    for drawings in (bar_charts(bars_of_year(figures)), [one_bar_chart(bars_of_year(figures))]):
        lengths = {}
        for drawing in filter(None, drawings):
            svg = html.fromstring(drawing)
            wide = iter(float(one.get("width")) for one in svg.iter("rect"))
            bold = [one.text for one in svg.iter("tspan") if one.get("font-weight")]
            for figure in (Decimal(text) for text in bold if text != "0"):
                lengths.setdefault(figure, set()).add(next(wide))
        most = max(lengths)
        assert all(len(some) == 1 for some in lengths.values())
        assert all(abs(float(n / most) * max(lengths[most]) - max(w)) <= 1 for n, w in lengths.items())


@pytest.mark.parametrize(("name", "value", "said"), [
    ("resvg_py", None, "no_library"),
    ("resvg_py", SimpleNamespace(svg_to_bytes=lambda *_, **__: b""), "no_letters"),
])  # fmt: skip
def test_where_no_chart_can_be_drawn_the_report_is_whole_and_says_so(
    name, value, said, tmp_path, monkeypatch, capsys
):
    (tmp_path / "数.json").write_text(dump_filing(drawn("2021", 2)[0]), encoding="utf-8")
    monkeypatch.setitem(sys.modules, name, value)
    monkeypatch.chdir(tmp_path)
    assert main(["report", "数.json", "-o", "报告.docx", "--picture"]) == 0
    assert getattr(picture_words(), said) in capsys.readouterr().err
    written = Document("报告.docx")
    assert (len(written.inline_shapes), len(written.tables)) == (0, 3)


def test_a_report_of_zeros_says_why_it_has_no_chart(tmp_path, monkeypatch, capsys):
    filed = filing(edition_named("2021").form, Random(1))
    zeros = filed._replace(values=dict.fromkeys(filed.values, Decimal(0)))
    (tmp_path / "零.json").write_text(dump_filing(zeros), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["report", "零.json", "-o", "报告.docx", "--picture", "--draft"]) == 0
    assert picture_words().no_figures in capsys.readouterr().err
    assert not Document("报告.docx").inline_shapes


def test_the_command_draws_it_and_refuses_what_it_cannot(tmp_path):
    filed = filing(edition_named("2021").form, Random(3))
    (tmp_path / "数.json").write_text(dump_filing(filed), encoding="utf-8")
    assert run(tmp_path, "report", "数.json", "-o", "图解.html", "--picture").returncode == 0
    assert "校验码" in (tmp_path / "图解.html").read_text(encoding="utf-8")
    assert run(tmp_path, "report", "数.json", "-o", "报告.docx", "--picture").returncode == 0
    written = Document(str(tmp_path / "报告.docx"))
    assert len(written.inline_shapes) == 2
    blank = filed._replace(values={**filed.values, "t3.new.natural": None})
    (tmp_path / "空.json").write_text(dump_filing(blank), encoding="utf-8")
    for more, status in (((), 1), (("--draft",), 2)):
        done = run(tmp_path, "report", "空.json", "-o", "空.html", "--picture", *more)
        assert (done.returncode, (tmp_path / "空.html").exists()) == (status, False)
    wrong = filed._replace(values={**filed.values, "t3.new.natural": filed.values["t3.new.natural"] + 1})
    (tmp_path / "错.json").write_text(dump_filing(wrong), encoding="utf-8")
    assert run(tmp_path, "report", "错.json", "-o", "错.html", "--picture", "--draft").returncode == 0
    page = (tmp_path / "错.html").read_text(encoding="utf-8")
    assert ("草稿" in page, "校验码" in page) == (True, False)
