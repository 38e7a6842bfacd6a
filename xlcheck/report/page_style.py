"""What every page of ours has in its head: its colours, the hashes its policy lets in, its JSON."""

import base64
import hashlib
import json

from markupsafe import Markup

from xlcheck.data.dashboard import dashboard


def palettes() -> str:
    """Each colour stands once in the data, for light and for dark; the button and the printer override."""
    light, dark = (
        "".join(f"--{role}: {shades[n]}; " for role, shades in dashboard().colours.items()) for n in (0, 1)
    )
    bright, dim = f"color-scheme: light; {light}", f"color-scheme: dark; {dark}"
    return (
        f":root {{ {bright}}}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dim}}} }}\n"
        f"@media screen {{ :root[data-theme=light] {{ {bright}}}\n:root[data-theme=dark] {{ {dim}}} }}\n"
    )


def hash_source(text: str) -> Markup:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return Markup("'sha256-{}'").format(base64.b64encode(digest).decode("ascii"))


def script_json(value: object) -> Markup:
    """JSON for an element of the page: nothing in it can end that element."""
    return Markup(plain_json(value).replace("<", "\\u003c"))


def plain_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
