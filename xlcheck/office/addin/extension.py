"""The LibreOffice extension, built from the texts in macros/libreoffice."""

import json

from xlcheck.office.addin.sources import macro, pack_zip, versions, words


def extension(interpreter: str = "python3") -> bytes:
    """The .oxt; its buttons start this interpreter, whose path stands in the extension's own button.json."""
    parts = {name: macro(f"libreoffice/{name}") for name in words()["extension"]["parts"]}
    parts["description.xml"] = parts["description.xml"].format(version=versions()["xlcheck"])
    facts = {**words()["extension"]["facts"], **versions(), "interpreter": interpreter}
    return pack_zip({**parts, "button.json": json.dumps(facts, ensure_ascii=False, indent=1)})
