"""The house: which wing imports which, how long things are, and that every command speaks."""

import ast
import importlib
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from by_name import build_template, fill_workbook
from cases import base, edited

from xlcheck import cli, data
from xlcheck.commands.parser import all_verbs
from xlcheck.data.cli import cli as cli_words
from xlcheck.data.form import form_file
from xlcheck.saving import save

HOUSE = Path(cli.__file__).parent
MODULES = sorted(HOUSE.rglob("*.py"))
BASE = {"accidents", "child", "conversion", "core", "data", "editions", "judge", "saving"}
MAY = {  # a new line here is a design decision; a part of the house may import itself and these
    "core": {"data"},  # the shapes of what it is handed; it loads nothing
    "data": set(),
    "editions": {"core", "data"},
    "accidents": {"data", "editions"},
    "child": {"accidents", "data", "editions"},
    "conversion": {"data", "editions"},
    "judge": {"core", "data", "editions"},
    "policies": {"data", "editions"},  # a county's file, for the verbs
    "saving": {"core", "data"},
    "template": BASE,
    "workbook": BASE | {"template"},
    "report": BASE | {"template", "workbook"},
    "importing": BASE | {"template", "workbook"},
    "repair": BASE | {"template", "workbook", "report", "importing"},
    "office": BASE | {"template", "workbook", "report", "importing", "repair"},
    "county": BASE | {"template", "workbook", "report", "importing", "repair"},
    # what a browser runs is the command line itself
    "web": BASE | {"template", "workbook", "report", "cli"},
    "demo": BASE | {"template", "workbook", "report"},
}
ENTRANCE = {"__init__", "cli", "commands"}  # imports anything, inside the command that needs it
OUTSIDE = {  # which wing may import which library
    "pydantic": ("data",),
    "openpyxl": ("saving", "template", "workbook"),
    "xlsxwriter": ("county",),
    "lxml": ("importing",),
    "docx": (),
    "markupsafe": ("report", "county", "web"),
    "pypdfium2": ("importing",),
    "python_calamine": ("importing", "county"),  # rosters in old formats
    "xlwings": ("office",),
    "uno": ("office",),
    "sqlalchemy": ("county",),
    "alembic": ("county",),
    "fsspec": ("county",),
    "distributed": ("county",),
    "starlette": ("county",),  # the address where units upload, and nothing else
    "uvicorn": ("county",),
    "libarchive": ("county",),
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found |= {n.name for n in names}
            case ast.ImportFrom(module=str() as module, names=names):
                found |= {f"{module}.{n.name}" for n in names}
    return found


def strings(path: Path) -> list[tuple[int, str]]:
    """Every text in a module that is not a docstring, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    blocks = [n.body for n in ast.walk(tree) if isinstance(getattr(n, "body", None), list) and n.body]
    docs = {id(body[0].value) for body in blocks if isinstance(body[0], ast.Expr)}
    constants = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in docs]
    return [(n.lineno, n.value) for n in constants if isinstance(n.value, str)]


def wing(path: Path) -> str:
    """The part of the house a module belongs to: a folder, or a module at its top."""
    return path.relative_to(HOUSE).with_suffix("").parts[0]


@pytest.mark.parametrize(
    "path", [p for p in MODULES if wing(p) in MAY], ids=lambda p: str(p.relative_to(HOUSE))
)
def test_imports_go_one_way(path):
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("xlcheck.")}
    libraries = {name.split(".")[0] for name in imports(path)} & set(OUTSIDE)
    assert ours <= MAY[wing(path)] | {wing(path)}
    assert all(wing(path) in OUTSIDE[library] for library in libraries)


def house_imports() -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """Each module of the house with those it imports, as paths of names."""
    paths = {path.relative_to(HOUSE).with_suffix("").parts: path for path in MODULES}
    return {
        name: {
            other
            for i in (tuple(i.split(".")[1:]) for i in imports(path) if i.startswith("xlcheck."))
            for other in paths
            if i[: len(other)] == other and other != name
        }
        for name, path in paths.items()
    }


def circle(edges: dict[tuple[str, ...], set[tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """A way that comes back to where it began; empty where there is none."""
    done: set[tuple[str, ...]] = set()

    def back(name: tuple[str, ...], above: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        if name in above:
            return [*above, name]
        found = [] if name in done else [back(after, [*above, name]) for after in edges[name]]
        done.add(name)
        return max(found, key=len, default=[])

    return max((back(name, []) for name in edges), key=len)


def test_no_import_cycle():
    assert not circle(house_imports())


def test_no_rooms_import_each_other_in_a_circle():
    """Neither modules nor whole folders beside each other."""
    edges = house_imports()
    for folder in {name[:end] for name in edges for end in range(1, len(name))}:
        rooms: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        inside, depth = [n for n in edges if n[: len(folder)] == folder], len(folder) + 1
        for name in inside:
            to = {other[:depth] for other in edges[name] if other[: len(folder)] == folder}
            rooms.setdefault(name[:depth], set()).update(to - {name[:depth]})
        assert not circle(rooms), folder


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_modules_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    assert not [f"{f.name}:{f.lineno}" for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 35]
    assert text.count("\n") <= 400
    assert ast.get_docstring(tree)


SPACES = "\u3000\ufffd"  # what TRIM leaves, and what stands for a character no database takes
ADDRESS = re.compile(r"(?<![A-Za-z0-9_])\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?![A-Za-z0-9_.-])")
COLUMN = re.compile(r"(?:^|[!:$'=(,+&<>*-])\$?[A-Z]{1,2}\$?$")


def _sign(c: str) -> bool:
    """A character that a person reads: Chinese, full-width, an arrow, a mark; no range of what is unseen."""
    return not c.isascii() and c not in SPACES and unicodedata.category(c)[0] in "LPS"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_no_chinese_sign_stands_in_code(path):
    """Docstrings and comments may name the form's terms; what a person reads is data."""
    assert [(line, text) for line, text in strings(path) if any(map(_sign, text))] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_no_address_stands_in_code(path):
    """Neither a cell's address nor a column's letter before a number put in: where things lie is data."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    built = [
        ast.unparse(text)
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for before, after in pairwise(text.values)
        if isinstance(before, ast.Constant) and isinstance(after, ast.FormattedValue)
        if COLUMN.search(str(before.value))
    ]
    assert [(line, text) for line, text in strings(path) if ADDRESS.search(text)] + built == []


DIALECT = [
    "told",
    "said",
    "seen",
    "shown",
    "found",
    "kept",
    "settle",
    "flow",
    "pieces",
    "look",
    "letters",
    "draw",
    "mending",
    "standing",
    "loading",
]
VERBS_OF_ALL = {"read", "write", "check", "main", "report", "upgrade"}  # of every wing, button, schema step


def _public() -> Iterator[tuple[str, str, str]]:
    """What is defined at the top of each module: class or function, its name, the module."""
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match node:
                case ast.ClassDef(name=name):
                    yield "class", name, path.stem
                case ast.FunctionDef(name=name) if not name.startswith("_"):
                    yield "function", name, path.stem
                case ast.Assign(targets=[ast.Name(id=name)]) if name[0].isupper() and not name.isupper():
                    yield "class", name, path.stem


def test_a_name_has_one_meaning():
    """No two classes and, but for the verbs of the field, no two functions share a name."""
    named = Counter(name for _, name, _ in _public())
    assert {name for name, count in named.items() if count > 1} <= VERBS_OF_ALL


def test_no_name_is_of_our_own_dialect():
    names = {name.lower() for _, name, _ in _public()} | {path.stem for path in MODULES}
    assert names.isdisjoint(DIALECT)


def test_modules_of_one_name_are_the_same_thing_in_their_wings():
    """A module of data is the shape of the file that its wing, or the module of its name, is about."""
    stems = Counter(path.stem for path in MODULES if wing(path) != "data" and path.stem != "__init__")
    assert {stem for stem, count in stems.items() if count > 1} <= {"html", "docx", "outcome"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_no_edition_and_no_table_is_named_in_code(path):
    """Which editions and which tables there are the data files say alone; docstrings may give examples."""
    keys = {key for name in data.editions() for key in form_file(name).table}
    named = re.compile(rf"(?<!\w)(?:{'|'.join({*data.editions(), *keys})})(?!\w)")
    assert not [(line, text) for line, text in strings(path) if named.search(text)]


FILES_OF_OURS = {"_style", "_script"}  # read by these functions; nothing can be escaped in what they give


@pytest.mark.parametrize(
    "path", [p for p in MODULES if "markupsafe.Markup" in imports(p)], ids=lambda p: str(p.relative_to(HOUSE))
)
def test_markup_is_never_put_together(path):
    """A text enters a page through a place in its markup, which escapes it; a sum of strings would not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name in FILES_OF_OURS]
    calls = {n for n in ast.walk(tree) if isinstance(n, ast.Call)} - {n for f in ours for n in ast.walk(f)}
    given = [a for n in calls if getattr(n.func, "id", "") == "Markup" for a in n.args]
    sums = [a.lineno for a in given if isinstance(a, ast.JoinedStr | ast.BinOp)]
    sums += [a.lineno for a in given if getattr(getattr(a, "func", None), "attr", "") in ("format", "join")]
    assert sums == []
    assert "html.escape" not in imports(path)


@pytest.mark.parametrize("verb", list(all_verbs()))
def test_every_command_has_help_and_an_example(verb):
    words = cli_words().verb[verb]
    shown = subprocess.run(
        [sys.executable, "-m", "xlcheck.cli", verb, "--help"], capture_output=True, text=True
    )
    assert shown.returncode == 0
    flat = "".join(shown.stdout.split())
    assert "".join(words.help.split()) in flat
    assert "".join(words.example.split()) in flat


def test_every_part_of_the_house_has_its_rule():
    parts = {p.stem for p in HOUSE.iterdir() if p.is_dir() or p.suffix == ".py"}
    assert parts - {"__pycache__"} == set(MAY) | ENTRANCE


def test_a_check_does_not_import_what_it_does_not_need(tmp_path):
    save(build_template("2021"), tmp_path / "空.xlsx")
    fill_workbook(
        tmp_path / "空.xlsx", edited(base("2021"), {"t3.granted.natural": 21}), tmp_path / "填.xlsx"
    )
    code = "import sys; from xlcheck import cli; cli.main(['check', sys.argv[1]]); print(*sys.modules)"
    command = [sys.executable, "-c", code, str(tmp_path / "填.xlsx")]
    subprocess.run(command, capture_output=True)  # data that is not kept yet is judged by pydantic, once
    loaded = subprocess.run(command, capture_output=True, text=True).stdout.split()
    assert "xlcheck.core.diagnosis.explain" in loaded
    libraries = {"openpyxl", "pydantic", "lxml", "docx", "xlwings", "numpy", "sqlalchemy", "fsspec"}
    assert not (libraries | {"tomllib", "pickle", "json", "datetime", "ast"}) & set(loaded)


BENCHES = sorted((HOUSE.parent / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHES, ids=lambda p: p.stem)
def test_what_a_long_sweep_takes_from_the_house_is_there(path):
    """It runs rarely, and what was moved meanwhile it would miss only then."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken = [
        n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("xlcheck")
    ]
    modules, missing = {}, []
    for statement in taken:
        home = importlib.import_module(statement.module)
        for alias in statement.names:
            with suppress(ModuleNotFoundError):
                importlib.import_module(f"{statement.module}.{alias.name}")
            if not hasattr(home, alias.name):
                missing.append((statement.lineno, alias.name))
            elif isinstance(found := getattr(home, alias.name), ModuleType):
                modules[alias.asname or alias.name] = found
    used = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    missing += [
        (n.lineno, n.attr) for n in used if n.value.id in modules and not hasattr(modules[n.value.id], n.attr)
    ]
    assert missing == []
