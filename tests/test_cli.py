"""The command line as its users meet it: every verb, exit status, JSON by the contract."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from itertools import chain
from pathlib import Path

import openpyxl
import pytest
from by_name import dump_filing
from cases import base, edited

from xlcheck import cli
from xlcheck.data.cli import cli as cli_words
from xlcheck.editions import rulebook
from xlcheck.workbook.json import parse_filing, seed


def run(*arguments, folder):
    command = [sys.executable, "-m", "xlcheck.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder / "out", run("demo", "-o", "out", folder=folder)


def test_the_demo_does_the_whole_job(demo):
    folder, done = demo
    words = cli_words().demo.files
    made = {path.name for path in folder.iterdir()}
    workbooks = {words.empty, words.filled, words.marked}
    reports = {words.draft + kind for kind in (".docx", ".html")}
    finished = {words.report + kind for kind in (".docx", ".html")}
    assert done.returncode == 0
    assert workbooks <= made
    assert reports <= made or finished <= made
    assert "Traceback" not in done.stderr


def test_the_demo_is_the_customers_own_report(demo):
    folder, _ = demo
    filing = seed()
    back = parse_filing(run("dump", cli_words().demo.files.filled, folder=folder).stdout, "dump")
    assert back == filing


def test_what_fill_writes_dump_reads(tmp_path):
    filing = edited(
        base("2021"), {"t2.fees.amount": "5949.088667", "t3.new.natural": "/", "t4.review.upheld": ""}
    )
    (tmp_path / "数据.json").write_text(dump_filing(filing), encoding="utf-8")
    run("new", "-o", "空.xlsx", "--year", "2025", folder=tmp_path)
    assert run("fill", "空.xlsx", "--from", "数据.json", "-o", "填.xlsx", folder=tmp_path).returncode == 0
    assert parse_filing(run("dump", "填.xlsx", folder=tmp_path).stdout, "dump") == filing


CHECKS = [({}, 0, "pass"), ({"preface": ""}, 0, "warn"), ({"t4.review.upheld": 3}, 1, "fail")]


@pytest.mark.parametrize(("edit", "status", "word"), CHECKS)
def test_the_exit_status_and_the_json_agree(edit, status, word, tmp_path):
    (tmp_path / "数据.json").write_text(dump_filing(edited(base("2021"), edit)), encoding="utf-8")
    done = run("check", "数据.json", "--json", folder=tmp_path)
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"]) == (status, word)
    assert list(told) == ["file", "edition", "unit", "year", "status", "code", "ran", "findings"]
    assert bool(told["code"]) == (word != "fail")


def test_a_finding_has_the_shape_of_the_contract(tmp_path):
    (tmp_path / "数据.json").write_text(
        dump_filing(edited(base("2021"), {"t2.penalty.decisions": "12件", "t4.review.total": ""})),
        encoding="utf-8",
    )
    told = json.loads(run("check", "数据.json", "--json", folder=tmp_path).stdout)
    finding = next(f for f in told["findings"] if f["rule"] == "R102")
    place = {"field": "t2.penalty.decisions", "cell": "二、主动公开!C12"}
    assert finding | {"message": ""} == {
        "rule": "R102",
        "severity": "error",
        "at": place["field"],
        "cell": place["cell"],
        "message": "",
        "fields": [place["field"]],
        "fix": {**place, "from": "12件", "to": 12, "why": "只填数字，不带单位，请填 12。"},
        "candidates": [],
    }
    ran = next(r for r in told["ran"] if r["rule"] == "R401")
    assert ran == {
        "rule": "R401",
        "state": "not_runnable",
        "cases": 3,
        "failed": 0,
        "skipped": 1,
        "not_applicable": 0,
    }


def test_last_years_filing_is_compared(tmp_path):
    last = edited(base("2021"), {"year": 2024, "t3.carry_out.natural": 5})
    for name, filing in (("今年", base("2021")), ("上年", last)):
        (tmp_path / f"{name}.json").write_text(dump_filing(filing), encoding="utf-8")
    done = run("check", "今年.json", "--last", "上年.json", folder=tmp_path)
    assert done.returncode == 1
    assert "R304" in done.stdout
    apart = run("check", "今年.json", "--last", "今年.json", folder=tmp_path)
    assert apart.returncode == 0
    assert "不是 2025 年度的上一年" in apart.stderr


def test_a_year_that_is_text_is_told_and_not_compared(tmp_path):
    (tmp_path / "今年.json").write_text(
        dump_filing(edited(base("2021"), {"year": "2025年"})), encoding="utf-8"
    )
    done = run("check", "今年.json", "--last", "今年.json", folder=tmp_path)
    assert done.returncode == 1
    assert "R112" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_new_workbook_remembers_last_year(tmp_path):
    (tmp_path / "上年.json").write_text(dump_filing(base("2021")), encoding="utf-8")
    assert run("new", "-o", "新.xlsx", "--last", "上年.json", folder=tmp_path).returncode == 0
    told = json.loads(run("check", "新.xlsx", "--json", folder=tmp_path).stdout)
    ran = next(r for r in told["ran"] if r["rule"] == "R304")
    assert (told["year"], ran["state"]) == (2026, "passed")


POLICIES = [("R602", "info", 0, ""), ("R602", "off", 0, ""), ("R401", "info", 2, "办法.toml")]


@pytest.mark.parametrize(("rule", "word", "status", "refused"), POLICIES)
def test_a_policy_softens_what_is_no_error(rule, word, status, refused, tmp_path):
    (tmp_path / "数据.json").write_text(dump_filing(edited(base("2021"), {"preface": ""})), encoding="utf-8")
    (tmp_path / "办法.toml").write_text(f'[severity]\n{rule} = "{word}"\n', encoding="utf-8")
    plain = json.loads(run("check", "数据.json", "--json", folder=tmp_path).stdout)
    done = run("check", "数据.json", "--json", "--policy", "办法.toml", folder=tmp_path)
    assert [f["severity"] for f in plain["findings"] if f["rule"] == "R602"] == ["warning"]
    assert (done.returncode, refused in done.stderr) == (status, True)
    if not refused:
        left = [f["severity"] for f in json.loads(done.stdout)["findings"] if f["rule"] == rule]
        assert left == ([] if word == "off" else [word])


def test_a_new_workbook_follows_the_policy(tmp_path):
    (tmp_path / "办法.toml").write_text('[severity]\nR201 = "info"\n', encoding="utf-8")
    for name, more in (("法", ()), ("办法", ("--policy", "办法.toml"))):
        assert run("new", "-o", f"{name}.xlsx", "--year", "2025", *more, folder=tmp_path).returncode == 0
    counts = []
    for name in ("法", "办法"):
        cells = chain.from_iterable(openpyxl.load_workbook(tmp_path / f"{name}.xlsx")["xlcheck"].values)
        counts.append(sum("！ 留意" in str(value) for value in cells))
    assert counts[1] == counts[0] + 1


@pytest.mark.parametrize("kind", [".docx", ".html"])
def test_a_report_is_refused_while_an_error_stands(kind, tmp_path):
    (tmp_path / "数据.json").write_text(
        dump_filing(edited(base("2021"), {"t4.review.upheld": 3})), encoding="utf-8"
    )
    done = run("report", "数据.json", "-o", f"报告{kind}", folder=tmp_path)
    assert done.returncode == 1
    assert not (tmp_path / f"报告{kind}").exists()
    assert "没有生成报告" in done.stderr
    done = run("report", "数据.json", "-o", f"报告{kind}", "--draft", folder=tmp_path)
    assert done.returncode == 0
    assert "草稿" in readable(tmp_path / f"报告{kind}")


@pytest.mark.parametrize("kind", [".docx", ".html"])
def test_a_sound_report_is_no_draft(kind, tmp_path):
    (tmp_path / "数据.json").write_text(dump_filing(base("2021")), encoding="utf-8")
    done = run("report", "数据.json", "-o", f"报告{kind}", folder=tmp_path)
    assert done.returncode == 0
    assert "草稿" not in readable(tmp_path / f"报告{kind}")


def readable(path):
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(n).decode("utf-8") for n in packed.namelist() if n.endswith(".xml"))


@pytest.mark.parametrize("rule", [rule.id for rule in rulebook().rule])
def test_every_rule_is_explained_with_an_example(rule, capsys):
    words = cli_words().explain
    assert cli.main(["explain", rule.lower()]) == 0
    told = capsys.readouterr().out
    heads = [line.partition("{")[0] for line in (words.why, words.legal, words.message, words.example)]
    assert all(head in told for head in heads)


def test_the_catalogue_lists_every_rule(capsys):
    cli.main(["explain"])
    assert len(capsys.readouterr().out.splitlines()) == len(rulebook().rule)


def test_a_broken_data_file_is_told_as_a_sentence(tmp_path):
    shutil.copytree(
        Path(cli.__file__).parent, tmp_path / "xlcheck", ignore=shutil.ignore_patterns("__pycache__")
    )
    broken = tmp_path / "xlcheck" / "data" / "rules.toml"
    text = broken.read_text(encoding="utf-8").replace('severity = "error"', 'severity = "eror"', 1)
    broken.write_text(text, encoding="utf-8")
    own = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "xlcheck.cli", "explain"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", env=own)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(
        r"rules\.toml, line \d+, rule 1 severity: 'eror' .*'error' may be meant\n", done.stderr
    )
