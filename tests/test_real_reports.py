"""Published reports go through fill, check and report: every real fault is found, no sound one is blamed."""

import json
from decimal import Decimal

import pytest
from by_name import build_template, fill_workbook, judge, write_report
from conftest import SHARED, shared

from xlcheck.core.filing import Filing
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.workbook.reading import read

COMPLETE = {  # the report, and the faults of its tables that were verified by hand: rule and place
    "001_huaian2024": set(),
    "002_hongze2023": {("R401", "t4.review.total"), ("R401", "t4.after_review.total")},
    "003_hongze2024": set(),
    "004_suqian2023": set(),
    "005_suqian2024": set(),
    "009_shoffice2019": {("R101", "t3"), ("R101", "t4"), ("R102", "t2.procurement.amount")},
    "011_pt2020": {("R302", "t3.sum.total"), ("R101", "t2")},
    "013_pt2022": set(),
    "014_pt2023": set(),
    "020_shuyang_fgj2023": {("R101", "t3")},
}


def filing_of(raw: dict) -> Filing:
    """A published report's tables as a filing; the single （六） of mixed forms is the 2021 form's 3.其他."""
    name = "2019" if raw["edition"].startswith("2019") else "2021"
    form = edition_named(name).form
    values: dict = {}
    rows = [f for f in form.fields.values() if f.table == "t2"]
    for label, found in raw["table2"].items():
        bare = label.partition("(")[0]
        mine = [f for f in rows if bare in (f.row.label, *f.row.aliases)]
        values |= dict(
            zip((f.name for f in mine), found if isinstance(found, list) else [found], strict=False)
        )
    leaves = {f.row.label.partition("（区分")[0]: f.row.id for f in form.fields.values() if f.table == "t3"}
    for row in raw["table3"]:
        label = row["label"].rpartition("/")[2]
        row_id = leaves.get(label, "other_3" if label == "（六）其他处理" else None)
        columns = [f.name for f in form.fields.values() if f.table == "t3" and f.row.id == row_id]
        values |= dict(zip(columns, row["values"], strict=True))
    for field in form.fields.values():
        if field.row.id in ("other_1", "other_2"):
            values.setdefault(field.name, 0)
    values |= dict(zip(form.groups["t4"], raw["table4"], strict=True))
    texts = {f"s{n}": raw["narrative"].get(han, "") for n, han in ((1, "一"), (5, "五"), (6, "六"))}
    entries = {n: v if v is None or isinstance(v, str) else Decimal(str(v)) for n, v in values.items()}
    year = Decimal(raw["report_year"])
    return Filing(name, year, raw["organ"], None, None, entries, {k: t for k, t in texts.items() if t})


@pytest.mark.parametrize("name", COMPLETE)
def test_a_real_report_goes_through(name, tmp_path):
    raw = json.loads((shared("reports") / f"{name}.json").read_text(encoding="utf-8"))
    filing = filing_of(raw)
    save(build_template(filing.edition), tmp_path / "空.xlsx")
    fill_workbook(tmp_path / "空.xlsx", filing, tmp_path / "填.xlsx")
    back = read(tmp_path / "填.xlsx")
    result = judge(back)
    errors = {
        (f.rule, f.at if f.rule != "R101" else f.at[:2]) for f in result.findings if f.severity == "error"
    }
    write_report(back, result, tmp_path / "报告.docx", draft=bool(errors))
    write_report(back, result, tmp_path / "报告.html", draft=bool(errors))
    assert {e for e in errors if e[1].startswith("t")} == COMPLETE[name]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_the_real_fault_is_named_with_its_value():
    raw = json.loads((shared("reports") / "002_hongze2023.json").read_text(encoding="utf-8"))
    finding = next(f for f in judge(filing_of(raw)).findings if f.at == "t4.review.total")
    assert finding.fix is not None
    assert finding.fix.to == 11
