"""The data files against their shapes: a slip in one is refused with file, line and what was meant."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from xlcheck import data
from xlcheck.data.checking import DataError, checked

SHAPED = sorted(
    path.stem for path in data.HERE.glob("*.py") if path.stem not in ("__init__", "checking")
)  # each file of this name has a shape beside it

PLANTED = [  # the file, what stands there, the slip, and what the refusal says
    ("messages", "no_edition = ", "no_editon = ", ["'no_editon'", "'no_edition' may be meant"]),
    ("messages", 'EACCES = "没有权限"', "EACCES = 13", ["reason EACCES", "found 13"]),
]


def shape_of(name: str) -> type:
    """The shape a module gives its file: what its accessor returns."""
    accessor = getattr(import_module(f"xlcheck.data.{name}"), name)
    return accessor.__annotations__["return"]


@pytest.mark.parametrize("name", SHAPED)
def test_a_file_is_of_its_shape(name):
    assert checked(data.HERE / f"{name}.toml", shape_of(name))


@pytest.mark.parametrize(("name", "old", "new", "meant"), PLANTED)
def test_a_slip_is_refused_with_its_line_and_what_was_meant(name, old, new, meant, tmp_path: Path):
    text = (data.HERE / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / f"{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(DataError) as refusal:
        checked(tmp_path / f"{name}.toml", shape_of(name))
    said = str(refusal.value)
    assert re.match(rf"{name}\.toml, line {line}\b", said)
    assert [word for word in meant if word not in said] == []
