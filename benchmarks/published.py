"""Published = accepted: pages, PDFs and documents made by other programs, with planted differences.

    python benchmarks/published.py [--pages 500] [--first 0] [--keep DIRECTORY]

The filings of a ledger are laid out as LibreOffice saves Word documents and PDFs, as Chromium prints and
saves pages, and as a page written by hand in another layout. What is told is counted against the plants.
"""

import argparse
import html
import json
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random
from typing import NamedTuple

HERE = Path(__file__).parents[1]
sys.path[:0] = [str(HERE), str(HERE / "tests")]

from devtools import running  # noqa: E402
from inboxes import Press, planned, roster  # noqa: E402
from ledgers import CAMPAIGN, run  # noqa: E402

from xlcheck.core.filing import Filing, entry_text  # noqa: E402
from xlcheck.core.finding import Result  # noqa: E402
from xlcheck.county.decide import enter_decisions, on_units  # noqa: E402
from xlcheck.county.ledger.database import open_ledger  # noqa: E402
from xlcheck.county.ledger.register import Register  # noqa: E402
from xlcheck.county.workers import processes  # noqa: E402
from xlcheck.data.county import Verdict  # noqa: E402
from xlcheck.editions import edition_named  # noqa: E402
from xlcheck.report import write_report  # noqa: E402

EDITION = edition_named("2021")
FORM = EDITION.form
DUE = CAMPAIGN.due
MAKERS = ("LibreOffice docx", "LibreOffice pdf", "Chromium pdf", "Chromium html", "Chromium mhtml", "by hand")
PLANTS = (
    "none", "cell", "none", "cells", "figure", "none", "gone", "blank", "swap", "added", "none", "late",
    "zero", "year", "none", "nameless", "picture", "digits", "short", "none", "missing",
)  # fmt: skip
SAID = (
    "全年召开会议{n}次，研究政务公开工作。", "组织培训{n}期，参加人员{m}人次。", "门户网站更新栏目{n}个。",
    "指定专人负责，做到按时公开、按时更新。", "开展自查{n}次，整改问题{m}个。", "答复群众来信{n}件。",
)  # fmt: skip


class Page(NamedTuple):
    """One page that is to be published: what stands in it, how, and what is wrong with it."""

    name: str
    unit: str
    maker: str
    plant: str
    filing: Filing
    day: date | None
    cells: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def plans(count: int, rng: Random) -> Iterator[tuple[Filing, Page]]:
    """The filings that are accepted, and the page of each."""
    for n, plan in enumerate(planned(count, rng, faulty=0)):
        five = "".join(
            said.format(n=rng.randint(1, 90), m=rng.randint(100, 999)) for said in rng.sample(SAID, 4)
        )
        texts = dict(plan.filing.texts) | {"s5": five, "s6": f"本机关没有收取信息处理费，报送材料{n}份。"}
        filing = plan.filing._replace(texts=texts)
        maker, plant = MAKERS[n % len(MAKERS)], PLANTS[(n // len(MAKERS)) % len(PLANTS)]
        yield filing, planted(filing, maker, plant, rng, n)


def planted(filing: Filing, maker: str, plant: str, rng: Random, n: int) -> Page:
    """A page with one kind of difference from what was accepted."""
    page = Page(f"{n}-{filing.unit}", str(filing.unit), maker, plant, filing, DUE - timedelta(days=n % 9 + 1))
    names = [name for name in FORM.fields if filing.values[name]]
    match plant:
        case "cell" | "cells" | "digits" | "zero" | "blank":
            some = rng.sample(names, 3 if plant == "cells" else 1)
            return page._replace(
                filing=changed(filing, {at: other(filing.values[at], plant, rng) for at in some}),
                cells=frozenset(some),
            )
        case "swap":
            a, b = swapped(filing, rng)
            edit = {a: filing.values[b], b: filing.values[a]}
            return page._replace(filing=changed(filing, edit), cells=frozenset((a, b)))
        case "figure" | "gone" | "added":
            at = rng.choice(("s1", "s5"))
            texts = dict(filing.texts) | {at: reworded(filing.texts[at], plant, rng)}
            return page._replace(filing=filing._replace(texts=texts), texts=frozenset((at,)))
        case "late":
            return page._replace(day=DUE + timedelta(days=rng.randint(1, 90)))
        case "nameless":  # its preface would name the unit
            return page._replace(texts=frozenset({"preface"}))
        case "year":
            return page._replace(filing=filing._replace(year=Decimal(2024)))
    return page


def changed(filing: Filing, edit: dict[str, Decimal | None]) -> Filing:
    return filing._replace(values={**filing.values, **edit})


def other(value: Decimal, plant: str, rng: Random) -> Decimal | None:
    match plant:
        case "zero":
            return Decimal(0)
        case "blank":
            return None
        case "digits":
            return Decimal(f"{value}{rng.randint(0, 9)}") if value == value.to_integral() else value * 10
    return value + rng.randint(1, 90)


def swapped(filing: Filing, rng: Random) -> tuple[str, str]:
    """Two cells of a row that are not the same."""
    pairs = [
        (a, b) for a, b in combinations(FORM.fields, 2)
        if a.rpartition(".")[0] == b.rpartition(".")[0] and filing.values[a] != filing.values[b]
    ]  # fmt: skip
    return rng.choice(pairs)


def reworded(text: str, plant: str, rng: Random) -> str:
    sentences = [part + "。" for part in text.split("。") if part.strip()]
    at = rng.randrange(len(sentences) - 1) if plant != "figure" else next(
        n for n, said in reversed(list(enumerate(sentences))) if any(c.isdigit() for c in said)
    )  # fmt: skip
    match plant:
        case "gone":
            del sentences[at]
        case "added":
            sentences.insert(at, "另行安排专项检查一次，结果通报各科室。")
        case "figure":
            first = next(c for c in sentences[at] if c.isdigit())
            sentences[at] = sentences[at].replace(first, str((int(first) + 3) % 10), 1)
    return "".join(sentences)


# ---------------------------------------------------------------- a site's page


def site(page: Page, hand: bool) -> str:
    """A page as a government's site lays it out; ``hand`` is another layout, without the site around it."""
    named = page.plant != "nameless"
    title = f"{page.unit if named else ''}{entry_text(page.filing.year)}年政府信息公开工作年度报告"
    day = f"{page.day:%Y-%m-%d}" if page.day else ""
    body = "".join(_sections(page, hand, named))
    if hand:
        return (
            f'<html><head><meta charset="gb18030"><title>{title}</title></head><body bgcolor="#eeeeff">'
            f"<center><font size=5><b>{title}</b></font><br>日期：{day.replace('-', '/')}"
            f"　来源：办公室</center>{body}</body></html>"
        )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-门户网站</title>'
        f'<meta name="PubDate" content="{day} 09:30"><meta name="ColumnName" content="年度报告"></head><body>'
        '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li></ul></div>'
        f'<div class="con"><h1>{title}</h1>'
        f'<div class="info">发布时间：{day} 09:30 来源：办公室 浏览次数：12</div>'
        f'<div class="TRS_Editor">{body}</div></div>'
        '<div class="foot">主办：办公室　网站标识码：6200000001　备案序号：00000001号</div></body></html>'
    )


def _sections(page: Page, hand: bool, named: bool) -> Iterator[str]:
    filing = page.filing
    if named:
        yield _paragraphs(filing.texts["preface"], hand)
    for section, heading in FORM.sections.items():
        yield f"<p><b>{heading}</b></p>" if hand else f"<h2>{heading}</h2>"
        if section not in FORM.tables:
            yield _paragraphs(filing.texts.get(section, ""), hand)
        elif page.plant == "picture":
            yield '<p><img src="table.png" alt=""></p>'
        elif not (page.plant == "short" and section == "t3"):
            yield _table(filing, section, hand)
    if named:
        yield _paragraphs(f"{page.unit}\n{int(filing.year or 0) + 1}年1月15日", hand)


def _paragraphs(text: str, hand: bool) -> str:
    lines = (html.escape(line) for line in text.split("\n"))
    if hand:
        return "".join(f"　　{line}<br>\n" for line in lines)
    return "".join(f'<p style="text-indent:2em"><span>{line}</span></p>' for line in lines)


def _table(filing: Filing, table: str, hand: bool) -> str:
    rows: dict[int, list[str]] = {}
    for cell in sorted(FORM.tables[table], key=lambda c: (c.row, c.col)):
        said = entry_text(filing.values.get(cell.field)) if cell.field else html.escape(cell.text)
        inner = f"<p align=center><font face=宋体>&nbsp;{said}</font></p>" if hand else f"<span>{said}</span>"
        spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
        spans += f' colspan="{cell.cols}"' if cell.cols > 1 else ""
        rows.setdefault(cell.row, []).append(f"<td{spans}>{inner}</td>")
    lines = "".join(f"<tr>{''.join(cells)}</tr>\n" for cells in rows.values())
    return (
        f"<table border=1 cellspacing=0>{lines}</table>" if hand else f"<table><tbody>{lines}</tbody></table>"
    )


# ---------------------------------------------------------------- by other programs


def make(pages: list[Page], folder: Path) -> None:
    """Write every page as its maker does."""
    target, raw = folder / "公开", folder / "raw"
    target.mkdir(), raw.mkdir()
    there = [page for page in pages if page.plant != "missing"]
    for kind in ("docx", "pdf"):
        some = [page for page in there if page.maker == f"LibreOffice {kind}"]
        for page in some:
            document(page, raw / f"{page.name}.docx")
        office(raw, target, kind, [raw / f"{page.name}.docx" for page in some])
    for page in (page for page in there if page.maker == "by hand"):
        (target / f"{page.name}.html").write_bytes(site(page, hand=True).encode("gb18030"))
    with running(Path(shutil.which("chromium") or "chromium")) as tab:
        for page in (page for page in there if page.maker.startswith("Chromium")):
            source = raw / f"{page.name}.html"
            source.write_text(site(page, hand=False), encoding="utf-8")
            tab.open(source)
            tab.run("new Promise((done) => setTimeout(done, 60))")
            chromium(tab, page, target)


def document(page: Page, path: Path) -> None:
    """Our own Word document, which LibreOffice then saves in its way; its site's day it does not have."""
    if page.plant in ("picture", "short", "nameless", "late", "blank"):  # what only a page can have
        source = path.with_suffix(".html")
        source.write_text(site(page, hand=False), encoding="utf-8")
        office(path.parent, path.parent, "docx:MS Word 2007 XML", [source], "--infilter=HTML (StarWriter)")
        return
    write_report(EDITION, page.filing, Result((), ()), path, draft=False)


def office(home: Path, target: Path, kind: str, sources: list[Path], *more: str) -> None:
    profile = (home / "profile").as_uri()
    for at in range(0, len(sources), 40):
        command = [
            "soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore", *more,
            "--convert-to", kind, "--outdir", str(target), *map(str, sources[at : at + 40]),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=900)


def chromium(tab: object, page: Page, target: Path) -> None:
    match page.maker:
        case "Chromium pdf":
            printed = tab.send("Page.printToPDF", printBackground=True, paperWidth=8.27, paperHeight=11.69)
            (target / f"{page.name}.pdf").write_bytes(b64decode(printed["data"]))
        case "Chromium html":
            text = tab.run("document.documentElement.outerHTML")
            (target / f"{page.name}.html").write_text(f"<!DOCTYPE html>\n{text}", encoding="utf-8")
        case _:
            snapshot = tab.send("Page.captureSnapshot")["data"]
            (target / f"{page.name}.mhtml").write_text(snapshot, encoding="utf-8", newline="")


# ---------------------------------------------------------------- what is told of them


def accepted(folder: Path, filings: list[Filing]) -> Path:
    """A ledger in which all of these are accepted."""
    inbox, ledger = folder / "inbox", folder / "county.db"
    inbox.mkdir()
    press = Press("2021", folder)
    for filing in filings:
        (inbox / f"{filing.unit}.xlsx").write_bytes(press.print(filing))
    units = [str(filing.unit) for filing in filings]
    run(inbox, roster(folder / "roster.csv", units), ledger, workers=processes(2))
    with open_ledger(str(ledger)) as book:
        register = Register(book.db, CAMPAIGN)
        said = on_units(register, units, Verdict.ACCEPT, rule="", reason="", note="")
        enter_decisions(register, book, list(said), datetime(2026, 2, 1))
    return ledger


def told(folder: Path, ledger: Path) -> tuple[dict[str, dict], str]:
    command = [
        sys.executable, "-m", "xlcheck.cli", "published", str(folder / "公开"), "--ledger", str(ledger),
        "--json", "--due", str(DUE),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(line["file"]).stem: line for line in lines if line["file"]}, done.stderr


def judge_all(pages: list[Page], lines: dict[str, dict], said: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        if page.plant == "missing":
            counts[page.maker, "missing planted"] += 1
            counts[page.maker, "missing found"] += page.name not in lines
            continue
        wrong = dict(sorted(_wrong(page, lines[page.name], counts).items()))
        if wrong:
            print(f"{page.maker} {page.plant} {page.name}: {wrong}")
    keys = sorted({key for _, key in counts})
    for key in keys:
        row = ", ".join(f"{maker} {counts[maker, key]}" for maker in MAKERS if counts[maker, key])
        print(f"{key:24}{sum(counts[maker, key] for maker in MAKERS):6}   {row}")
    print(said.strip())


def _wrong(page: Page, line: dict, counts: Counter[tuple[str, str]]) -> dict[str, object]:
    """What is told of a page beside what was planted, counted; and what of it is not as it should be."""
    cells, texts = {c["field"] for c in line["cells"]}, {t["section"] for t in line["texts"]}
    wrong: dict[str, object] = {}

    def count(what: str, planted: set[str] | frozenset[str], found: set[str]) -> None:
        counts[page.maker, f"{what} planted"] += len(planted)
        counts[page.maker, f"{what} found"] += len(planted & found)
        counts[page.maker, f"{what} invented"] += len(found - planted)
        if planted != found:
            wrong[what] = f"{sorted(planted)} told {sorted(found)}"

    expected = {"picture": {"unreadable", "partly"}, "year": {"year"}, "short": {"partly"}}.get(page.plant)
    expected = expected or ({"differs"} if page.cells else {"same"})
    if page.plant not in ("picture", "year"):
        count("cells", page.cells, cells)
        count("texts", page.texts, texts)
        lost = [] if page.plant == "short" else line["unread"]
        counts[page.maker, "figures not read"] += len(lost)
        late = {"late"} if page.plant == "late" else set()
        count("late", late, {"late"} if line["late"] else set())
    count("status", {page.plant} & {"picture", "year", "short"}, {page.plant} & {"picture", "year", "short"}
          if line["status"] in expected else {line["status"]})  # fmt: skip
    if line["unit"] != page.unit or line["claimed"] != (page.plant in ("nameless", "picture")):
        wrong["unit"] = (line["unit"], line["claimed"])
    return wrong


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--pages", type=int, default=500)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--keep", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = given.keep or Path(home)
        folder.mkdir(parents=True, exist_ok=True)
        both = list(plans(given.pages, Random(given.first)))
        pages = [page for _, page in both]
        ledger = accepted(folder, [filing for filing, _ in both])
        make(pages, folder)
        judge_all(pages, *told(folder, ledger))


if __name__ == "__main__":
    main()
