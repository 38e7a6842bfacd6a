"""How sure the text is read: sentences composed from frames, true ones and ones with one figure changed.

    python benchmarks/sentences.py [--n 20000] [--seed 1] [-v] [--kind KIND]

Each sentence stands in an otherwise sound report of a random sound filing of either edition. A finding
about a true one is a false error or a false reminder; none about a false one is a miss. A fifth of the
frames is kept aside by the hash of its words: reported apart, and never shown by -v. Nothing here knows how
texts are read; the words are those of sentences.toml.
"""

import argparse
import hashlib
import operator
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from by_name import judge

from xlcheck.core.filing import Filing
from xlcheck.editions import edition_named

SHAPE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
COMPARE = {"==": operator.eq, ">": operator.gt, "<": operator.lt}
PEOPLE = {
    "nat": "natural",
    "biz": "business",
    "res": "research",
    "soc": "social",
    "leg": "legal",
    "oth": "other_org",
}
RESULTS = {"G": "granted", "P": "partial", "D": "denied", "U": "unable", "R": "rejected", "O": "other"}
OUTCOMES = {"U": "upheld", "C": "corrected", "O": "other", "P": "pending"}
DOCUMENTS = {"M": "made", "X": "repealed", "V": "valid"}
DIGITS = "〇一二三四五六七八九"
AROUND = {
    "preface": "根据《中华人民共和国政府信息公开条例》编制{unit}{year}年政府信息公开工作年度报告。"
    "统计期限自{year}年1月1日至{year}年12月31日。联系电话：0000-7654321。",
    "s1": "（一）主动公开。通过网站主动公开信息，召开会议3次。\n"
    "（二）依申请公开。{say}\n（三）政府信息管理。开展审核4次。\n"
    "（四）政府信息公开平台建设。维护专栏12个。\n（五）监督保障。组织培训2次。",
    "s5": "存在的主要问题：一是汛期巡查结果上网晚，平均晚了5天；二是村级供水价格公示内容不全，"
    "缺少计价依据。改进措施：{next}年，"
    "一是巡查结果三日内发布，由办公室专人负责；二是逐村补齐12个村的供水价格公示，附计价文件，按季度抽查。",
    "s6": "本年度未收取政府信息公开信息处理费。",
    "sign": "{unit}",
    "date": "{next}年1月15日",
}  # fmt: skip

Figures = Mapping[str, int]


class Frame(NamedTuple):
    """A sentence to be filled in: when it may be written, what must hold for it to be true."""

    kind: str
    say: str
    when: tuple[str, ...]
    holds: tuple[str, ...]
    aside: bool


class Slot(NamedTuple):
    """A figure that may be changed: where it stands, what it is and what it may rightly be."""

    start: int
    end: int
    value: Decimal
    right: frozenset[Decimal]
    sign: str
    only_up: bool


class Case(NamedTuple):
    """A sentence in a filing, and whether it is true."""

    frame: Frame
    filing: Filing
    say: str
    true: bool


def frames() -> list[Frame]:
    made = []
    for kind, lines in SHAPE["frames"].items():
        for line in lines:
            *before, say = line.split(" :: ")
            asked = [b for part in before if not part.startswith("?") for b in part.split(", ")]
            holds = [b for part in before if part.startswith("?") for b in part[1:].split(", ")]
            aside = hashlib.sha256(f"aside 14 {say}".encode()).digest()[0] % 5 == 0
            made.append(Frame(kind, say, tuple(asked), tuple(holds), aside))
    return made


# ------------------------------------------------------------------ filings
def sound_filing(rng: random.Random) -> tuple[Filing, dict[str, int]]:
    """A filing whose tables agree, and its figures by the names the frames use."""
    edition = rng.choice(("2019", "2021", "2021"))
    year = rng.choice((2019, 2020)) if edition == "2019" else rng.randint(2021, 2025)
    form = edition_named(edition).form
    values = dict.fromkeys(form.fields, 0)
    size = rng.choice((0, 1, 2, 4, 12, 40, 120, 900, 5000))
    _table_3(rng, values, size)
    for row in ("review", "direct", "after_review"):
        most = rng.choice((0, 1, 2, 4, 9, 40)) if values["t3.sum.total"] else 0
        for outcome in OUTCOMES.values():
            values[f"t4.{row}.{outcome}"] = rng.choice((0, 0, rng.randint(0, most)))
        values[f"t4.{row}.total"] = sum(values[f"t4.{row}.{o}"] for o in OUTCOMES.values())
    _table_2(rng, values)
    numbers = {name: Decimal(value) for name, value in values.items()}
    return Filing(edition, Decimal(year), "青石县水利局", "县级部门", values=numbers), named(
        values, year, rng
    )


def _table_3(rng: random.Random, values: dict[str, int], size: int) -> None:
    rows = sorted(
        {n.split(".")[1] for n in values if n.startswith("t3.")} - {"new", "carry_in", "sum", "carry_out"}
    )
    alone = rng.random() < 0.3
    for person in PEOPLE.values():
        most = size if person == "natural" else 0 if alone else size // 8
        handled = 0
        for row in rows:
            share = (
                rng.choice((0, 0, 1, 3))
                if row in ("granted", "partial", "unable_1")
                else rng.choice((0,) * 6 + (1,))
            )
            values[f"t3.{row}.{person}"] = rng.randint(0, most * share // 3) if most * share else 0
            handled += values[f"t3.{row}.{person}"]
        carried_out = rng.choice((0, 0, rng.randint(0, most // 8 + 1))) if most else 0
        carried_in = (
            min(rng.choice((0, 0, rng.randint(0, most // 8 + 1))), handled + carried_out) if most else 0
        )
        values[f"t3.sum.{person}"], values[f"t3.carry_out.{person}"] = handled, carried_out
        values[f"t3.carry_in.{person}"] = carried_in
        values[f"t3.new.{person}"] = handled + carried_out - carried_in
    for row in {*rows, "new", "carry_in", "sum", "carry_out"}:
        values[f"t3.{row}.total"] = sum(values[f"t3.{row}.{p}"] for p in PEOPLE.values())


def _table_2(rng: random.Random, values: dict[str, int]) -> None:
    for row in ("rules", "normative"):
        made = rng.choice((0, 0, 1, 3, 12))
        if f"t2.{row}.valid" in values:
            repealed = rng.choice((0, 0, 2, 5))
            values |= {f"t2.{row}.made": made, f"t2.{row}.repealed": repealed}
            values[f"t2.{row}.valid"] = made + rng.choice((0, 0, 7, 60))
        else:
            values |= {f"t2.{row}.{c}": made for c in ("made", "published")}
            values[f"t2.{row}.published_total"] = made + rng.choice((0, 8))
    for row in ("license", "penalty", "coercion"):
        values[f"t2.{row}.decisions"] = rng.choice((0, 3, 25, 310, 2048))


def named(v: Mapping[str, int], year: int, rng: random.Random) -> dict[str, int]:
    """The figures of a filing by the names of the frames; of another edition's only what it has."""

    def row(name: str) -> int:
        return sum(n for key, n in v.items() if re.fullmatch(rf"t3\.{name}(_\d)?\.total", key))

    had = {name: row(long) for name, long in RESULTS.items()}
    had |= {name: v[f"t3.new.{long}"] for name, long in PEOPLE.items()}
    had |= {
        "new": v["t3.new.total"],
        "N": v["t3.new.total"],
        "CI": v["t3.carry_in.total"],
        "H": v["t3.sum.total"],
    }
    had |= {"CO": v["t3.carry_out.total"], "I": had["N"] + had["CI"], "org": had["N"] - had["nat"]}
    had |= {"Inat": v["t3.new.natural"] + v["t3.carry_in.natural"], "GP": had["G"] + had["P"]}
    had |= {
        "Hnat": v["t3.sum.natural"],
        "Horg": had["H"] - v["t3.sum.natural"],
        "Iorg": had["I"] - had["Inat"],
    }
    had["DRO"] = had["D"] + had["R"] + had["O"]
    for letter, long in {**OUTCOMES, "V": "total"}.items():
        had["R" + letter] = v[f"t4.review.{long}"]
        had["S" + letter] = v[f"t4.direct.{long}"] + v[f"t4.after_review.{long}"]
    had |= {"DV": v["t4.direct.total"], "AV": v["t4.after_review.total"], "RS": had["RV"] + had["SV"]}
    had["RD"] = had["RV"] - had["RP"]
    for letter, long in DOCUMENTS.items():
        for kind in ("rules", "normative"):
            if f"t2.{kind}.{long}" in v:
                had[{"rules": letter + "R" if letter != "V" else "VR", "normative": "N" + letter}[kind]] = v[
                    f"t2.{kind}.{long}"
                ]
    had |= {
        "LIC": v["t2.license.decisions"],
        "PEN": v["t2.penalty.decisions"],
        "COE": v["t2.coercion.decisions"],
    }
    had["L"] = max(0, had["N"] + rng.choice((-1, 1)) * rng.randint(1, had["N"] // 2 + 3))
    return had | {
        "year": year,
        "last": year - 1,
        "next": year + 1,
        "past": year - 2,
        "stale": year - rng.choice((0, 1)),
    }


def worth(text: str, had: Figures) -> int:
    """A name, a number, or names and numbers added and taken away."""
    parts = re.findall(r"[+-]?\w+", text)
    return sum(
        (-1 if p[0] == "-" else 1) * (int(p.strip("+-")) if p.strip("+-").isdigit() else had[p.strip("+-")])
        for p in parts
    )


def fits(conditions: tuple[str, ...], had: Figures) -> bool:
    for condition in conditions:
        left, sign, right = re.split(r"(==|>|<)", condition)
        if not COMPARE[sign](worth(left, had), worth(right, had)):
            return False
    return True


# ------------------------------------------------------------------ sentences
class Writer:
    """Fills one frame in, and knows afterwards which of its figures may be changed."""

    def __init__(self, rng: random.Random, had: Figures) -> None:
        self.rng, self.had, self.text = rng, had, ""
        self.slots: list[Slot] = []
        self.style = rng.choice(("plain",) * 12 + ("han", "wide", "comma", "space"))

    def write(self, say: str) -> "Writer":
        for part in re.findall(r"<\w+>|\{[^}]*\}|\[[^\]]*\]|[^<{\[]+", say):
            if part[0] == "<":
                self.write(self.rng.choice(SHAPE["words"][part[1:-1]]))
            elif part[0] == "[":
                self.write(self.rng.choice(part[1:-1].split("|")))
            elif part[0] == "{":
                self._slot(part[1:-1])
            else:
                self.text += part
        return self

    def _slot(self, name: str) -> None:
        had = self.had
        match name[0]:
            case "*":
                self._list(name[1:])
            case "%":
                self._share(name[1:])
            case "~" if name.endswith("-"):
                self._figure(self.rng.randint(1, max(1, worth(name[1:-1], had) - 1)))
            case "~":
                self._figure(worth(name[1:], had))
            case "=":
                self._figure(worth(name[1:], had), (worth(name[1:], had),))
            case _ if name in ("han", "hanstale"):
                self.text += "".join(DIGITS[int(c)] for c in str(had["year" if name == "han" else "stale"]))
            case _ if name in ("year", "last", "next", "past", "stale"):
                self.text += str(had[name])
            case _ if ":" in name:
                self._figure(
                    int(name.partition(":")[2]), (int(name.partition(":")[2]),), name.startswith("up")
                )
            case _:
                self._figure(had[name], (had[name], *(worth(o, had) for o in SHAPE["also"].get(name, ()))))

    def _figure(self, value: int, right: tuple[int, ...] = (), only_up: bool = False) -> None:
        start = len(self.text)
        self.text += self.written(value)
        if right:
            self.slots.append(
                Slot(start, len(self.text), Decimal(value), frozenset(map(Decimal, right)), "", only_up)
            )

    def written(self, value: int) -> str:
        match self.style:
            case "han" if 0 < value < 100:
                return han(value)
            case "wide":
                return str(value).translate({48 + n: 0xFF10 + n for n in range(10)})
            case "comma":
                return f"{value:,}"
            case "space":
                return f" {value} "
        return str(value)

    def _share(self, text: str) -> None:
        part, _, whole = text.partition("/")
        if not worth(whole, self.had):
            raise ZeroDivisionError
        places = self.rng.choice(("1", "0.1", "0.1", "0.01"))
        share = Decimal(100 * worth(part, self.had)) / worth(whole, self.had)
        share = share.quantize(Decimal(places), ROUND_HALF_UP)
        start = len(self.text)
        self.text += f"{share}%"
        self.slots.append(Slot(start, len(self.text), share, frozenset((share,)), "%", False))

    def _list(self, name: str) -> None:
        """Labels before or after their figures, or 分别; with 、 or a comma; noughts told or left out."""
        rng = self.rng
        unit, items = self._items(name)
        told = items if rng.random() < 0.5 else [i for i in items if i[1]] or items
        rows = [(Writer(rng, self.had).write(label).text, value) for label, value in told]
        form = rng.choice(("label", "label", "label", "count", "each"))
        sign = rng.choice("、，，；") if form == "label" else rng.choice("、、，")
        if form == "each" and len(rows) > 1:
            self.text += "、".join(label.partition("（")[0] for label, _ in rows) + rng.choice(
                ("分别", "分别为", "分别是")
            )
        for n, (label, value) in enumerate(rows):
            self.text += sign if n else ""
            self.text += "" if form != "label" and not (form == "each" and len(rows) == 1) else label
            self._figure(value, (value,))
            self.text += unit + (label.partition("（")[0] if form == "count" else "")

    def _items(self, name: str) -> tuple[str, list[tuple[str, int]]]:
        if name == "matters":
            cut = sorted(self.rng.randint(0, self.had["N"]) for _ in range(2))
            parts = (cut[0], cut[1] - cut[0], self.had["N"] - cut[1])
            return "件", list(zip(("征地类", "规划类", "拆迁类"), parts, strict=True))
        shape = SHAPE["list"][name]
        return shape["unit"], [(label, self.had[figure]) for label, figure in shape["items"]]

    def changed(self) -> str | None:
        """The sentence with one of its figures changed to what it cannot rightly be."""
        if not self.slots:
            return None
        slot = self.rng.choice(self.slots)
        value, rng = slot.value, self.rng
        if slot.sign:
            sign = rng.choice((-1, 1)) if value > 23 else 1
            other = f"{value + sign * rng.randint(3, 20)}%"
        else:
            ways = [value + rng.randint(1, 3), value * 10 + rng.randint(1, 9), value * 2 + 1]
            ways += [] if slot.only_up else [value - rng.randint(1, 3), value // 2]
            ways = [w for w in ways if w >= 0 and w not in slot.right]
            if not ways:
                return None  # whatever it is changed to is as right
            other = self.written(int(rng.choice(ways)))
        return tidy(self.text[: slot.start] + other + self.text[slot.end :])


def han(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if not tens else ("" if tens == 1 else DIGITS[tens]) + "十") + (DIGITS[ones] if ones else "")


def tidy(text: str) -> str:
    for wrong, right in (
        ("共共", "共"),
        ("的的", "的"),
        ("，，", "，"),
        ("共总", "总"),
        ("已已", "已"),
        ("共一共", "一共"),
    ):
        text = text.replace(wrong, right)
    return text.removeprefix("，")


def compose(rng: random.Random, every: list[Frame], count: int) -> Iterator[Case]:
    """True and false sentences by turns, each frame as often as the others."""
    order: list[Frame] = []
    while count > 0:
        order = order or rng.sample(every, len(every))
        frame = order.pop()
        for _ in range(40):
            filing, had = sound_filing(rng)
            try:
                if not fits(frame.when, had):
                    continue
                writer = Writer(rng, had).write(frame.say)
                true = fits(frame.holds, had)
            except (KeyError, ZeroDivisionError):
                continue
            yield Case(frame, filing, tidy(writer.text), true)
            count -= 1
            if true and (say := writer.changed()):
                yield Case(frame, filing, say, False)
                count -= 1
            break


def findings(filing: Filing, say: str) -> list[tuple[str, str, str]]:
    """What is found in a report with the sentence in it that is not found without."""
    year = int(filing.year or 0)
    texts = {
        at: text.format(unit=filing.unit, year=year, next=year + 1, say=say) for at, text in AROUND.items()
    }
    return [(f.rule, f.severity, f.message) for f in judge(filing._replace(texts=texts)).findings]


def measure(cases: Iterator[Case], wordy: bool, only: str) -> None:
    counts: dict[tuple[bool, str], Counter[str]] = {}
    for case in cases:
        if only and case.frame.kind != only:
            continue
        empty = findings(case.filing, "收到咨询3次。")
        found = [f for f in findings(case.filing, case.say) if f not in empty]
        if any(severity == "error" for _, severity, _ in empty):
            raise SystemExit(f"the filing is not sound: {empty}")
        worst = "error" if any(s == "error" for _, s, _ in found) else "reminder" if found else "silent"
        counts.setdefault((case.frame.aside, case.frame.kind), Counter())[f"{case.true} {worst}"] += 1
        if wordy and not case.frame.aside and case.true == (worst != "silent"):
            print(f"{str(case.true).upper():5} {case.frame.kind} {worst}: {case.filing.edition} {case.say}")
            for rule, _, message in found:
                print(f"        {rule} {message}")
    for aside in (False, True):
        print("kept aside" if aside else "frames", "(true: errors, reminders; false: told, missed)")
        rows = {kind: count for (part, kind), count in counts.items() if part == aside}
        for kind, count in [*sorted(rows.items()), ("all", sum(rows.values(), Counter()))]:
            print_row(kind, count)


def print_row(kind: str, count: Counter[str]) -> None:
    true = sum(n for name, n in count.items() if name.startswith("True"))
    false = sum(n for name, n in count.items() if name.startswith("False"))
    error, reminder, missed = count["True error"], count["True reminder"], count["False silent"]
    told = false - missed
    print(
        f"  {kind:10} true {true:6}: false errors {error:4} ({error / max(true, 1):6.2%}), "
        f"false reminders {reminder:4} ({reminder / max(true, 1):6.2%})   "
        f"false {false:6}: told {told / max(false, 1):6.2%} ({count['False error']} errors), missed {missed}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=20_000, help="sentences (default 20,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="", help="only frames of this kind")
    parser.add_argument("-v", action="store_true", help="show what went wrong, the kept-aside frames apart")
    args = parser.parse_args()
    every = frames()
    print(f"{len(every)} frames, {sum(f.aside for f in every)} of them kept aside; seed {args.seed}")
    measure(
        compose(random.Random(args.seed), [f for f in every if args.kind in ("", f.kind)], args.n),
        args.v,
        args.kind,
    )


if __name__ == "__main__":
    main()
