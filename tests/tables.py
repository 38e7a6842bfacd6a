"""Make sound random filings of any edition, sparse like real ones: no rule finds anything in them."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from xlcheck.core.filing import Filing
from xlcheck.core.form import Form

WEIGHTS = {
    "natural": 60,
    "business": 12,
    "legal": 6,
    "other_org": 3,
}  # of applicants; of others few
KNOWN = ("t2", "t3", "t4")  # any other table is filled by its rows, its columns and their totals
Values = dict[str, Decimal]


def sound(form: Form, rng: Random) -> Values:
    """Figures for every field of the edition, with every sum right."""
    made = {**_openness(form, rng), **_requests(form, rng)}
    made |= _cases(form, rng, 30 if made["t3.new.total"] else 0)
    for table in (t for t in form.tables if t not in KNOWN):
        made |= _added_up(form, table, rng)
    return {name: Decimal(made[name]) for name in form.fields}


def filing(form: Form, rng: Random) -> Filing:
    """A whole sound filing: cover, figures, texts."""
    texts = {
        "preface": "根据《政府信息公开条例》编制本报告。", "s1": "总体平稳。", "s5": "人手不足，已增加一人。",
        "s6": "本年度没有收取信息处理费。", "sign": "某镇人民政府", "date": f"{form.first_year + 1}年1月20日",
    }  # fmt: skip
    options = {"procurement_unit": "元"} if form.edition == "2019" else {}
    return Filing(
        form.edition, Decimal(form.first_year), "某镇人民政府", "镇", "0512-1234567",
        sound(form, rng), texts, options,
    )  # fmt: skip


def _size(rng: Random) -> int:
    """How many requests a year brings: none to a few hundred, most often a dozen."""
    return rng.choice((0, rng.randint(1, 9), rng.randint(3, 30), rng.randint(10, 90), rng.randint(50, 900)))


def _requests(form: Form, rng: Random) -> dict[str, int]:
    rows = list(dict.fromkeys(f.row.id for f in form.fields.values() if f.table == "t3"))
    results = [r for r in rows if r not in ("new", "carry_in", "sum", "carry_out")]
    people = columns(form, "t3")
    weights = [WEIGHTS.get(who, 2) for who in people]
    likely = _some(results, rng)
    counts = {(row, who): 0 for row in rows for who in people}
    for _ in range(_size(rng)):
        who = rng.choices(people, weights)[0]
        counts[rng.choices(("new", "carry_in"), (9, 1))[0], who] += 1
        counts[rng.choices((*likely, "carry_out"), (9, *range(len(likely) - 1, 0, -1), 1))[0], who] += 1
    for who in people:
        counts["sum", who] = sum(counts[row, who] for row in results)
    table = {f"t3.{row}.{who}": count for (row, who), count in counts.items()}
    return table | {f"t3.{row}.total": sum(counts[row, who] for who in people) for row in rows}


def _some(results: Sequence[str], rng: Random) -> list[str]:
    """The few outcomes a unit has; （一）予以公开 and 不掌握相关信息 are the commonest."""
    others = [r for r in results if r not in ("granted", "unable_1")]
    return ["granted", "unable_1", *rng.sample(others, rng.randint(1, 6))]


def columns(form: Form, table: str) -> list[str]:
    """The columns of a table that are no totals."""
    every = [f.column for f in form.fields.values() if f.table == table]
    return list(dict.fromkeys(column.id for column in every if not column.total))


def _cases(form: Form, rng: Random, most: int) -> dict[str, int]:
    parts = columns(form, "t4")
    table = {f"t4.{part}": rng.randint(0, most) * rng.choice((0, 0, 1)) for part in parts}
    closed = [n for n in table if n.startswith("t4.review.") and not n.endswith(".pending")]
    if not sum(table[name] for name in closed):
        table |= {n: 0 for n in table if n.startswith("t4.after_review.")}  # none without a closed review
    groups = dict.fromkeys(part.partition(".")[0] for part in parts)
    return table | {f"t4.{g}.total": sum(table[f"t4.{p}"] for p in parts if p.startswith(g)) for g in groups}


def _added_up(form: Form, table: str, rng: Random) -> dict[str, int | Decimal]:
    """A table whose totals are the sums of their rows and columns."""
    fields = [f for f in form.fields.values() if f.table == table]
    made: dict[str, int | Decimal] = {}
    for field in sorted(fields, key=lambda f: f.row.total + f.column.total):  # parts, totals, the corner
        row = [made.get(f.name, 0) for f in fields if f.row.id == field.row.id and not f.column.total]
        column = [made.get(f.name, 0) for f in fields if f.column.id == field.column.id and not f.row.total]
        sums = row if field.column.total else column
        part = Decimal(rng.randint(0, 999_999)) / 10_000 if field.kind == "amount" else rng.randint(0, 40)
        made[field.name] = sum(sums) if field.row.total or field.column.total else part
    return made


def _openness(form: Form, rng: Random) -> dict[str, int | Decimal]:
    table: dict[str, int | Decimal] = {f: 0 for f in form.fields if f.startswith("t2")}
    made, more = rng.randint(1, 40), rng.randint(0, 60)
    for row in ("license", "penalty", "coercion"):
        table[f"t2.{row}.decisions"] = rng.choice((0, rng.randint(1, 900)))
    if form.edition == "2019":
        table |= {"t2.normative.made": made, "t2.normative.published": made}
        table |= {"t2.normative.published_total": made + more, "t2.license.prev_items": 30}
        table |= {"t2.license.delta": rng.randint(-30, 9)}
        table |= {"t2.procurement.projects": more + 1, "t2.procurement.amount": 96558 + more}
    else:
        table |= {"t2.normative.made": made, "t2.normative.valid": made + more}
        table |= {"t2.fees.amount": Decimal(rng.randint(0, 999)) / 1000}
    return table
