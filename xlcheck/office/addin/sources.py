"""The texts in macros/ that the buttons are built from, and packing without a clock."""

import zipfile
from collections.abc import Mapping
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from xlcheck import data
from xlcheck.editions import Refused
from xlcheck.saving import EPOCH


def macro(name: str) -> str:
    """A file of macros/: inside the package where it is installed, beside it in a checkout."""
    house = Path(data.HERE).parent
    folder = next(at for at in (house / "macros", house.parent / "macros") if at.is_dir())
    return (folder / name).read_text(encoding="utf-8")


def xlwings(name: str) -> str:
    """A text of the installed xlwings; looked up without importing it, which takes a second."""
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise Refused(say("no_xlwings"))
    path = Path(found.origin).with_name("addin") / name
    path = path if path.exists() else Path(found.origin).with_name(name)
    return path.read_bytes().decode("utf-8-sig")


def versions() -> dict[str, str]:
    """What the buttons are built of, as it is installed here."""
    return {name: metadata.version(name) for name in ("xlcheck", "xlwings")}


def changed(text: str, changes: list[dict[str, Any]]) -> str:
    """The text with each change made exactly as often as expected; Refused where xlwings has moved on."""
    for change in changes:
        if text.count(change["old"]) != change["times"]:
            raise Refused(say("xlwings_changed", version=versions()["xlwings"], old=change["old"]))
        text = text.replace(change["old"], change["new"])
    return text


def pack_zip(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of these parts in this order, always the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 0  # else Windows and Linux build different bytes
            archive.writestr(info, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def words() -> dict[str, Any]:
    return data.toml("addin")


def say(name: str, **told: object) -> str:
    """A sentence about the add-ins, its placeholders filled."""
    sentence: str = words()["say"][name]
    return sentence.format(**told)
