"""What units pack: every file in a .zip, .rar, .7z or mail is a record with its path, within bounds."""

import base64
import os
import stat
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from cases import base, edited
from inboxes import Press
from ledgers import CAMPAIGN, run
from packing import mail, rar4, rar5, seven, zipped
from test_county_mess import collect, drawn, received

from xlcheck.child import ChildDied
from xlcheck.county.inbox import files as inbox
from xlcheck.county.inbox import packets, unpacking
from xlcheck.county.inbox.files import content, inbox_files
from xlcheck.county.ledger.database import open_ledger
from xlcheck.county.ledger.register import Register
from xlcheck.editions import Refused

UNITS = [f"第{n}镇人民政府" for n in range(1, 8)]


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    press = Press("2021", tmp_path_factory.mktemp("press"))
    return [press.print(edited(base("2021"), {"unit": unit, "sign": unit})) for unit in UNITS]


def parted(name: str) -> str:
    """A name in two words of RFC 2047, parted within a letter, as some mail programs do."""
    raw = name.encode("gb18030")
    return " ".join(f"=?gb2312?B?{base64.b64encode(part).decode()}?=" for part in (raw[:3], raw[3:]))


def forwarded(inner: bytes) -> bytes:
    """A mail with a mail attached, the name of whose file no program should write so."""
    return (
        b"Date: Tue, 13 Jan 2026 10:00:00 +0800\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n"
        b'--x\r\nContent-Type: application/octet-stream; name="'
        + parted("汇总表说明.txt").encode()
        + b'"\r\n\r\nx\r\n'
        b"--x--\r\n"
    )


@pytest.fixture(scope="module")
def sent(books, tmp_path_factory):
    """An inbox in which everything is packed, collected once: what became of each file, and the page."""
    home = tmp_path_factory.mktemp("packed")
    folder = home / "收件箱"
    folder.mkdir()
    one, two, three, four, five, six, seventh = books
    deep = zipped(
        {"再.zip": zipped({"三.zip": zipped({"四.zip": zipped({"五.zip": zipped({"六.xlsx": one})})})})}
    )
    files = {
        "邮件.eml": mail({"表.xlsx": one, "照片.jpg": b"\xff\xd8\xff\xe0" + b"x" * 99}),
        "转.eml": forwarded(mail({"报送.rar": rar5({"二.xlsx": two})})),
        "新.rar": rar5(
            {"../三.xlsx": three, "/根/三.xlsx": three + b"\0", "同.xlsx": b"x"}, {"链.xlsx": "/etc/passwd"}
        ),
        "旧.rar": rar4({"四镇.xlsx".encode("gbk"): four, b"lock.xlsx": five}, (b"lock.xlsx",)),
        "包.7z": seven({"里/五.xlsx": five, "__MACOSX/._五.xlsx": b"x", "Thumbs.db": b"x"}),
        "套.zip": zipped({"里/再.zip": zipped({"六.xlsx": six})}),
        "其实是.zip": rar5({"七.xlsx": seventh}),
        "深.zip": deep,
        "空信.eml": mail({}),
        "坏.rar": rar5({"a.xlsx": one})[:4000],
        "大.7z": seven({"a.xlsx": b" " * 20_000_000}),
        "年报.part1.rar": rar5({"a.xlsx": one}),
        "a.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "__substg1.0_0037001F".encode("utf-16-le"),
        "a.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
        "a.tar.gz": b"\x1f\x8b\x08\x00" + b"x" * 99,
    }
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    (home / "roster.csv").write_text("单位名称\n" + "\n".join(UNITS), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        assert collect() == 0
        yield home, received(), drawn()


FATES = {  # path: what became of it, and a part of what is said of it
    "邮件.eml/附件/表.xlsx": ("本次报送", UNITS[0]),
    "邮件.eml/附件/照片.jpg": ("读不了", "是图片"),
    "转.eml/附件/1.eml/附件/报送.rar/二.xlsx": ("本次报送", UNITS[1]),
    "转.eml/附件/汇总表说明.txt": ("读不了", "汇总表说明.txt"),
    "新.rar/三.xlsx": ("较早的报送", UNITS[2]),
    "新.rar/根/三.xlsx": ("本次报送", UNITS[2]),
    "新.rar/同.xlsx": ("读不了", "“同.xlsx”"),
    "新.rar/链.xlsx": ("读不了", "快捷方式"),
    "旧.rar/四镇.xlsx": ("本次报送", UNITS[3]),
    "旧.rar/lock.xlsx": ("读不了", "设了密码"),
    "包.7z/里/五.xlsx": ("本次报送", UNITS[4]),
    "套.zip/里/再.zip/六.xlsx": ("本次报送", UNITS[5]),
    "其实是.zip/七.xlsx": ("本次报送", UNITS[6]),
    "深.zip/再.zip/三.zip/四.zip/五.zip": ("读不了", "是压缩包，没有打开：压缩包套得太深"),
    "空信.eml": ("读不了", "没有附件的邮件"),
    "坏.rar": ("读不了", "打不开"),
    "大.7z": ("读不了", "解开后太大"),
    "年报.part1.rar": ("读不了", "分卷压缩包"),
    "a.msg": ("读不了", "Outlook 的邮件（.msg）"),
    "a.doc": ("读不了", "旧的 Word 文档"),
    "a.tar.gz": ("读不了", "tar、gz"),
}


def test_every_file_in_a_packet_is_a_record_and_nothing_else_is(sent):
    _, there, _ = sent
    assert set(there) == set(FATES)


@pytest.mark.parametrize("path", FATES)
def test_what_lies_in_a_packet_is_told_as_any_other_file(sent, path):
    _, there, _ = sent
    outcome, said = FATES[path]
    assert (there[path][0], said in there[path][1]) == (outcome, True), there[path]


def test_the_figures_in_packets_count_for_their_units(sent):
    _, _, page = sent
    counts = [page["status"][page["status_of"][page["name"].index(unit)]][1] for unit in UNITS]
    assert counts == ["已报待核"] * len(UNITS)


def test_what_is_attached_came_when_the_mail_was_sent(sent):
    home, _, _ = sent
    there = {one.name: one.received for one in inbox_files(str(home / "收件箱"))}
    said = datetime.fromisoformat("2026-01-12T09:30:00+08:00").astimezone().replace(tzinfo=None)
    assert there["邮件.eml/附件/表.xlsx"] == said
    assert there["转.eml/附件/1.eml/附件/报送.rar/二.xlsx"] == said


def test_what_is_packed_in_a_mail_came_with_the_mail_whenever_it_was_written(tmp_path):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        written.writestr(zipfile.ZipInfo("表.xlsx", (2026, 1, 5, 8, 0, 0)), b"x")
    (tmp_path / "邮件.eml").write_bytes(mail({"报送.zip": packed.getvalue()}))
    (tmp_path / "报送.zip").write_bytes(packed.getvalue())
    (tmp_path / "早.zip").write_bytes(packed.getvalue())
    os.utime(tmp_path / "早.zip", (1767225600, 1767225600))  # before what lies in it, by a clock gone wrong
    before = datetime.fromtimestamp(1767225600)
    there = {one.name: one.received for one in inbox_files(str(tmp_path))}
    sent = datetime.fromisoformat("2026-01-12T09:30:00+08:00").astimezone().replace(tzinfo=None)
    assert there == {
        "邮件.eml/附件/报送.zip/表.xlsx": sent, "报送.zip/表.xlsx": datetime(2026, 1, 5, 8),
        "早.zip/表.xlsx": before,
    }  # fmt: skip


def test_what_is_attached_is_as_large_as_the_same_file_beside_it(tmp_path):
    """A file is known again by its size: with another it would be checked anew in every run."""
    raw = bytes(range(256)) * 11 + b"x"  # base64 breaks it into lines, and pads the last
    (tmp_path / "邮件.eml").write_bytes(mail({"表.xlsx": raw}))
    (tmp_path / "表.xlsx").write_bytes(raw)
    assert [one.size for one in inbox_files(str(tmp_path))] == [len(raw)] * 2


@pytest.mark.parametrize("said", ["ZSTD codec is unsupported", "Unsupported compression method"])
def test_a_method_that_nobody_here_unpacks_is_no_damage(said):
    assert unpacking._fault(said) == "method"


def test_a_zip_by_a_method_that_nobody_here_unpacks_says_so(tmp_path):
    raw = bytearray(zipped({"表.xlsx": b"x" * 99}))
    for head, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        raw[raw.index(head) + at] = 9  # Deflate64, as Windows writes large ones
    (tmp_path / "大.zip").write_bytes(raw)
    (only,) = inbox_files(str(tmp_path))
    with pytest.raises(Refused, match="压缩方法这里解不开"):
        content(str(tmp_path), only)


@pytest.mark.parametrize(("bound", "most"), [("MOST", 2), ("WHOLE", 30_000), ("DEEPEST", 1)])
def test_a_packet_beyond_a_bound_is_one_record(books, tmp_path, monkeypatch, bound, most):
    """Of as many files, as large, or as deep as nobody packs."""
    files = zipped({"一.xlsx": books[0], "二.xlsx": books[1], "里.zip": zipped({"三.xlsx": books[2]})})
    (tmp_path / "a.zip").write_bytes(files)
    whole = len(inbox.listings([(str(tmp_path), str(tmp_path / "a.zip"), len(files))])[0].places)
    monkeypatch.setattr(packets, bound, most)
    found = inbox.listings([(str(tmp_path), str(tmp_path / "a.zip"), len(files))])[0]
    assert whole == 3
    assert (found.fault, [p.name for p in found.places]) in [
        ("big", []),
        (None, ["一.xlsx", "二.xlsx", "里.zip"]),
    ]
    assert (found.fault is None) == (bound == "DEEPEST")


def test_an_archive_without_its_library_is_called_what_it_is_and_is_opened_once_it_is_there(
    books, tmp_path, monkeypatch
):
    folder = tmp_path / "收件箱"
    folder.mkdir()
    (folder / "甲.rar").write_bytes(rar5({"一.xlsx": books[0]}))
    (tmp_path / "roster.csv").write_text("单位名称\n" + "\n".join(UNITS), encoding="utf-8")
    monkeypatch.setenv("LIBARCHIVE", "/nowhere/libarchive.so")
    run(folder, tmp_path / "roster.csv", tmp_path / "l.db")
    (only,) = became(tmp_path / "l.db")
    assert (only.path, only.outcome, only.unclaimed) == ("甲.rar", "unreadable", True)
    assert "xlcheck[archives]" in only.said
    monkeypatch.delenv("LIBARCHIVE")
    inbox._listing.cache_clear()  # another day's program has listed nothing yet
    run(folder, tmp_path / "roster.csv", tmp_path / "l.db")
    assert {one.path: (one.outcome, one.unclaimed) for one in became(tmp_path / "l.db")} == {
        "甲.rar": ("replaced", False), "甲.rar/一.xlsx": ("return", False),
    }  # fmt: skip


def became(ledger):
    with open_ledger(str(ledger)) as book:
        return list(Register(book.db, CAMPAIGN).arrivals())


def test_what_ends_its_reader_is_a_record(books, tmp_path, monkeypatch):
    (tmp_path / "甲.rar").write_bytes(rar5({"一.xlsx": books[0]}))

    def dies(*_: object) -> None:
        raise ChildDied("status -11")

    monkeypatch.setattr(inbox, "done_apart", dies)
    (only,) = inbox_files(str(tmp_path))
    assert (only.name, only.fault) == ("甲.rar", "broken")
    with pytest.raises(Refused, match="打不开"):
        content(str(tmp_path), only)


def test_what_is_locked_or_a_link_in_a_zip_is_not_unpacked():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        link = zipfile.ZipInfo("链.xlsx")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("锁.xlsx", b"x")
    raw = bytearray(packed.getvalue())
    directory = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 1)
    raw[directory + 8] |= 1  # encrypted, as the directory says
    found = packets.open_packet(BytesIO(bytes(raw)), len(raw))
    assert [(one.name, one.fault) for one in packets.Contents().of(found)] == [
        ("链.xlsx", "link"), ("锁.xlsx", "locked"),
    ]  # fmt: skip
