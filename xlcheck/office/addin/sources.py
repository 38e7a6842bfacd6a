"""The texts that the buttons are built from: ours in macros/, and xlwings' own with our changes."""

from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from xlcheck import data
from xlcheck.data.addin import TextChange, addin
from xlcheck.editions import Refused


def macro_folder() -> Path:
    """The folder macros/: inside the package where it is installed, beside it in a checkout."""
    house = Path(data.HERE).parent
    return next(at for at in (house / "macros", house.parent / "macros") if at.is_dir())


def macro(name: str) -> str:
    return (macro_folder() / name).read_text(encoding="utf-8")


def xlwings(name: str) -> str:
    """A text of the installed xlwings; looked up without importing it, which takes a second."""
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise Refused(addin().say.no_xlwings)
    path = Path(found.origin).with_name("addin") / name
    path = path if path.exists() else Path(found.origin).with_name(name)
    return path.read_bytes().decode("utf-8-sig")


def versions() -> dict[str, str]:
    """What the buttons are built of, as it is installed here."""
    return {name: metadata.version(name) for name in ("xlcheck", "xlwings")}


def changed(text: str, changes: Iterable[TextChange]) -> str:
    """The text with each change made exactly as often as expected; Refused where xlwings has moved on."""
    for change in changes:
        if text.count(change.old) != change.times:
            sentence = addin().say.xlwings_changed
            raise Refused(sentence.format(version=versions()["xlwings"], old=change.old))
        text = text.replace(change.old, change.new)
    return text
