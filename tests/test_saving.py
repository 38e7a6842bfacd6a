"""Files are whole or not there; what a killed run left is swept; what is refused names the target."""

import errno
import multiprocessing
import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from xlcheck import cli, saving
from xlcheck.saving import BESIDE, atomically


@pytest.fixture(autouse=True)
def a_new_run():
    """A folder is swept once in a run; each test stands for one."""
    saving.sweep.cache_clear()


def text(path: Path) -> None:
    path.write_text("新")


def slowly(target: Path, begun) -> None:
    def write(beside: Path) -> None:
        beside.write_text("半")
        begun.put(str(beside))
        time.sleep(600)

    atomically(target, write)


@pytest.fixture
def another_run(tmp_path):
    """Another process in the middle of writing, and its temporary file."""
    begun = multiprocessing.Queue()
    process = multiprocessing.Process(target=slowly, args=(tmp_path / "别的.xlsx", begun))
    process.start()
    yield process, Path(begun.get(timeout=60))
    process.kill()
    process.join()


def test_what_a_killed_run_left_is_swept_by_the_next(another_run, tmp_path):
    process, beside = another_run
    process.kill()
    process.join()
    assert beside.exists()
    atomically(tmp_path / "表.xlsx", text)
    assert [p.name for p in tmp_path.iterdir()] == ["表.xlsx"]


def test_what_a_live_run_holds_stays(another_run, tmp_path):
    _, beside = another_run
    atomically(tmp_path / "表.xlsx", text)
    assert beside.read_text() == "半"


def test_only_ours_is_swept(tmp_path):
    for name in ("别人的.xlsx", ".~lock.表.xlsx#", "xlcheck-1.xlsx"):
        (tmp_path / name).write_text("x")
    (tmp_path / f"{BESIDE}folder").mkdir()
    atomically(tmp_path / "表.xlsx", text)
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.skipif(os.name == "nt", reason="Windows writes names down by itself")
def test_its_name_is_on_the_disk_too_before_it_is_said_to_be_there(tmp_path, monkeypatch):
    flush, flushed = os.fsync, []

    def noted(handle: int) -> None:
        flushed.append((stat.S_ISDIR(os.fstat(handle).st_mode), (tmp_path / "表.xlsx").exists()))
        flush(handle)

    monkeypatch.setattr(os, "fsync", noted)
    atomically(tmp_path / "表.xlsx", text)
    assert flushed == [(False, False), (True, True)]


def refused(code: int):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code), "/somewhere/.xlcheck-temporary")

    return refuse


REFUSALS = [
    (os, "fsync", errno.ENOSPC, "磁盘满了"),
    (tempfile, "mkstemp", errno.EACCES, "没有权限"),
    (os, "link", errno.EBUSY, "正被别的程序使用"),
    (Path, "mkdir", errno.EROFS, "只能读，不能写"),
]


@pytest.mark.parametrize(("where", "step", "code", "said"), REFUSALS, ids=[step for _, step, *_ in REFUSALS])
def test_what_the_system_refuses_names_the_target(where, step, code, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(where, step, refused(code))
    target = tmp_path / "新表.xlsx"
    assert cli.main(["new", "-o", str(target), "--year", "2025"]) == 2
    err = capsys.readouterr().err
    assert (f"写不到“{target}”（{said}）" in err, BESIDE in err) == (True, False)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_where_the_findings_go(tmp_path):
    """The terminal's own output, as of ``check … > file``."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no full device")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "xlcheck.cli", "explain", "R301"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        )
    assert (done.returncode, "磁盘满了" in done.stderr, "Exception" in done.stderr) == (2, True, False)


def test_a_pipe_is_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "管道.xlsx")
    with pytest.raises(OSError, match="管道"):
        atomically(tmp_path / "管道.xlsx", text)
    assert (tmp_path / "管道.xlsx").is_fifo()
