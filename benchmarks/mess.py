"""A county's whole mess: 300 units and everything else that lands in an inbox, with what is right for each.

    python benchmarks/mess.py round [SEED]   collect, decide, notices, what comes after, collect again
    python benchmarks/mess.py kills [SEED]   20 runs killed at random moments and taken up again
    python benchmarks/mess.py two [SEED]     two officers collect into one ledger at once
    python benchmarks/mess.py watch [SEED]   --watch, with files arriving while it runs
    python benchmarks/mess.py s3 [SEED]      the same inbox in an object store (a local moto server)
    python benchmarks/mess.py alike [SEED]   SQLite, PostgreSQL and a Dask cluster beside one another

Every run says how many files, statuses and totals are as planned, and names those that are not.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from by_name import build_template
from cases import base, edited
from inboxes import Planned, Press, planned, roster
from ledgers import CAMPAIGN, TODAY, snapshot
from openpyxl import load_workbook

from xlcheck.core.filing import Filing
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.ledger.register import Register
from xlcheck.county.summary.formulas import total_sheet
from xlcheck.data.county import Outcome, Status, county
from xlcheck.data.summary import summary
from xlcheck.editions import edition_named
from xlcheck.saving import save

UNITS, START = 300, time.mktime((2026, 1, 5, 9, 0, 0, 0, 0, -1))
FORM = edition_named("2021").form
STORIES = {  # what a unit does: how many of a hundred
    "plain": 34, "faulty, then mended": 9, "faulty, then the same again": 4, "faulty, then silent": 5,
    "faulty, then moved": 3, "resent": 8, "draft": 6, "draft found late": 4, "twice": 6, "zipped": 6,
    "linked": 2, "silent": 4, "another year": 3, "another edition": 3, "typo on the cover": 3,
}  # fmt: skip
NOISE: dict[str, tuple[bytes, Outcome | None]] = {  # what is no return; None: left alone, no record
    "空文件.xlsx": (b"", Outcome.UNREADABLE), "照片.jpg": (b"\xff\xd8\xff\xe0" * 50, Outcome.UNREADABLE),
    "会议.mp4": (b"\0\0\0\x18ftypmp42" * 20, Outcome.UNREADABLE),
    "报表.xlsx.crdownload": (b"PK\3\4half", Outcome.UNREADABLE),
    "说明.txt": ("请查收".encode(), Outcome.UNREADABLE),
    "旧表.et": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Outcome.UNREADABLE),
    "~$第1镇人民政府.xlsx": (b"lock", None), ".DS_Store": (b"x", None), "Thumbs.db": (b"x", None),
    "$RECYCLE.BIN/第2镇人民政府.xlsx": (b"gone", None), "@eaDir/第3镇.xlsx/x": (b"x", None),
    "__MACOSX/._第4镇.xlsx": (b"x", None), "System Volume Information/x.dat": (b"x", None),
}  # fmt: skip


class Mess:
    """The inbox, and by path and unit what is right for it; ``later`` brings the second wave."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home, self.inbox, self.rng = home, home / "inbox", random.Random(seed)
        self.inbox.mkdir()
        self.press, self.old = Press("2021", home), Press("2019", home)
        self.right: dict[str, Outcome | None] = {}
        self.status: dict[str, Status] = {}
        self.counts: dict[str, Filing] = {}
        self.clock = START
        self.again: list[Callable[[], None]] = []
        self.accepted: list[str] = []
        names = [n for n, share in STORIES.items() for _ in range(share)]
        plans = list(planned(UNITS, self.rng, faulty=0))
        self.listed = roster(home / "roster.csv", [p.unit for p in plans])
        for plan in plans:
            self._tell(plan, self.rng.choice(names))
        self._noise(plans)
        self.before = _digests(self.inbox)

    def put(self, path: str, content: bytes, right: Outcome | None, age: float = 0) -> None:
        """A file as it comes: every one a minute after the one before, unless it is said to be older."""
        self.clock += 60
        (self.inbox / path).parent.mkdir(parents=True, exist_ok=True)
        (self.inbox / path).write_bytes(content)
        os.utime(self.inbox / path, (self.clock - age,) * 2)
        self.right[path] = right

    def _tell(self, plan: Planned, story: str) -> None:
        """What a unit sends at first, and what will come of it later."""
        unit, good = plan.unit, plan.filing
        bad, moved = (self._wrong(good) for _ in range(2))
        place = self.rng.choice(["", "邮件/", "U盘/一月/", f"{'很长的文件夹名' * 8}/"])
        name, kept, wrong = f"{place}{unit}.xlsx", self.press.print(good), self.press.print(bad)
        self.status[unit], self.counts[unit] = Status.REPORTED, good
        match story.split(", then "):
            case ["faulty", after]:
                self.put(name, wrong, Outcome.RETURN)
                self.counts[unit] = bad
                sent = {"mended": good, "the same again": bad, "moved": moved}.get(after)
                self.again.append(lambda: self._back(unit, name, sent))
            case ["plain"]:
                self.put(name, kept, Outcome.RETURN)
            case ["resent"]:
                self.put(name, wrong, Outcome.OLDER)
                self.put(f"更正/{unit}（改）.xlsx", kept, Outcome.RETURN)
            case ["draft"]:
                self.put(name, kept, Outcome.RETURN)
                self.put(f"草稿/{unit}.xlsx", wrong, Outcome.OLDER, age=90_000)
            case ["draft found late"]:
                self.put(name, kept, Outcome.RETURN)
                self.accepted.append(unit)
                self.again.append(lambda: self._late(unit, wrong))
            case ["twice"]:
                self.put(name, kept, Outcome.RETURN)
                self.put(f"副本/{unit} - 副本.xlsx", kept, Outcome.TWICE)
            case ["zipped"]:
                self._zip(unit, wrong, kept)
            case ["linked"]:
                self._link(unit, kept)
            case _:
                self._nothing_of(unit, story, name, good)

    def _wrong(self, good: Filing) -> Filing:
        """The filing with one wrong figure in 表三."""
        at = self.rng.choice([name for name, field in FORM.fields.items() if field.table == "t3"])
        return edited(good, {at: int(good.values[at]) + self.rng.randint(1, 90)})

    def _nothing_of(self, unit: str, story: str, name: str, good: Filing) -> None:
        """What leaves a unit missing: nothing at all, or a file that does not count."""
        self.status[unit] = Status.MISSING
        del self.counts[unit]
        match story:
            case "another year":
                self.put(name, self.press.print(edited(good, {"year": 2024})), Outcome.YEAR)
            case "another edition":
                other = edited(base("2019"), {"unit": unit, "year": CAMPAIGN.year})
                self.put(name, self.old.print(other), Outcome.EDITION)
            case "typo on the cover":
                typed = edited(good, {"unit": unit.replace("镇", "填")})
                self.put(name, self.press.print(typed), Outcome.STRANGER)

    def _zip(self, unit: str, wrong: bytes, kept: bytes) -> None:
        """Two entries of one name, one of them in a folder above and newer; a lock file beside them."""
        path = self.inbox / f"打包/{unit}.zip"
        path.parent.mkdir(exist_ok=True)
        names = (f"./{unit}.xlsx", f"../{unit}.xlsx", f"~${unit}.xlsx")
        with zipfile.ZipFile(path, "w") as packed:
            for hour, (name, content) in enumerate(zip(names, (wrong, kept, b"lock"), strict=True), 8):
                packed.writestr(zipfile.ZipInfo(name, (2026, 1, 6, hour, 0, 0)), content)
        second = county().inbox.again.format(name=f"{unit}.xlsx", n=2)
        self.right[f"打包/{unit}.zip/{unit}.xlsx"] = Outcome.OLDER  # as they were packed: the second is newer
        self.right[f"打包/{unit}.zip/{second}"] = Outcome.RETURN

    def _link(self, unit: str, content: bytes) -> None:
        target = self.home / "elsewhere" / f"{unit}.xlsx"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        (self.inbox / f"{unit}.xlsx").symlink_to(target)
        self.right[f"{unit}.xlsx"] = Outcome.RETURN

    def _noise(self, plans: list[Planned]) -> None:
        for path, (content, right) in NOISE.items():
            self.put(path, content, right)
        whole = self.press.print(plans[0].filing)
        self.put("残缺.xlsx", whole[: len(whole) // 2], Outcome.UNREADABLE)
        save(build_template("2021"), self.home / "blank.xlsx")
        self.put("空白表.xlsx", (self.home / "blank.xlsx").read_bytes(), Outcome.UNREADABLE)
        self.put(f"{'长' * 78}.xlsx", self.press.print(edited(plans[1].filing, {"unit": "邻县某局"})),
                 Outcome.STRANGER)  # fmt: skip
        (self.inbox / "断了的链接.xlsx").symlink_to(self.home / "nowhere.xlsx")
        self.right["断了的链接.xlsx"] = Outcome.UNREADABLE
        if os.geteuid():  # nothing is shut to root
            (self.inbox / "打不开的文件夹").mkdir(mode=0)
            self.right["打不开的文件夹"] = Outcome.UNREADABLE

    def _back(self, unit: str, name: str, sent: Filing | None) -> None:
        """After a return was sent back: whatever comes is a return, and the one before it an older one."""
        if sent is None:
            self.status[unit] = Status.RETURNED
            return
        self.right[name] = Outcome.OLDER
        self.put(f"重报/{unit}.xlsx", self.press.print(sent), Outcome.RETURN)
        self.status[unit], self.counts[unit] = Status.RESENT, sent

    def _late(self, unit: str, draft: bytes) -> None:
        self.status[unit] = Status.ACCEPTED
        self.put(f"后来找到/{unit}.xlsx", draft, Outcome.LATER, age=900_000)

    def later(self) -> None:
        """The second wave, and our own summary and letters, dropped into the inbox by mistake."""
        for step in self.again:
            step()
        self.put("结果/汇总.xlsx", (self.home / "out" / summary().file).read_bytes(), Outcome.UNREADABLE)
        letter = next((self.home / "letters").rglob("*.docx"))
        self.put("结果/通知.docx", letter.read_bytes(), Outcome.UNREADABLE)
        self.before = _digests(self.inbox)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path): f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def command(mess: Mess, verb: str, *words: str, ledger: str = "", inbox: str = "") -> list[str]:
    """A verb of the command line on this mess."""
    where = ["--ledger", ledger or str(mess.home / "l.db")]
    if verb == "collect":
        where += ["--roster", str(mess.listed), "--county", CAMPAIGN.county, "--year", str(CAMPAIGN.year)]
        where += ["-o", str(mess.home / "out"), "--today", str(TODAY)]
        words = (inbox or str(mess.inbox), *words)
    return [sys.executable, "-m", "xlcheck.cli", verb, *words, *where]


def call(mess: Mess, verb: str, *words: str, ledger: str = "", inbox: str = "") -> str:
    """Run a verb to its end and give back what it said. Raises where it broke."""
    done = subprocess.run(
        command(mess, verb, *words, ledger=ledger, inbox=inbox), capture_output=True, text=True
    )
    if "Traceback" in done.stderr or (done.returncode not in (0, 1)):
        raise SystemExit(f"{verb}: {done.returncode}\n{done.stderr}")
    return done.stderr


def compare(mess: Mess, what: str, ledger: str = "") -> bool:
    """Every file a record and what it should be, every status, the totals twice, the originals untouched."""
    with open_ledger(ledger or str(mess.home / "l.db")) as book:
        register = Register(book.db, CAMPAIGN)
        there = {one.path: one.outcome for one in register.arrivals()}
        states = {s.unit.name: s.status for s in register.standings(TODAY)}
    wanted = {path: outcome for path, outcome in mess.right.items() if outcome}
    files = _unlike(wanted, there)
    units = _unlike(mess.status, states)
    sums = {n: sum((f.values[n] for f in mess.counts.values()), Decimal(0)) for n in FORM.fields}
    shown = _shown_totals(mess.home / "out" / summary().file)
    totals = [name for name in FORM.fields if shown[name] != sums[name]]
    same = _digests(mess.inbox) == mess.before
    print(
        f"{what}: {len(wanted)} files with a record, wrong {len(files)}; {len(states)} statuses, wrong "
        f"{len(units)}; {len(sums)} totals, wrong {len(totals)}; originals untouched: {same}"
    )
    for line in [*files, *units, *totals][:20]:
        print("   ", line)
    return not (files or units or totals) and same


def _unlike(wanted: dict, there: dict) -> list[str]:
    keys = sorted({*wanted, *there})
    return [
        f"{key}: {there.get(key)} for {wanted.get(key)}" for key in keys if wanted.get(key) != there.get(key)
    ]


def _shown_totals(path: Path) -> dict[str, Decimal]:
    """The summary's totals as a program shows them that works nothing out."""
    book, found = load_workbook(path, data_only=True), {}
    for field in FORM.fields.values():
        text = str(book[total_sheet(FORM, field.table)][field.cell].value)
        found[field.name] = Decimal(text.removeprefix(summary().incomplete))
    return found


def round_(mess: Mess) -> bool:
    """From the first day to the second wave."""
    start = time.perf_counter()
    print(call(mess, "collect").rstrip())
    good = compare(mess, "first")
    print(call(mess, "decide", "退回", "--faulty").rstrip())
    print(call(mess, "decide", "接受", *mess.accepted).rstrip())
    print(call(mess, "notices", "-o", str(mess.home / "letters"), "--office", "清水县政府办").rstrip())
    letters = Counter(path.suffix for path in (mess.home / "letters").rglob("*") if path.is_file())
    print(f"letters: {dict(letters)}")
    mess.later()
    print(call(mess, "collect").rstrip())
    good &= compare(mess, "after the second wave")
    before = snapshot(mess.home / "l.db")
    said = call(mess, "collect")
    print(f"nothing new: ledger the same: {snapshot(mess.home / 'l.db') == before}; {said.splitlines()[1]}")
    print(f"{time.perf_counter() - start:.0f} s in all")
    return good


def kills(mess: Mess) -> bool:
    """A run that was killed anywhere goes on where it was."""
    call(mess, "collect", ledger=str(mess.home / "whole.db"))
    shutil.rmtree(mess.home / "out")
    whole, chance, same = snapshot(mess.home / "whole.db"), random.Random(7), 0
    for number in range(20):
        ledger = str(mess.home / f"k{number}.db")
        one = subprocess.Popen(
            command(mess, "collect", ledger=ledger), stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(chance.uniform(0.2, 8))
        os.killpg(one.pid, signal.SIGKILL)
        one.wait()
        shutil.rmtree(mess.home / "out", ignore_errors=True)
        call(mess, "collect", ledger=ledger)
        now = snapshot(ledger)
        same += now == whole
        for table in (name for name in now if now[name] != whole[name]):
            print(f"   {number} {table}:", [row for row in now[table] if row not in whole[table]][:3])
        shutil.rmtree(mess.home / "out")
    print(f"killed at 20 random moments and run again: {same} of 20 ledgers the same")
    call(mess, "collect", ledger=str(mess.home / "whole.db"))
    return compare(mess, "after the kills", str(mess.home / "whole.db")) and same == 20


def two(mess: Mess) -> bool:
    """Two officers at once: the same inbox, the same ledger, two folders."""
    with open_ledger(str(mess.home / "l.db")):
        pass
    both = [command(mess, "collect"), command(mess, "collect")]
    both[1][both[1].index("-o") + 1] = str(mess.home / "out2")
    started = [subprocess.Popen(one, stderr=subprocess.PIPE, text=True) for one in both]
    for one in started:
        said = one.communicate()[1]
        print(one.returncode, said.splitlines()[-1])
    call(mess, "collect")
    return compare(mess, "two officers")


def watch(mess: Mess) -> bool:
    """Half of the inbox comes while somebody watches it, each file written in two goes."""
    there = [p for p in sorted(mess.inbox.rglob("*.xlsx")) if p.is_file() and not p.is_symlink()]
    of_unit = Counter(path.name.removesuffix(".xlsx")[: path.name.find("府") + 1] for path in there)
    # A copy has its own time only once it is whole: where a unit sent two, that says which is newer.
    aside = [p for p in there if of_unit[p.name.removesuffix(".xlsx")] == 1][::2]
    stamps = {path: (path.read_bytes(), path.stat().st_mtime) for path in aside}
    for path in aside:
        path.unlink()
    one = subprocess.Popen(command(mess, "collect", "--watch"), stderr=subprocess.PIPE, text=True)
    for path, (content, moment) in stamps.items():
        path.write_bytes(content[: len(content) // 2])
        time.sleep(random.uniform(0, 0.3))
        with path.open("ab") as rest:
            rest.write(content[len(content) // 2 :])
        os.utime(path, (moment, moment))
    time.sleep(40)
    one.send_signal(signal.SIGINT)
    said = one.communicate()[1].splitlines()
    runs = sum(line.startswith("收件处") for line in said)
    print(f"--watch ended with {one.returncode} after {runs} runs: {said[-1]}")
    return compare(mess, "watched")


def s3(mess: Mess) -> bool:
    """The same files in an object store: the same outcomes by name, links and folders apart."""
    from s3fs import S3FileSystem

    port = "5055"
    server = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", port],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    os.environ |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "x",
                   "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    try:
        time.sleep(5)
        store = S3FileSystem()
        store.mkdir("county")
        for path in sorted(p for p in mess.inbox.rglob("*") if p.is_file() and not p.is_symlink()):
            store.put_file(str(path), f"county/{path.relative_to(mess.inbox)}")
        start = time.perf_counter()
        print(call(mess, "collect", inbox="s3://county").rstrip(), f"{time.perf_counter() - start:.0f} s")
        with open_ledger(str(mess.home / "l.db")) as book:
            there = {one.path: one.outcome for one in Register(book.db, CAMPAIGN).arrivals()}
    finally:
        server.kill()
        server.wait()
    kinds = {path: bool(outcome) for path, outcome in mess.right.items()}
    links = {str(p.relative_to(mess.inbox)) for p in mess.inbox.rglob("*") if p.is_symlink()}
    recorded = {path for path, kept in kinds.items() if kept} - links
    readable = {p for p in recorded if mess.right[p] is Outcome.UNREADABLE}
    wrong = sorted(recorded ^ {*there}) + sorted(p for p in recorded & {*there} if
                   (there[p] is Outcome.UNREADABLE) != (p in readable))  # fmt: skip
    print(f"s3: {len(there)} records, {len(wrong)} wrong {wrong[:9]}")
    return not wrong


def alike(mess: Mess) -> bool:
    """One inbox in SQLite, in PostgreSQL and worked on by a cluster: three ledgers that say the same."""
    import postgres
    from distributed import LocalCluster

    call(mess, "collect")
    here = snapshot(mess.home / "l.db")
    with ExitStack() as open_ones:
        url = open_ones.enter_context(postgres.running())
        made = open_ones.enter_context(
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", protocol="tcp://")
        )
        shutil.rmtree(mess.home / "out")
        call(mess, "collect", ledger=url)
        first = snapshot(url) == here and compare(mess, "PostgreSQL", url)
        shutil.rmtree(mess.home / "out")
        there = str(mess.home / "dask.db")
        call(mess, "collect", "--dask", made.scheduler_address, ledger=there)
        second = snapshot(there) == here and compare(mess, "Dask", there)
    print(f"the same in PostgreSQL: {first}, by Dask: {second}")
    return first and second


MODES = {"round": round_, "kills": kills, "two": two, "watch": watch, "s3": s3, "alike": alike}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sound = MODES[sys.argv[1]](Mess(Path(folder), int((*sys.argv[2:], "1")[0])))
    sys.exit(not sound)
