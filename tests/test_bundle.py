"""The Windows folder: made of given downloads by hash, and tried where wine is; real Windows is not here."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest
import windows
from by_name import build_template, fill_workbook
from cases import base, edited
from conftest import not_run
from packaging.markers import default_environment
from packaging.requirements import Requirement
from test_page import cells

from xlcheck import cli, data
from xlcheck.data.bundle import BundleFacts, bundle
from xlcheck.office import bundle as making
from xlcheck.office.addin.macrobook import settings
from xlcheck.saving import save

NAME = "张 三/年报 校验 (1)&"  # blanks, Chinese, and what cmd takes for its own
HERE = {
    **default_environment(), "os_name": "nt", "sys_platform": "win32", "platform_system": "Windows",
    "platform_machine": "AMD64", "python_version": "3.11", "python_full_version": "3.11.9", "extra": "",
}  # fmt: skip


# ---------------------------------------------------------------- what it is made of
def plain(name):
    return re.sub("[-_.]+", "-", name).lower()


def needed(lines, found=frozenset()):
    """What these requirements need on Windows, with what that needs; what is for it alone is not here."""
    for one in map(Requirement, lines):
        key = plain(one.name)
        if key not in found and (one.marker is None or one.marker.evaluate(HERE)):
            with suppress(metadata.PackageNotFoundError):
                found = needed(metadata.requires(key) or [], found | {key})
            found |= {key}
    return found


def test_all_that_is_needed_on_windows_is_in_it_and_nothing_else():
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    wheels = {plain(name.split("-")[0]) for name in bundle().wheels}
    assert wheels == needed(project["project"]["dependencies"])


def test_every_wheel_is_for_this_python_and_this_windows():
    kinds = {name.removesuffix(".whl").split("-", 2)[2] for name in bundle().wheels}
    own = "cp311-cp311-win_amd64", "py3-none-any", "py3-none-win_amd64", "py2.py3-none-any"
    assert all(kind.endswith(own) for kind in kinds)


def pinned(monkeypatch, **python):
    """The facts with what this test has for a Python, and no library."""
    facts = bundle()
    some: BundleFacts = facts._replace(python=facts.python._replace(**python), wheels={})
    monkeypatch.setattr(making, "bundle", lambda: some)
    return some


@pytest.fixture
def downloads(tmp_path, monkeypatch):
    """A zip named as the pinned one, with its hash registered."""
    path = tmp_path / "下载" / bundle().python.file
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("python.exe", b"MZ")
        packed.writestr("python311._pth", "python311.zip\r\n.\r\n\r\n#import site\r\n")
    pinned(monkeypatch, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    return path.parent


def made(downloads, to, *more):
    return cli.main(["bundle", f"--out={to}", f"--downloads={downloads}", *more])


def test_two_folders_of_the_same_downloads_are_the_same(downloads, tmp_path):
    assert [made(downloads, tmp_path / name) for name in ("甲", "乙")] == [0, 0]
    one, other = (
        {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in (tmp_path / "甲", tmp_path / "乙")
    )
    kept = {name for name in one if "/objects/" in name}  # they say when a file of the copy was made
    assert one.keys() == other.keys()
    assert [name for name in one if name not in kept and one[name] != other[name]] == []
    assert {path.stem for path in data.HERE.glob("*.toml")} <= {
        Path(name).name.split(".")[0] for name in kept
    }
    assert not [name for name in one if "__pycache__" in name]


def test_no_path_in_it_is_long(downloads, tmp_path):
    """Windows takes 260 letters in all, of which the folder's own place may have most."""
    made(downloads, tmp_path / "夹")
    assert max(len(str(p.relative_to(tmp_path / "夹"))) for p in (tmp_path / "夹").rglob("*")) < 120


def test_what_cmd_reads_is_plain_and_what_is_read_says_so(downloads, tmp_path):
    """cmd.exe reads in the machine's code page until told otherwise, and would run a byte order mark."""
    made(downloads, tmp_path / "夹")
    for script in bundle().script:
        content = (tmp_path / "夹" / script.file).read_bytes()
        before, told, _ = content.partition(b"chcp 65001")
        assert (before if told else content).isascii()
        assert content.count(b"\n") == content.count(b"\r\n") == len(script.lines)
    guide = (tmp_path / "夹" / bundle().guide.file).read_bytes()
    assert guide.startswith(b"\xef\xbb\xbf")
    assert guide.count(b"\n") == guide.count(b"\r\n")


def changed(folder):
    (folder / bundle().python.file).write_bytes(b"PK")


REFUSED = [
    (changed, bundle().say.wrong_hash.partition("”")[2]),
    (lambda folder: (folder / bundle().python.file).unlink(), bundle().say.no_python.partition("}")[2]),
]


@pytest.mark.parametrize(("spoil", "said"), REFUSED, ids=["changed", "absent"])
def test_downloads_that_are_not_the_registered_ones_are_refused(spoil, said, downloads, tmp_path, capsys):
    spoil(downloads)
    assert made(downloads, tmp_path / "夹") == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "夹").exists()


def test_a_library_that_is_not_to_be_had_is_named(downloads, tmp_path, monkeypatch, capsys):
    wheel = "no_such_library_of_ours-1.0-py3-none-any.whl"
    facts = making.bundle()._replace(wheels={wheel: "0" * 64})
    monkeypatch.setattr(making, "bundle", lambda: facts)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert made(downloads, tmp_path / "夹") == 2
    assert f"pip 没有取到 {wheel}（" in capsys.readouterr().err
    (downloads / wheel).write_bytes(b"PK")
    assert made(downloads, tmp_path / "夹") == 2
    assert str(downloads / wheel) in capsys.readouterr().err


def test_a_folder_with_something_in_it_stays_as_it_is(downloads, tmp_path, capsys):
    (tmp_path / "夹").mkdir()
    assert made(downloads, tmp_path / "夹") == 0
    (tmp_path / "夹" / "我的.txt").write_text("x", encoding="utf-8")
    assert made(downloads, tmp_path / "夹") == 2
    assert "没有动它" in capsys.readouterr().err
    assert (tmp_path / "夹" / "我的.txt").exists()


# ---------------------------------------------------------------- tried under wine
@pytest.fixture(scope="module")
def system():
    if why := windows.missing():
        not_run(why)
    with windows.running() as running:
        yield running


@pytest.fixture(scope="module")
def folder(system, tmp_path_factory):
    """The folder with every library, under a name as people give it."""
    place = tmp_path_factory.mktemp("folder")
    facts = bundle()
    (place / "下载").mkdir()
    windows.python_zip(python := place / "下载" / facts.python.file)
    digest = hashlib.sha256(python.read_bytes()).hexdigest()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "bundle", lambda: facts._replace(python=facts.python._replace(sha256=digest)))
        assert made(python.parent, place / NAME) == 0
    return place / NAME


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A folder of the clerk's: a sound workbook, a wrong one, a damaged one, last year's."""
    place = tmp_path_factory.mktemp("work") / "公 文"
    place.mkdir()
    save(build_template("2021"), place / "空.xlsx")
    sound = base("2021")
    filings = {
        "好": sound,
        "错": edited(sound, {"t3.granted.natural": 21}),
        "上年": sound._replace(year=sound.year - 1),
    }
    for name, filing in filings.items():
        fill_workbook(place / "空.xlsx", filing, place / f"{name}.xlsx")
    (place / "坏.xlsx").write_bytes(b"no workbook")
    return place


def both(system, folder, work, *line):
    """A command in the Windows folder, and here: status, what was said, and the bytes of what was made."""
    outcomes = []
    for start in (
        lambda: system.run("cmd", "/c", "xlcheck.cmd", *line, cwd=work, path=folder),
        lambda: subprocess.run(
            [sys.executable, "-m", "xlcheck.cli", *line], cwd=work, capture_output=True, encoding="utf-8"
        ),
    ):
        before = set(work.iterdir())
        done = start()
        new = sorted(set(work.iterdir()) - before)
        made_files = {path.name: path.read_bytes() for path in new}
        for path in new:
            path.unlink()
        outcomes.append((done.returncode, done.stdout, done.stderr, made_files))
    return outcomes


SAID = [
    ("check", "好.xlsx"),
    ("check", "错.xlsx", "好.xlsx", "坏.xlsx"),
    ("check", "--json", "错.xlsx", "坏.xlsx", "--last", "上年.xlsx"),
    ("code", "好.xlsx"),
    ("dump", "错.xlsx"),
    ("explain", "R301"),
]
MADE = [
    ("report", "好.xlsx", "-o", "出.docx"),
    ("report", "错.xlsx", "-o", "出.html", "--draft"),
    ("new", "-o", "出.xlsx", "--last", "好.xlsx"),
    ("repair", "错.xlsx", "-o", "出.xlsx"),
    ("report", "错.xlsx", "-o", "出.docx"),
]


@pytest.mark.parametrize("line", SAID, ids=" ".join)
def test_it_says_what_is_said_here(line, system, folder, work):
    there, here = both(system, folder, work, *line)
    assert there == here


@pytest.mark.parametrize("line", MADE, ids=" ".join)
def test_it_makes_what_is_made_here(line, system, folder, work):
    there, here = both(system, folder, work, *line)
    assert (there[0], there[1], list(there[3])) == (here[0], here[1], list(here[3]))
    assert there[3] == here[3]


def test_its_marked_copy_is_the_one_made_here(system, folder, work):
    there, here = both(system, folder, work, "check", "错.xlsx", "--mark", "标.xlsx")
    assert there[:2] == here[:2]
    assert cells(there[3]["标.xlsx"]) == cells(here[3]["标.xlsx"])


def test_it_reads_in_a_report_and_judges_a_policy(system, folder, work):
    """With the libraries that are compiled, in a process of its own whose memory Windows limits."""
    both(system, folder, work, "check", "好.xlsx")
    report = [sys.executable, "-m", "xlcheck.cli", "report", "好.xlsx", "-o", "报告.docx"]
    subprocess.run(report, cwd=work, check=True, capture_output=True)
    (work / "办法.toml").write_text('[severity]\nR207 = "info"\n', encoding="utf-8")
    there, here = both(system, folder, work, "import", "报告.docx", "--json")
    assert there == here
    assert json.loads(there[1])
    there, here = both(system, folder, work, "check", "错.xlsx", "--policy", "办法.toml")
    assert there == here


def test_a_click_on_install_puts_the_button_in_and_another_takes_it_out(system, folder, tmp_path):
    """Into a folder as Excel makes it; whether Excel then shows the button is not tried here."""
    (system.settings / "Microsoft" / "Excel").mkdir(parents=True)
    done = system.run("cmd", "/c", "安装.cmd", cwd=folder)
    put = system.settings / "Microsoft" / "Excel" / "XLSTART" / "xlcheck.xlam"
    assert (done.returncode, put.exists()) == (0, True), done.stdout + done.stderr
    interpreter = settings(put)["INTERPRETER_WIN"].replace("\\", "/")
    assert interpreter.removeprefix("Z:") == str(folder / "python/python.exe")
    again = system.run("cmd", "/c", "xlcheck.cmd", "addin", "status", cwd=tmp_path, path=folder)
    assert again.returncode == 0, again.stdout
    system.run("cmd", "/c", "卸载.cmd", cwd=folder)
    assert not put.exists()


def test_what_the_button_needs_is_there(system, folder, tmp_path):
    names = "win32com.client, pythoncom, xlwings, xlcheck.office.button, xlcheck.office.actions"
    done = system.run(str(folder / "python/python.exe"), "-c", f"import {names}; print('all')", cwd=tmp_path)
    assert done.stdout.strip() == "all", done.stderr


def test_a_click_inside_an_unopened_zip_is_told(system, folder, tmp_path):
    """Explorer unpacks the one file that was clicked on.

    Wine's cmd takes no notice of chcp, so that only how it ends can be seen here.
    """
    shutil.copy(folder / "安装.cmd", tmp_path)
    done = system.run("cmd", "/c", "安装.cmd", cwd=tmp_path)
    assert (done.returncode, "python" in done.stdout + done.stderr) == (2, False), done.stdout
    assert "先把整个文件夹解压" in (folder / "安装.cmd").read_text(encoding="utf-8")
