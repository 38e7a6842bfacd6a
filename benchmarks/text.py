"""How well the text is read: claims tied to the right cell, faults found, false errors, and speed.

    python benchmarks/text.py [-v]

Over ../shared/reports: the sentences of sentences.jsonl, with GOLD saying by line which claims each makes
(our reading of its refers_to), and the narratives of the real reports against their own tables. Blank cells
of a real table count as 0 here and a missing row total as its row's sum: check() asks to fill them first.
"""

import json
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from xlcheck.core.check import check  # noqa: E402
from xlcheck.core.filing import Filing, figure_text  # noqa: E402
from xlcheck.core.finding import Finding  # noqa: E402
from xlcheck.core.text.check_text import TextRules, read_texts, read_words  # noqa: E402
from xlcheck.core.text.claims.language import claims_of_texts  # noqa: E402
from xlcheck.data.claims import claims  # noqa: E402
from xlcheck.data.remarks import remarks  # noqa: E402
from xlcheck.data.text import figure_writing  # noqa: E402
from xlcheck.editions import edition_named, rulebook  # noqa: E402

REPORTS = ROOT.parent / "shared" / "reports"
SEED = ROOT.parent / "shared" / "domain" / "seed_2020.json"
AGAINST_TABLES = ("R610", "R611", "R612", "R613", "R614", "R615", "R616")
RESULTS = "granted partial denied unable rejected other"
OUTCOMES = "upheld corrected other pending"

# fmt: off
GOLD: dict[int, str] = {  # line: its claims as "id=value"; a line left out makes none
    1: "received=3119", 2: "handled=3050", 3: "carried_in=34", 4: "carried_out=103",
    5: "review=351 review:upheld=72 review:corrected=64 review:other=178 review:pending=37",
    6: "suit=46 suit:upheld=25 suit:corrected=5 suit:other=9 suit:pending=7",
    7: "rules_made=1", 9: "received=21", 12: "received=17", 14: "received=3607",
    15: "received:natural=3493 received:org=114", 16: "granted=1191", 17: "partial=328", 18: "denied=142",
    19: "unable=1078", 20: "rejected=406", 21: "other=341", 22: "carried_out=121", 23: "received=3607",
    25: "received=3646", 26: "received>=1.05",
    27: "granted=1431 partial=471 denied=92 unable=941 rejected=117 other=469 carried_out=125",
    28: "review=134 suit=57", 30: "rules=13 normative=60", 31: "received=859",
    32: "handled=805 carried_in=18 carried_out=72", 33: "granted+partial=258 granted+partial%=33.9",
    34: "denied=35", 35: "unable=265", 36: "rejected=158", 37: "other=0",
    38: "review=7 suit=9 review+suit:upheld=16", 41: "received=21",
    44: "received=75 received:natural=72 received:business=3", 45: "rate=0",
    46: "suit=1 review=2 suit+review:pending=0", 47: "normative_valid=698 normative_made=88",
    48: "received=81 received:natural=80 received:business=1",
    49: "handled=81 granted+partial=42 denied=5 unable=31 rejected=1 other=2", 50: "review=2 suit=7",
    51: "normative_valid=393 normative_made=77", 52: "received=26", 56: "normative=9",
    57: "received=0 review=0 suit=0", 58: "enforcement=9", 59: "normative=2",
    61: "received=0 granted=0 denied=0 review=0 suit=0", 62: "received=0",
    64: "received=1 received:natural=1",
    65: "received=3", 66: "decisions=2910", 67: "received=4 carried_out=0", 70: "review=0 suit=0",
    71: "received=0",
    72: "normative=0", 73: "received=0", 74: "received=1", 75: "received=5", 76: "review=1 review:pending=1",
    77: "received=0", 78: "received=0", 79: "review=0 suit=0", 80: "new=31 handled=28", 81: "received=0",
}
# fmt: on
ASIDE = ("%", ">", "rate")  # shares, growths and rates a line makes beside what it is listed for
TABLE_RULE = {42: "R302"}  # lines whose fault lies in the table itself
LAST = {"suqian2024": "suqian2023"}


def words() -> TextRules:
    return read_words(figure_writing(), claims(), remarks(), rulebook().rule)


def reports() -> dict[str, dict[str, Any]]:
    loaded = (json.loads(p.read_text(encoding="utf-8")) for p in sorted(REPORTS.glob("*.json")))
    return {report["key"]: report for report in loaded}


def filing(report: dict[str, Any], texts: dict[str, str]) -> Filing:
    """The report's tables by field, blanks as 0 where their table is there at all."""
    name = "2019" if report["edition"].startswith("2019") else "2021"
    form, year = edition_named(name).form, report["report_year"]
    values = dict(_table2(report, form)) | dict(_table3(report)) | dict(_table4(report))
    kept = {n: v for n, v in values.items() if n in form.fields}
    return Filing(
        name, Decimal(year) if year else None, report["organ"].split("(")[0], values=kept, texts=texts
    )


def _number(value: object) -> Decimal:
    return Decimal(str(value)) if isinstance(value, int | float) else Decimal(0)


def _table2(report: dict[str, Any], form: Any) -> Iterator[tuple[str, Decimal]]:
    rows = {f.row.id: f.row for f in form.fields.values() if f.table == "t2"}
    for label, cells in (report.get("table2") or {}).items():
        row = next((r for r in rows.values() if r.label in label or label in (r.label, *r.aliases)), None)
        names = [n for n, f in form.fields.items() if row and f.table == "t2" and f.row.id == row.id]
        for name, cell in zip(names, cells if isinstance(cells, list) else [cells], strict=False):
            yield name, _number(cell)


def _table3(report: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    columns = ["natural", "business", "research", "social", "legal", "other_org", "total"]
    for row in report.get("table3") or []:
        numbers = [_number(v) for v in row["values"]]
        if row["values"][-1] is None and len(numbers) == len(columns):
            numbers[-1] = sum(numbers[:-1], Decimal(0))
        for column, number in zip(columns, numbers, strict=False):
            yield f"t3.{_row(row['label'])}.{column}", number


def _row(label: str) -> str:
    last = label.rpartition("/")[2]
    groups = {"（三）": "denied", "（四）": "unable", "（五）": "rejected", "（六）": "other"}
    for mark, name in groups.items():
        if mark in label:
            return f"{name}_{last[0]}" if last[0].isdigit() else name
    whole = {
        "一、": "new",
        "二、": "carry_in",
        "（一）": "granted",
        "（二）": "partial",
        "（七）": "sum",
        "四、": "carry_out",
    }
    return next((name for mark, name in whole.items() if last.startswith(mark)), "")


def _table4(report: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    names = [
        f"t4.{b}.{o}" for b in ("review", "direct", "after_review") for o in (*OUTCOMES.split(), "total")
    ]
    cells = report.get("table4") or []
    if any(cell is not None for cell in cells):
        yield from zip(names, map(_number, cells), strict=False)


def sentences(say: TextRules, known: dict[str, dict[str, Any]], wordy: bool) -> None:
    """Recall and precision line by line, and what became of each line marked true or false."""
    lines = [json.loads(s) for s in (REPORTS / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
    together: dict[str, set[str]] = {}
    for number, line in enumerate(lines, 1):
        together.setdefault(line["sentence"], set()).update(GOLD.get(number, "").split())
    wanted = hit = made = right = 0
    marked = {True: [0, 0, 0], False: [0, 0, 0]}
    for number, line in enumerate(lines, 1):
        report = known.get(line["case_key"])
        case = filing(report, {"s1": line["sentence"]}) if report else _seed({"s1": line["sentence"]})
        found = claims_of_texts(
            edition_named(case.edition).form, case.texts, int(case.year or 0) or None, say.language
        )
        told = {f"{c.id}={figure_text(c.value)}" for c in found}
        gold = set(GOLD.get(number, "").split())
        main = {t for t in told if not any(a in t for a in ASIDE)}
        wanted, hit = wanted + len(gold), hit + len(gold & told)
        made, right = made + len(main), right + len(main & together[line["sentence"]])
        if wordy and (gold - told or main - together[line["sentence"]]):
            print(f"  line {number}: missed {gold - told}, wrong {main - together[line['sentence']]}")
        if isinstance(line["consistent"], bool):
            findings = list(read_texts(edition_named(case.edition).form, case, say))
            errors = sum(f.rule == "R610" for f in findings)
            fault = any(f.rule in AGAINST_TABLES for f in findings)
            if not line["consistent"] and not fault:
                fault = _elsewhere(number, case, found, known, line)
            counts = marked[line["consistent"]]
            counts[0], counts[1], counts[2] = counts[0] + 1, counts[1] + fault, counts[2] + (errors > 0)
            if wordy and fault != (not line["consistent"]):
                print(
                    f"  line {number}: consistent {line['consistent']}, found {[f.message for f in findings]}"
                )
    print(
        f"claims: recall {hit}/{wanted} = {hit / wanted:.1%}, precision {right}/{made} = {right / made:.1%}"
    )
    print(f"lines marked false: {marked[False][0]}, found {marked[False][1]} ({marked[False][2]} as errors)")
    print(
        f"lines marked true: {marked[True][0]}, called an error {marked[True][2]}, "
        f"any finding {marked[True][1]}"
    )


def _elsewhere(number: int, case: Filing, found: Any, known: dict[str, Any], line: dict[str, Any]) -> bool:
    """A fault of the table itself is a rule's; a growth is judged where last year is at hand, as here."""
    if number in TABLE_RULE:
        here = edition_named(case.edition)
        return TABLE_RULE[number] in {f.rule for f in check(here.form, here.rules, case).findings}
    growth = next((c for c in found if c.kind == "growth"), None)
    if growth and line["case_key"] in LAST and growth.of:
        last = filing(known[LAST[line["case_key"]]], {})
        before = [Decimal(f.value(last.values.get)) for f in growth.any]
        rates = [100 * (growth.of.value / b - 1) for b in before if b]
        return all(abs(rate - growth.value) > Decimal("0.01") for rate in rates)
    return False


def narratives(say: TextRules, known: dict[str, dict[str, Any]], wordy: bool) -> None:
    """Whole reports against their own tables: how many claims, and everything that disagrees."""
    made = agreeing = 0
    faults: list[tuple[str, Finding]] = []
    for key, report in known.items():
        told = report["narrative"]
        texts = {at: told[part] for at, part in (("s1", "一"), ("s5", "五"), ("s6", "六")) if told.get(part)}
        case = filing(report, texts)
        found = claims_of_texts(edition_named(case.edition).form, texts, report["report_year"], say.language)
        here = [
            f for f in read_texts(edition_named(case.edition).form, case, say) if f.rule in AGAINST_TABLES
        ]
        made, agreeing = made + len(found), agreeing + len(found) - len(here)
        faults += [(key, f) for f in here]
    print(
        f"narratives: {len(known)} reports, {made} claims, {len(faults)} findings against tables or itself:"
    )
    for key, fault in faults if wordy else ():
        print(f"  {key} {fault.rule} {fault.severity}: {fault.message[:110]}")
    errors = [f"{key} ({fault.quote[-12:]})" for key, fault in faults if fault.severity == "error"]
    print(f"  of these errors: {len(errors)}: {'; '.join(errors)}")


def _seed(texts: dict[str, str] | None = None) -> Filing:
    raw = json.loads(SEED.read_text(encoding="utf-8"))
    values = {f"t2.{r['id']}.{c}": v for b in raw["t2"] for r in b["rows"] for c, v in r["cells"].items()}
    values |= {f"t3.{row}.{c}": v for row, r in raw["t3"]["rows"].items() for c, v in r["cells"].items()}
    values |= {"t4." + ".".join(name.rsplit("_", 1)): v for name, v in raw["t4"].items()}
    told, organ = raw["narrative"], raw["organ_in_document"]
    mine = {
        "preface": told["preamble"],
        "s1": told["sec1"],
        "s5": told["sec5"],
        "s6": told["sec6"],
        "sign": organ,
    }
    mine["date"] = raw["date_in_document"]
    numbers = {n: Decimal(str(v)) for n, v in values.items()}
    return Filing(
        "2019", Decimal(2020), organ, "党群机关", values=numbers, texts=mine if texts is None else texts
    )


def seed(say: TextRules, wordy: bool) -> None:
    findings = list(read_texts(edition_named("2019").form, _seed(), say))
    print("customer's report:", " ".join(f"{f.rule}({f.severity})" for f in findings))
    for finding in findings if wordy else ():
        print(f"  {finding.rule} {finding.at}: {finding.message}")


def speed(say: TextRules, known: dict[str, dict[str, Any]]) -> None:
    """Best of five by processor time; a line without a full stop is the hard case."""
    case = filing(known["pt2023"], {})
    ordinary = known["pt2023"]["narrative"]["一"]
    for name, narrative in (("ordinary text", ordinary), ("no full stop", ordinary.replace("。", "，"))):
        times = [
            min(_once(say, case, (narrative * 40)[:size]) for _ in range(5))
            for size in (12_500, 25_000, 50_000)
        ]
        shown = ", ".join(f"{t * 1000:.0f} ms" for t in times)
        print(f"{name}: 12,500 / 25,000 / 50,000 characters in {shown}; ratio {times[2] / times[1]:.2f}")


def _once(say: TextRules, case: Filing, text: str) -> float:
    start = time.process_time()
    list(read_texts(edition_named(case.edition).form, case._replace(texts={"s1": text}), say))
    return time.process_time() - start


def main() -> None:
    wordy = "-v" in sys.argv
    start = time.process_time()
    say = words()
    print(f"words compiled in {(time.process_time() - start) * 1000:.0f} ms")
    if not REPORTS.exists() or not SEED.exists():
        sys.exit(f"NOT MEASURED: {REPORTS} is absent; recall, precision and speed need the real reports.")
    known = reports()
    sentences(say, known, wordy)
    narratives(say, known, wordy)
    seed(say, wordy)
    speed(say, known)


if __name__ == "__main__":
    main()
