"""The offline page in real browsers, opened from disk: the command line's own answers, and nothing leaves."""

import ast
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import browser
import firefox
import openpyxl
import pytest
import webpage
from by_name import build_template, fill_workbook
from cases import base, edited
from conftest import not_run
from filings import as_the_command_line, filings

from xlcheck import cli, data
from xlcheck.data.dashboard import dashboard
from xlcheck.data.messages import messages
from xlcheck.data.web import WebFacts, web
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.web import house

EVERY = 5  # of all kinds of filings; benchmarks/page.py takes them all
WRONG = {"t3.granted.natural": 21}
ENDLESS = "不停镇人民政府"
HOSTILE = '<img src=x onerror="window.harmed=1">&lt;.xlsx'


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """The page with the pinned runtime, built once for all workers of the tests."""
    if why := webpage.missing():
        not_run(why)
    root = tmp_path_factory.getbasetemp()
    folder = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "page"
    folder.mkdir(exist_ok=True)
    return webpage.built_once(folder, webpage.build_page)


@pytest.fixture(scope="module")
def chromium():
    if why := browser.missing():
        not_run(why)
    with browser.running() as running:
        yield running


@pytest.fixture(scope="module")
def fox():
    if why := firefox.missing():
        not_run(why)
    with firefox.running() as running:
        yield running


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    return list(filings(tmp_path_factory.mktemp("filings"), EVERY))


@pytest.fixture(scope="module")
def expected(sent):
    return as_the_command_line(sent)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """A sound workbook, one with a wrong cell, and last year's."""
    folder = tmp_path_factory.mktemp("books")
    save(build_template("2021"), folder / "空.xlsx")
    sound = base("2021")
    before = sound._replace(year=sound.year - 1)
    for name, filing in (("好", sound), ("错", edited(sound, WRONG)), ("上年", before)):
        fill_workbook(folder / "空.xlsx", filing, folder / f"{name}.xlsx")
    return folder


@pytest.fixture
def ready(page, chromium):
    chromium.open(page)
    webpage.wait(chromium.value, webpage.READY)
    return chromium


def opened(shown, *files, where=None):
    """Choose these files on the page, and wait until all of them are checked and drawn."""
    where.open(shown) if where else None
    chosen = where or shown
    chosen.choose("#file", *files)
    webpage.wait(chosen.value, webpage.IDLE)
    chosen.settle()
    return chosen


# ---------------------------------------------------------------- the same truth
def test_json_is_the_command_lines_in_chromium(ready, sent, expected):
    got = [json.loads(webpage.asked(ready.value, one.files)["out"]) for one in sent]
    assert [a["file"] for a, b in zip(got, expected, strict=True) if a != b] == []
    assert {one["status"] for one in got} == {"pass", "warn", "fail", "unreadable"}


def test_json_is_the_command_lines_in_firefox(page, fox, sent, expected):
    fox.open(page)
    webpage.wait(fox.run, webpage.READY)
    got = [json.loads(webpage.asked(fox.run, one.files)["out"]) for one in sent]
    assert [a["file"] for a, b in zip(got, expected, strict=True) if a != b] == []


def cells(content):
    """Every cell with its value, its look and its note; when the mark was made is left out."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate): (
            re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", str(getattr(cell.value, "text", cell.value))),
            cell.fill.fgColor.rgb,
            cell.font.color and cell.font.color.rgb,
            cell.comment and cell.comment.text,
        )
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


MERGE = '<mergeCell ref="[^"]+"></mergeCell>'


def parts(content):
    """Every part of a package, XML as its tree: libraries write one tree in several ways."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    return {name: tree(part) if name.endswith((".xml", ".rels")) else part for name, part in found.items()}


def tree(xml):
    """XML written in one way. Merges are sorted: openpyxl has a set of them, a browser shorter hashes."""
    one_way = ElementTree.canonicalize(xml)
    return re.sub(f"(?:{MERGE})+", lambda m: "".join(sorted(re.findall(MERGE, m[0]))), one_way)


MADE = [
    ("mark", ["check", "错.xlsx", "--mark=out.xlsx"], cells),
    ("docx", ["report", "错.xlsx", "--draft", "--out=out.docx"], parts),
    ("html", ["report", "错.xlsx", "--draft", "--out=out.html"], bytes),
    ("picture", ["report", "错.xlsx", "--picture", "--draft", "--out=out.html"], bytes),
    ("next", ["new", "--last=错.xlsx", "--out=out.xlsx"], parts),
    ("repair", ["repair", "错.xlsx", "--out=out.xlsx"], parts),
]


@pytest.mark.parametrize(("what", "line", "within"), MADE, ids=[m[0] for m in MADE])
def test_what_is_made_is_what_the_command_makes(what, line, within, ready, books, tmp_path, monkeypatch):
    shutil.copy(books / "错.xlsx", tmp_path)
    monkeypatch.chdir(tmp_path)
    cli.main(line)
    made = next(tmp_path.glob("out.*")).read_bytes()
    answer = webpage.asked(ready.value, [books / "错.xlsx"], what, draft=True)
    assert answer["content"], answer
    assert within(answer["content"]) == within(made)


def test_an_empty_text_is_drafted_as_the_command_drafts_it(ready, books, tmp_path, monkeypatch):
    bare = base("2021")._replace(texts={})
    fill_workbook(books / "空.xlsx", bare, tmp_path / "无文.xlsx")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["draft", "无文.xlsx", "--out=out.xlsx"]) == 0
    answer = webpage.asked(ready.value, [tmp_path / "无文.xlsx"], "draft", draft=True)
    assert answer["content"], answer
    assert parts(answer["content"]) == parts((tmp_path / "out.xlsx").read_bytes())


def test_no_rule_and_no_sentence_stands_in_the_script(page):
    """What the page says comes from the catalogue's data, and what it finds from Python."""
    text = page.read_text(encoding="utf-8")
    scripts = "".join(re.findall(r"<script>(.*?)</script>", text, re.DOTALL))
    assert len(scripts) > 20_000
    rules = {rule.id for name in data.editions() for rule in edition_named(name).rules.rules}
    assert [rule for rule in rules if rule in scripts] == []
    assert re.findall("[\u4e00-\u9fff]", scripts) == []


def test_no_module_of_the_page_asks_at_once_for_a_library_it_has_not():
    """What a module imports at its top must be there whatever the page is asked for."""
    lacking = {name.rstrip(".") for name in web().runtime.without_library}
    house, absent = data.HERE.parent, {data.HERE.parent / name for name in web().runtime.without_house}
    asked = {}
    for path in house.rglob("*.py"):
        if absent.isdisjoint({path, *path.parents}):
            tree = ast.parse(path.read_text(encoding="utf-8")).body
            names = [alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names]
            names += [node.module for node in tree if isinstance(node, ast.ImportFrom) and node.module]
            asked[path.name] = lacking & {name.partition(".")[0] for name in names}
    assert {name for name, libraries in asked.items() if libraries} == set()
    assert "rulebook.py" in asked


def test_every_word_of_the_page_is_used():
    from shapes import idle

    house = data.HERE.parent
    assert idle(WebFacts, (*house.glob("web/*.py"), house / "data/web.py")) == set()
    script = (data.HERE / "web.js").read_text(encoding="utf-8")
    assert [word for word in web().js if not re.search(rf"\"{word}\"", script)] == []
    assert set(web().js) & set(dashboard().js) == set()


# ---------------------------------------------------------------- what she sees
def test_a_wrong_cell_is_named_and_coloured(ready, books):
    opened(ready, books / "错.xlsx")
    assert ready.text(".verdict") == "1 处错误"
    assert "填 21，应为 12" in ready.text(".finding.error")
    assert ready.texts("#view td.bad .value") == ["12"]
    assert "报告草稿（Word）" in ready.texts(".make button")


def test_a_sound_file_is_said_to_be_sound(ready, books):
    opened(ready, books / "好.xlsx")
    assert ready.text(".verdict") == web().js["counts_none"]
    assert "年度报告（Word）" in ready.texts(".make button")
    code = json.loads(webpage.asked(ready.value, [books / "好.xlsx"])["out"])["code"]
    assert web().js["code"].format(code=code) in ready.text(".facts")
    assert ready.run("return document.querySelectorAll('.said .agrees').length") > 0


def test_last_years_is_found_among_what_was_dropped(ready, books):
    opened(ready, books / "上年.xlsx", books / "好.xlsx")
    assert ready.text(".facts").count("上年.xlsx") == 1
    assert ready.value("shownFile.name") == "好.xlsx"
    told = json.loads(webpage.asked(ready.value, [books / "好.xlsx", books / "上年.xlsx"])["out"])
    assert ready.value("shownFile.verdict") == told
    assert told != json.loads(webpage.asked(ready.value, [books / "好.xlsx"])["out"])


def test_several_files_are_a_table_to_open_each(ready, books, tmp_path):
    for name in ("甲", "乙"):
        shutil.copy(books / "错.xlsx", tmp_path / f"{name}.xlsx")
    (tmp_path / "丙.xlsx").write_bytes(b"no workbook")
    opened(ready, tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", tmp_path / "丙.xlsx")
    assert [line.split()[0] for line in ready.texts(".files tbody tr")] == ["甲.xlsx", "乙.xlsx", "丙.xlsx"]
    assert ready.texts(".files .outcome")[2] == web().js["not_checked"]
    ready.click(".files tbody tr:nth-child(3) .open")
    assert ready.text(".unreadable") == messages().not_zip.format(file="丙.xlsx")
    assert ready.texts(".make button") == ["搬进干净的新表"]
    ready.keys("\ue00c")  # Escape
    assert len(ready.texts(".files tbody tr")) == 3


def test_a_second_drop_never_shows_the_first_files_results(ready, books):
    """Chosen while the first is still being checked; everything that stood on the page meanwhile is noted."""
    first, second = (books / f"{name}.xlsx" for name in ("错", "好"))
    ready.run(
        "window.stood = []; const view = byId('view'), note = () => stood.push(view.innerText);"
        "new MutationObserver(note).observe(view, { childList: true, subtree: true })"
    )
    ready.value("(queue = queue.then(() => new Promise((done) => setTimeout(done, 600))), 1)")
    ready.choose("#file", first)
    ready.choose("#file", second)
    webpage.wait(ready.value, webpage.IDLE)
    ready.settle()
    assert (ready.value("shownFile.name"), ready.text(".verdict")) == ("好.xlsx", web().js["counts_none"])
    ready.value("queue.then(() => new Promise((done) => setTimeout(done, 300)))")
    assert ready.text(".verdict") == web().js["counts_none"]
    stood = [text for text in ready.run("return stood") if "好.xlsx" in text]
    assert (len(stood) > 0, [text for text in stood if "应为" in text or "处错误" in text]) == (True, [])


def test_a_file_is_really_dropped(ready, books):
    """As the system hands it over; the browser then lets us look at it again, and each save is checked."""
    path = books / "放.xlsx"
    shutil.copy(books / "错.xlsx", path)
    files = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        ready.cdp("Input.dispatchDragEvent", type=kind, x=400, y=200, data=files)
    webpage.wait(ready.value, webpage.IDLE)
    ready.settle()
    assert ready.text(".verdict").startswith("1 处错误")
    assert web().js["watching"] in ready.text(".facts")
    shutil.copy(books / "好.xlsx", path)
    webpage.wait(ready.value, "!shownFile.record.errors")
    ready.settle()
    assert ready.text(".verdict") == web().js["counts_none"]


def test_last_years_can_be_chosen_apart(ready, books):
    opened(ready, books / "好.xlsx")
    ready.choose("#last", books / "上年.xlsx")
    webpage.wait(ready.value, "!shownFile.busy && shownFile.last && shownFile.record.last")
    ready.settle()
    assert "上年.xlsx" in ready.text(".facts")


def test_buttons_give_files(ready, books):
    ready.run("window.given = []; save = (name, content) => given.push([name, content.length])")
    opened(ready, books / "错.xlsx")
    for n, action in enumerate(("mark", "docx", "html"), 1):
        ready.click(f"[data-action={action}]")
        webpage.wait(ready.value, f"given.length === {n}")
    names = [name for name, size in ready.run("return given") if size > 1000]
    assert names == ["错（标注件）.xlsx", "错（报告草稿）.docx", "错（报告草稿）.html"]


# ---------------------------------------------------------------- what could go wrong
@pytest.fixture
def endless(tmp_path, monkeypatch):
    """A page whose Python never comes to an end with the filings of one unit."""
    if why := webpage.missing():
        not_run(why)
    shutil.copytree(
        house.HOUSE, changed := tmp_path / "xlcheck", ignore=shutil.ignore_patterns("__pycache__")
    )
    module = changed / "judge.py"
    text = module.read_text(encoding="utf-8")
    start = re.search(
        r"^def judge\(.*?\) -> Result:\n(?:    \"\"\".*?\"\"\"\n)?", text, re.DOTALL | re.MULTILINE
    )
    loop = f"    while filing.unit == {ENDLESS!r}:\n        pass\n"
    module.write_text(text[: start.end()] + loop + text[start.end() :], encoding="utf-8")
    monkeypatch.setattr(house, "HOUSE", changed)
    webpage.build_page(tmp_path / "不停.html")
    return tmp_path / "不停.html"


def test_a_stuck_check_is_ended_after_its_time_and_said_so(endless, chromium, books, tmp_path):
    """Then the page works on, with another Python."""
    fill_workbook(books / "空.xlsx", edited(base("2021"), {"unit": ENDLESS}), stuck := tmp_path / "卡.xlsx")
    chromium.open(endless)
    webpage.wait(chromium.value, webpage.READY)
    begun = time.monotonic()
    opened(chromium, stuck)
    took = time.monotonic() - begun
    assert chromium.text(".unreadable") == messages().out_of_time.format(file="卡.xlsx")
    assert web().patience <= took < web().patience + 10
    opened(chromium, books / "错.xlsx")
    assert chromium.text(".verdict").startswith("1 处错误")


def test_a_file_that_breaks_python_is_told_and_the_next_one_is_checked(ready, books):
    breaks = "worker.postMessage = () => worker.onmessage({ data: { broken: 'x' } })"
    ready.value(f"helper.then(({{ worker }}) => {{ {breaks} }})")
    opened(ready, books / "错.xlsx")
    assert ready.text(".unreadable") == messages().died.format(file="错.xlsx")
    opened(ready, books / "好.xlsx")
    assert ready.text(".verdict") == web().js["counts_none"]


def test_hostile_names_and_texts_never_become_markup(ready, tmp_path):
    path, markup = tmp_path / HOSTILE, "<img src=x onerror='window.harmed=1'><script>window.harmed=1</script>"
    save(build_template("2021"), tmp_path / "空.xlsx")
    filing = edited(base("2021"), {"unit": markup, "s1": f"{markup}制定规范性文件9件。", **WRONG})
    fill_workbook(tmp_path / "空.xlsx", filing, path)
    opened(ready, path)
    assert (ready.text(".unit-name"), path.name in ready.text(".facts")) == (markup, True)
    made = "document.querySelectorAll('img, main script').length"
    assert ready.run(f"return [window.harmed, {made}]") == [None, 0]
    ready.click("[data-action=mark]")
    webpage.wait(ready.value, "byId('made').textContent.includes('已生成')")
    assert ready.complaints() == []


@pytest.mark.parametrize("name", ["-o.xlsx", "--json.xlsx", "..xlsx", "a b.xlsx", "%2e%2e.xlsx", "上年.xlsx"])
def test_any_name_is_only_a_name(name, ready, books, tmp_path):
    path = tmp_path / name
    shutil.copy(books / "错.xlsx", path)
    assert json.loads(webpage.asked(ready.value, [path, path])["out"])["file"] == name
    made = webpage.asked(ready.value, [path], "mark")
    assert (made["status"], bool(made["content"])) == (1, True)


@contextmanager
def listening():
    """A server of this computer's that notes whoever comes."""
    heard = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()


# Every way there is for a page to reach a server; `at` is the server's address.
ESCAPES = """
const put = (tag, more) => document.body.append(Object.assign(document.createElement(tag), more));
const inWorker = (code) => new Promise((done) => {
  const script = new Blob([`${code}.catch(() => {}).then(() => postMessage(1))`]);
  new Worker(URL.createObjectURL(script)).onmessage = done;
});
const ways = [
  () => fetch(at + "/fetch", { mode: "no-cors" }),
  () => navigator.sendBeacon(at + "/beacon", "x"),
  () => new EventSource(at + "/events"),
  () => new WebSocket(at.replace("http", "ws") + "/socket"),
  () => put("img", { src: at + "/image" }),
  () => put("iframe", { src: at + "/frame" }),
  () => put("script", { src: at + "/script" }),
  () => put("link", { rel: "stylesheet", href: at + "/style" }),
  () => put("video", { src: at + "/video" }),
  () => put("form", { action: at + "/form" }) || document.forms[0].submit(),
  () => inWorker(`fetch("${at}/worker", { mode: "no-cors" })`),
];
const all = async () => {
  for (const way of ways) await (async () => way())().catch(() => {});
  await new Promise((done) => setTimeout(done, 800));
  return ways.length;
};
"""


def test_nothing_leaves_the_computer(ready, books):
    """A whole check asks for nothing but the page; and whoever tries to send something is not let out."""
    opened(ready, books / "错.xlsx")
    ready.click("[data-action=mark]")
    webpage.wait(ready.value, "byId('made').textContent.includes('已生成')")
    assert {address.partition(":")[0] for address in ready.fetched()} <= {"file", "blob"}
    with listening() as (address, heard):
        tried = ready.value(f"(() => {{ const at = '{address}'; {ESCAPES} return all(); }})()")
    assert heard == []
    assert len([line for line in ready.complaints() if "Content Security Policy" in line]) >= tried


def test_the_server_of_that_test_hears_a_page_without_a_policy(chromium, tmp_path):
    """Else nothing heard would mean nothing; the form leaves the page, so it is not tried."""
    (tmp_path / "free.html").write_text("<body></body>", encoding="utf-8")
    chromium.open(tmp_path / "free.html")
    free = ESCAPES.replace("document.forms[0].submit()", "0")
    with listening() as (address, heard):
        tried = chromium.value(f"(() => {{ const at = '{address}'; {free} return all(); }})()")
    assert len(set(heard)) >= tried - 1


def test_the_policy_names_what_it_lets_in(page):
    text = page.read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy
    markup = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"https?:(?!//www.w3.org/2000/svg)", markup)
    assert web().html.closed in text


OLD = {
    "no WebAssembly": "delete window.WebAssembly",
    "no workers": "delete window.Worker",
    "before 2020": "delete Element.prototype.replaceChildren",
    "no worker may be started": "window.Worker = function () { throw new Error('no') }",
    "the worker cannot start": "window.Blob = class extends Blob { constructor() { super(['throw 1']) } }",
}


@pytest.mark.parametrize("before", OLD.values(), ids=OLD)
def test_an_old_browser_gets_a_sentence(before, page, chromium):
    chromium.open(page, before=before)
    webpage.wait(chromium.value, "document.documentElement.className === 'old'", 5)
    assert chromium.texts(".old-browser") == [web().html.old]
    assert chromium.texts(".drop") == []


def test_the_first_script_can_be_read_by_a_browser_of_1999():
    """No syntax of later years: else what is too old to run the page cannot even say so."""
    script = (data.HERE / "web_first.js").read_text(encoding="utf-8")
    assert not re.search(r"=>|\b(?:let|const|class|async)\b|`|\.\.\.|\?\.", script)


def test_a_browser_without_gunzip_unpacks_by_itself(page, chromium, books):
    chromium.open(page, before="delete window.DecompressionStream")
    webpage.wait(chromium.value, webpage.READY)
    opened(chromium, books / "错.xlsx")
    assert chromium.text(".verdict").startswith("1 处错误")


# ---------------------------------------------------------------- how it looks, and how it is used
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(dark, page, chromium, books):
    chromium.open(page, dark=dark)
    webpage.wait(chromium.value, webpage.READY)
    opened(chromium, books / "错.xlsx")
    count, faint = chromium.run(browser.CONTRAST)
    assert (count > 300, faint) == (True, [])


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_sticks_out_at_the_side(width, page, chromium, books):
    chromium.open(page, width=width)
    webpage.wait(chromium.value, webpage.READY)
    assert chromium.run(browser.SIDEWAYS) <= 0
    opened(chromium, books / "错.xlsx")
    assert chromium.run(browser.SIDEWAYS) <= 0


def test_it_is_used_by_keys_alone(ready, books):
    opened(ready, books / "错.xlsx")
    ready.keys("j")
    assert ready.run("return document.activeElement.className") == "bad"
    ready.keys("\ue007")  # Enter
    assert "finding" in ready.run("return document.activeElement.className")
    ready.click("#keys")
    ready.run("document.activeElement.blur(); window.chosen = 0; chooseFiles = () => (window.chosen = 1)")
    ready.keys("o")
    assert ready.run("return window.chosen") == 0


def test_it_prints_without_what_is_pressed(ready, books, tmp_path):
    opened(ready, books / "错.xlsx")
    assert 2 <= ready.pdf(tmp_path / "p.pdf") <= 5
    import pypdfium2

    with pypdfium2.PdfDocument(tmp_path / "p.pdf") as printed:
        text = "".join(page.get_textpage().get_text_bounded() for page in printed)
    assert "应为" in text
    assert web().html.drop not in text


# ---------------------------------------------------------------- how it is built
def test_the_same_page_twice(page, tmp_path):
    webpage.build_page(tmp_path / "again.html")
    first, second = (hashlib.sha256(p.read_bytes()).digest() for p in (page, tmp_path / "again.html"))
    assert first == second
    assert page.stat().st_size <= 10_000_000


NEWEST = "314.0.7"  # of another Python, 3.14, and another way of starting: we are not tied to an old one


def test_a_newer_runtime_builds_and_runs_too(chromium, books, tmp_path):
    if why := webpage.missing():
        not_run(why)
    package = f"{web().runtime.package}@{NEWEST}"
    done = subprocess.run(
        ["npm", "pack", package, "--silent"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    webpage.build_page(tmp_path / "新.html", f"--runtime={tmp_path / done.stdout.strip()}")
    chromium.open(tmp_path / "新.html")
    webpage.wait(chromium.value, webpage.READY)
    opened(chromium, books / "错.xlsx")
    assert chromium.text(".verdict").startswith("1 处错误")


REFUSALS = [
    ("a folder that is none", lambda folder: [f"--runtime={folder}"], "缺少"),
    ("a file that is none", lambda folder: [f"--runtime={_file(folder, b'x')}"], "不是 pyodide 的包"),
    ("another package under the pinned name", lambda folder: [f"--runtime={_false(folder)}"], "不符"),
    ("no page's name", lambda folder: [f"--out={folder / 'a.docx'}"], "请用 .html 结尾"),
]


def _file(folder, content):
    (folder / "a.tgz").write_bytes(content)
    return folder / "a.tgz"


def _false(folder):
    """What calls itself the pinned version and has another content."""
    about = json.dumps({"name": web().runtime.package, "version": web().runtime.version}).encode()
    with tarfile.open(folder / "b.tgz", "w:gz") as archive:
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(about)
        archive.addfile(entry, io.BytesIO(about))
    return folder / "b.tgz"


@pytest.mark.parametrize(("given", "said"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_what_cannot_be_built_gets_a_sentence(given, said, tmp_path, capsys):
    assert cli.main(["page", f"--out={tmp_path / 'p.html'}", *given(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "p.html").exists()


def test_a_machine_without_npm_is_told_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(["page", f"--out={tmp_path / 'p.html'}"]) == 2
    assert "没有 npm" in capsys.readouterr().err
