"""A child that hangs, gorges or dies is a sentence; what it was asked comes back whole."""

import ctypes
import multiprocessing
import os
import re
import signal
import struct
import sys
import time
from itertools import repeat
from pathlib import Path

import pytest
from conftest import not_run

from xlcheck import child
from xlcheck.child import Child, ChildDied, in_child
from xlcheck.commands import named_files
from xlcheck.conversion import converted, converter
from xlcheck.data.conversion import conversion
from xlcheck.data.messages import messages
from xlcheck.editions import Refused


def gorge(_: object) -> int:
    return len(bytearray(1 << 30))


def hang(_: object) -> None:
    while True:
        pass


def hang_deaf(_: object) -> None:
    """As in a library's own loop, where Python hears no signal."""
    sum(repeat(0, 10**15))


def die(_: object) -> None:
    os.abort()


def refuse(_: object) -> None:
    raise Refused("这句话", "the reason")


def fault(_: object) -> None:
    raise KeyError("planted")


def chatter(text: str) -> str:
    print("a library's word")
    os.write(1, b"and one of C's")
    return text


def place(_: object) -> tuple[str, list[str]]:
    return os.getcwd(), sys.path


ENDS = [
    (gorge, "内存太多", "MemoryError"),
    (hang, "读了很久", ("OutOfTime", "ChildDied: time")),  # by the one or the other, on a busy machine
    (hang_deaf, "读了很久", "ChildDied: time"),
    (die, "程序就中断", "ChildDied: status"),
    (refuse, "这句话", "the reason"),
    (fault, "没有料到", "KeyError: 'planted'"),
]


@pytest.mark.parametrize(("work", "said", "reason"), ENDS, ids=lambda e: getattr(e, "__name__", ""))
def test_what_it_ends_in_is_a_sentence(work, said, reason):
    begun = time.monotonic()
    with pytest.raises(Refused, match=said) as caught:
        in_child(work, None, name="某镇.docx", seconds=3)
    assert caught.value.reason.startswith(reason)
    assert time.monotonic() - begun < 20


def wait(_: object) -> str:
    time.sleep(1.5)
    return "甲"


def test_a_processor_that_others_keep_busy_is_waited_for():
    assert in_child(wait, None, name="某镇.docx", seconds=2.5)[0] == "甲"


@pytest.mark.parametrize("text", ["", "字" * 1_000_000])
def test_what_it_was_asked_comes_back_and_nothing_else(text, capfd):
    assert in_child(chatter, text, name="某镇.docx", seconds=60)[0] == text
    assert capfd.readouterr() == ("", "")


def test_a_file_beside_the_clerk_s_is_never_run(tmp_path, monkeypatch):
    (tmp_path / "pickle.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert in_child(place, None, name="某镇.docx", seconds=60)[0] == (
        str(tmp_path),
        [*map(os.path.abspath, sys.path)],
    )


def test_one_child_does_one_thing_after_another():
    one = Child()
    asked = [one.ask(chatter, text, name="x", seconds=60).value for text in "甲乙"]
    assert one.ask(fault, None, name="x", seconds=60).reason == "KeyError: 'planted'"
    with pytest.raises(ChildDied):
        one.ask(die, None, name="x", seconds=60)
    assert asked == ["甲", "乙"]


def saved_anew(path: Path) -> bytes:
    with converted(path, "pdf", conversion().opening) as copy:
        return copy.read_bytes()[:4]


def test_a_program_that_it_starts_has_the_memory_it_needs(tmp_path):
    if not converter():
        not_run("LibreOffice is absent: nothing is converted in a child")
    (tmp_path / "旧.txt").write_text("字", encoding="utf-8")
    narrow = Child(megabytes=120)
    assert narrow.ask(saved_anew, tmp_path / "旧.txt", name="旧.txt", seconds=60).value == b"%PDF"
    narrow.end()


def as_daemon(answers) -> None:
    answers.put(in_child(chatter, "甲", name="x", seconds=60)[0])


def test_a_process_that_may_have_no_children_of_its_own_has_this_one():
    answers = multiprocessing.Queue()
    daemon = multiprocessing.Process(target=as_daemon, args=(answers,), daemon=True)
    daemon.start()
    assert answers.get(timeout=60) == "甲"
    daemon.join()


def watched(_: object) -> None:
    watch = child._Watch(0.1, 0.2)
    watch.stop()
    time.sleep(0.5)
    child._Watch(0.1, 0.2)
    hang_deaf(_)


def test_where_the_system_has_no_timers_a_thread_ends_the_process():
    with pytest.raises(Refused) as caught:
        in_child(watched, None, name="x", seconds=30)
    assert caught.value.reason == "ChildDied: status 1"


def test_it_leaves_no_core_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused):
        in_child(die, None, name="x", seconds=60)
    assert list(tmp_path.iterdir()) == []


def orphaned(_: object) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    hang_deaf(_)


def mother(told) -> None:
    one = Child()
    told.put(one.process.pid)
    one.ask(orphaned, None, name="x", seconds=3)


def test_a_child_whose_mother_was_killed_ends_itself():
    told = multiprocessing.Queue()
    process = multiprocessing.Process(target=mother, args=(told,))
    process.start()
    pid = told.get(timeout=60)
    process.join()
    until = time.monotonic() + 200
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.skipif(struct.calcsize("P") != 8, reason="the figures are those of 64 bits")
def test_the_limits_of_a_job_lie_as_windows_wants_them():
    offsets = [
        getattr(child._JobLimits, n).offset for n in ("flags", "processes", "counters", "process_memory")
    ]
    assert (ctypes.sizeof(child._JobLimits), offsets) == (144, [16, 40, 64, 112])


def test_where_memory_cannot_be_limited_it_is_said(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(child, "in_child", lambda read, path, **_: (read(path), False))
    assert named_files.read_apart(chatter, Path("某镇.docx")) == Path("某镇.docx")
    assert "不能限制读文件所用的内存" in capsys.readouterr().err


def test_a_clock_that_rings_while_it_is_stopped_rings_no_more(monkeypatch):
    """One that went on would interrupt, or end, a worker in the middle of its answer."""
    monkeypatch.setattr(child, "_made_for_work", True)
    set_timer, late = signal.setitimer, [True]

    def ringing(which, seconds, interval=0.0):
        if seconds == 0 and late:
            late.clear()
            signal.raise_signal(signal.SIGALRM)
        return set_timer(which, seconds, interval)

    before = signal.getsignal(signal.SIGALRM)
    monkeypatch.setattr(signal, "setitimer", ringing)
    with child.time_limit(60):
        pass
    running = [signal.getitimer(which) for which in (signal.ITIMER_REAL, signal.ITIMER_PROF)]
    for which in (signal.ITIMER_REAL, signal.ITIMER_PROF):
        set_timer(which, 0)
    assert (running, signal.getsignal(signal.SIGALRM)) == ([(0.0, 0.0)] * 2, before)


@pytest.mark.parametrize("word", ["crashed", "died", "out_of_memory", "out_of_time"])
def test_what_ends_a_process_is_told_of_a_file_of_any_kind(word):
    """A PDF ends one too, and opens in neither Excel nor Word."""
    sentence = getattr(messages(), word).format(file="报告.pdf")
    assert "打开核对" in sentence
    assert not re.search("Excel|Word", sentence)
