"""The Python of the page: the library and our own house, laid out, then compiled by the page's own Python."""

import pickle
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from xlcheck import data
from xlcheck.data.web import web
from xlcheck.editions import Refused, edition_named
from xlcheck.template.clean import clean_workbook
from xlcheck.web.runtime import Runtime

HOUSE = data.HERE.parent
PREPARE, PRECOMPILE = data.HERE / "web_prepare.js", Path(__file__).with_name("precompile.py")
NO_CODE = ("__pycache__", "objects", "*.so", "*.pyd", "*.pyi", "*.typed", "*.c")
LONGEST = 600  # seconds; a slow machine takes some 30


class PackedHouse(NamedTuple):
    """Two zips, not yet made small: the library, read as a zip, and our own Python, which is laid out."""

    library: bytes
    house: bytes


def packed_house(runtime: Runtime, stage: Path) -> PackedHouse:
    """Compile everything for a runtime, with ``stage`` as the place for it. Raises Refused where it fails."""
    _lay_out(runtime, stage)
    node = shutil.which("node")
    if not node:
        raise Refused(web().say.no_node)
    command = [node, str(PREPARE), str(runtime.folder), str(stage), str(PRECOMPILE)]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=LONGEST)
        wrong = done.stderr.strip().splitlines()
    except subprocess.TimeoutExpired as late:
        wrong = [str(late)]
    made = [stage / f"{name}.zip" for name in PackedHouse._fields]
    if not all(path.exists() for path in made):
        raise Refused(web().say.not_compiled.format(reason=(wrong or [""])[-1]), "\n".join(wrong))
    return PackedHouse(*(path.read_bytes() for path in made))


def _lay_out(runtime: Runtime, stage: Path) -> None:
    """The library without what nobody asks for, our house without the county's, and what is made of the data.

    The clean workbooks among it: no browser has openpyxl, which builds them.
    """
    pinned = web().runtime
    with zipfile.ZipFile(runtime.library) as archive:
        some = [n for n in archive.namelist() if not n.startswith(tuple(pinned.without_library))]
        archive.extractall(stage / "library", some)
    for name in pinned.libraries:
        folder = Path(str(import_module(name).__file__)).parent
        shutil.copytree(folder, stage / "library" / name, ignore=shutil.ignore_patterns(*NO_CODE))
    shutil.copytree(HOUSE, stage / "house" / HOUSE.name, ignore=_without(HOUSE, pinned.without_house))
    made = {name: clean_workbook(edition_named(name)) for name in data.editions()}
    (stage / "judged").write_bytes(pickle.dumps((_judged(), made)))


def _without(root: Path, names: Iterable[str]) -> Callable[[str, list[str]], set[str]]:
    """What a copy of a folder leaves out: these paths in it, and what is no code of any Python."""
    ours, none = {root / name for name in names}, shutil.ignore_patterns(*NO_CODE)
    return lambda at, found: none(at, found) | {name for name in found if Path(at, name) in ours}


def _judged() -> dict[str, object]:
    """Every data file as objects: what judges them does not run in a browser."""
    from xlcheck.data.checking import shape_of

    files = sorted(path.stem for path in data.HERE.glob("*.toml"))
    return {name: data.load(name, shape_of(name)) for name in files}
