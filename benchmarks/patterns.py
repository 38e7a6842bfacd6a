"""Whether every pattern takes time in proportion to the text: each over strings made against it.

    python benchmarks/patterns.py [SEED]

Every regular expression that is compiled while reports are imported, read, checked and told is noted. Against
each, strings are made from its own letters and from what it repeats: one repeated part over and over, two
in turn, random letters of it, each begun as a match begins and broken off where it could end. Each string is
searched through at three lengths, each twice the one before. Printed are the patterns whose time grows faster
than the text (more than SLOW times as much for four times the text, where it can be measured at all), and the
worst text: the sections of a filing of nothing but such strings, as long as a cell can be.
"""

import contextlib
import io
import random
import re
import string
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
HOUSE = str(ROOT / "xlcheck")
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
LENGTHS = (1024, 2048, 4096)
SLOW, MEASURABLE, MIXED = 8.0, 0.004, 8  # times, seconds, strings of two parts in turn
CELL = 32_767  # letters
MET: dict[tuple[str, int], None] = {}


def note_patterns() -> None:
    """Note every pattern of text that our own code compiles from now on."""
    compiled = re._compile  # type: ignore[attr-defined]

    def noting(pattern: Any, flags: int) -> Any:
        made = compiled(pattern, flags)
        frame = sys._getframe(1)
        while frame.f_back and "/re/" in frame.f_code.co_filename:
            frame = frame.f_back
        if isinstance(made.pattern, str) and HOUSE in frame.f_code.co_filename:
            MET[made.pattern, made.flags] = None
        return made

    noting.__qualname__, noting.__module__ = (
        "_compile",
        "re",
    )  # so that patterns can be kept for the next start
    re._compile = noting  # type: ignore[attr-defined]


def work() -> None:
    """Meet the patterns: every verb that reads a text, on the customer's report and the catalogue's cases."""
    from cases import cases

    from xlcheck import cli
    from xlcheck.editions import edition_named
    from xlcheck.judge import judge
    from xlcheck.workbook.json import dump_filing, seed

    with tempfile.TemporaryDirectory() as home, contextlib.redirect_stdout(io.StringIO()):
        desk = Path(home)
        for one, last in [(seed(), seed()), *((c.filing, c.last or c.filing) for c in cases())]:
            judge(edition_named(one.edition), one, last)
        form = edition_named(seed().edition).form
        (desk / "a.json").write_text(dump_filing(form, seed()), encoding="utf-8")
        with contextlib.redirect_stderr(io.StringIO()):
            for kind in ("docx", "html"):
                cli.main(["report", f"{desk}/a.json", "-o", f"{desk}/a.{kind}", "--draft", "--force"])
                cli.main(["import", f"{desk}/a.{kind}", "-o", f"{desk}/{kind}.xlsx", "--force"])
            cli.main(["check", f"{desk}/docx.xlsx"])
            cli.main(["repair", f"{desk}/docx.xlsx", "-o", f"{desk}/r.xlsx", "--force"])


# ---------------------------------------------------------------- strings against a pattern
def sample(tree: Any, rng: random.Random) -> str:
    """A string that the parsed pattern may match, looking round left aside."""
    return "".join(_sampled(str(op).lower(), arg, rng) for op, arg in tree)


def _sampled(op: str, arg: Any, rng: random.Random) -> str:
    match op:
        case "literal":
            return chr(arg)
        case "not_literal" | "any":
            return rng.choice("一1a,")
        case "in":
            return _one_of(arg, rng)
        case "branch":
            return sample(rng.choice(arg[1]), rng)
        case "subpattern":
            return sample(arg[3], rng)
        case "atomic_group":
            return sample(arg, rng)
        case "max_repeat" | "min_repeat" | "possessive_repeat":
            return "".join(sample(arg[2], rng) for _ in range(min(max(arg[0], 1), 40)))
    return ""


def _one_of(items: Any, rng: random.Random) -> str:
    if str(items[0][0]).lower() == "negate":
        return rng.choice("一二1a件 ")
    op, arg = rng.choice(items)
    match str(op).lower():
        case "literal":
            return chr(arg)
        case "range":
            return chr(rng.randint(*arg))
    return {"category_digit": "1", "category_space": " ", "category_word": "a"}.get(str(arg).lower(), "一")


def repeats(tree: Any) -> Iterator[Any]:
    """The parts that a pattern repeats, at any depth."""
    for op, arg in tree:
        name = str(op).lower()
        if name.endswith("repeat"):
            yield arg[2]
        inner = {"branch": lambda a: a[1], "subpattern": lambda a: [a[3]], "assert": lambda a: [a[1]]}
        inner |= {"assert_not": lambda a: [a[1]], "atomic_group": lambda a: [a]}
        inner |= dict.fromkeys(("max_repeat", "min_repeat", "possessive_repeat"), lambda a: [a[2]])
        for below in inner[name](arg) if name in inner else ():
            yield from repeats(below)


def against(pattern: str, flags: int, rng: random.Random) -> Iterator[Callable[[int], str]]:
    """Strings of any length made against a pattern."""
    tree = re._parser.parse(pattern, flags)  # type: ignore[attr-defined]
    parts = [*repeats(tree), tree]
    pumps = [sample(part, rng) for part in parts]
    pumps += [sample(rng.choice(parts), rng) + sample(rng.choice(parts), rng) for _ in range(MIXED)]
    for pump in dict.fromkeys(filter(None, pumps)):
        begun = sample(tree, rng)[: rng.randrange(6)]
        yield lambda n, pump=pump, begun=begun: (begun + pump * (n // len(pump) + 1))[:n] + "\u2603"
    letters = sorted({*sample(tree, rng), *sample(tree, rng), *sample(tree, rng)}) or ["a"]
    for _ in range(4):
        some, seed = rng.sample(letters, min(len(letters), 3)), rng.random()
        yield lambda n, some=some, seed=seed: "".join(random.Random(seed).choices(some, k=n))


def seconds(search: Callable[[str], Any], text: str) -> float:
    start = time.process_time()
    search(text)
    return time.process_time() - start


def growth(compiled: re.Pattern[str], string_of: Callable[[int], str]) -> tuple[float, float]:
    """How many times longer four times the text takes, and the seconds at the longest."""
    worst = (0.0, 0.0)
    ways: tuple[Callable[[str], Any], ...] = (
        lambda t: sum(1 for _ in compiled.finditer(t)),
        compiled.fullmatch,
    )
    for search in ways[compiled.pattern in only_whole() :]:
        times = []
        for n in LENGTHS:
            text = string_of(n)
            times.append(seconds(search, text))
            if times[-1] > 0.5:  # longer ones would not come back
                return 999.0, times[-1]
        if times[-1] >= MEASURABLE:
            worst = max(worst, (times[-1] / times[0], times[-1]))
    return worst


@cache
def only_whole() -> frozenset[str]:
    """The patterns that are only ever asked whether they are the whole of a text."""
    from xlcheck.data.rules import rules

    return frozenset(way.pattern for way in rules().typed)


def slow_patterns(rng: random.Random) -> Iterator[tuple[float, float, str]]:
    for pattern, flags in MET:
        compiled = re.compile(pattern, flags)
        found = max((growth(compiled, one) for one in against(pattern, flags, rng)), default=(0.0, 0.0))
        if found[0] > SLOW:
            yield *found, pattern


# ---------------------------------------------------------------- whole filings
def texts(rng: random.Random) -> Iterator[str]:
    """Units of text to be repeated through every section."""
    yield from (
        "a",
        "1",
        "12",
        "一",
        "(",
        "《",
        "“",
        "第",
        ",",
        "。",
        " ",
        "年",
        "件",
        "a1",
        "1,",
        "1。",
        "共1件,其中",
        "1,111",
        "九",
        "1号",
        "本年1件,",
        "较上年1件减少1件,",
        "其余1件",
        "申请均",
    )
    yield from (
        "收到1件,",
        "较上年",
        "上年1件",
        "无",
        "未收到",
        "1-",
        "http://",
        "万",
        "本年",
        "一、",
        "(一)",
    )
    patterns = [p for p in MET if len(p[0]) > 3]
    for pattern, flags in rng.sample(patterns, min(60, len(patterns))):
        yield sample(re._parser.parse(pattern, flags), rng) or "a"  # type: ignore[attr-defined]
    for _ in range(20):
        yield "".join(
            rng.choices(string.ascii_letters + string.digits + "一二件年月,。;:(（", k=rng.randint(1, 9))
        )


def whole(unit: str, length: int) -> float:
    from xlcheck.editions import edition_named
    from xlcheck.judge import judge
    from xlcheck.workbook.json import seed

    one = seed()
    text = (unit * (length // len(unit) + 1))[:length]
    one = one._replace(texts=dict.fromkeys(one.texts, text))
    return seconds(lambda f: judge(edition_named(f.edition), f, f), one)  # type: ignore[arg-type]


def main(seed: int) -> int:
    rng = random.Random(seed)
    work()
    found = sorted(slow_patterns(rng), reverse=True)
    print(f"{len(MET)} patterns, {len(found)} slower than linear")
    for times, took, pattern in found:
        print(f"{times:6.1f} ×  {took:6.3f} s  {pattern[:140]}")
    print("whole filings, seconds at 1/4, 1/2 and all of a cell; the five slowest")
    rows = []
    for unit in texts(rng):
        took = [whole(unit, length) for length in (CELL // 4, CELL // 2, CELL)]
        rows.append((took[-1], took, unit))
    for _, took, unit in sorted(rows, reverse=True)[:5]:
        print("  ".join(f"{t:6.2f}" for t in took), f" {took[-1] / took[0]:5.1f} ×  {unit[:40]!r}")
    slow = [unit for last, took, unit in rows if last >= MEASURABLE and last > SLOW * took[0]]
    print(f"{len(rows)} texts, {len(slow)} slower than linear {slow or ''}")
    return int(bool(found or slow))


if __name__ == "__main__":
    note_patterns()
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
