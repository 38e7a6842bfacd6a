"""Run by node inside the Python of the page itself: bytecode for every module, and the data read beforehand.

Nothing of ours can be imported before it is compiled, so this is handed over as text, with ``/stage`` laid
out by ``house``: the library, our Python, every data file's objects as read where pydantic is, and the clean
workbooks as built where openpyxl is.
"""

import ast
import io
import marshal
import os
import pickle
import shutil
import sys
import types
import zipfile
from contextlib import suppress
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

STAGE, WORK = Path("/stage"), Path("/work")
TREES = ("library", "house")
EPOCH = (1980, 1, 1, 0, 0, 0)
DAY = 315_532_800  # the same in seconds
UNCHECKED = (1).to_bytes(4, "little")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def compiled(tree: Path) -> None:
    """Replace every module by its bytecode, which names no folder of this computer and is never stale."""
    for source in tree.rglob("*.py"):
        with suppress(SyntaxError):  # the library has modules of other versions of Python
            source.with_suffix(".pyc").write_bytes(
                _bytecode(source.read_bytes(), str(source.relative_to(tree)))
            )
        source.unlink()
    for path in tree.rglob("*"):
        os.utime(path, (DAY, DAY))


def _bytecode(source: bytes, name: str) -> bytes:
    """What Python keeps of a module (PEP 552: checked against no source), without its docstrings."""
    module = ast.parse(source)
    for node in ast.walk(module):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.copy_location(ast.Pass(), node.body[0])
    code = compile(module, name, "exec", dont_inherit=True)
    return MAGIC_NUMBER + UNCHECKED + bytes(8) + marshal.dumps(code)


def with_objects(house: Path) -> None:
    """Let the house read its data here, from what pydantic has judged elsewhere, and keep what it made."""
    judged: dict[str, Any] = {}
    stand_in: Any = types.ModuleType("xlcheck.data.checking")
    stand_in.checked = lambda source, shape: judged[source.stem]
    stand_in.shape_of = lambda name: type(judged[name])
    sys.modules[stand_in.__name__] = stand_in
    sys.path.insert(0, str(house))
    sys.dont_write_bytecode = False  # else the objects go where this computer keeps what is its own
    known, workbooks = pickle.loads((STAGE / "judged").read_bytes())
    judged |= known
    from xlcheck.editions import edition_named
    from xlcheck.judge import prepare
    from xlcheck.template import clean

    prepare()
    clean._made = lambda edition: workbooks[edition.form.edition]
    for name in workbooks:
        clean.clean_workbook(edition_named(name))
    (house / "xlcheck/data/__pycache__").rename(house / "xlcheck/data/objects")


def packed(tree: Path) -> bytes:
    """The tree as a zip that is not yet made small, always the same bytes."""
    with zipfile.ZipFile(out := io.BytesIO(), "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(p for p in tree.rglob("*") if p.is_file()):
            archive.writestr(zipfile.ZipInfo(str(path.relative_to(tree)), EPOCH), path.read_bytes())
    return out.getvalue()


def precompile() -> None:
    for name in TREES:
        shutil.copytree(STAGE / name, WORK / name)
        compiled(WORK / name)
    with_objects(WORK / "house")
    for name in TREES:
        (STAGE / f"{name}.zip").write_bytes(packed(WORK / name))


precompile()
