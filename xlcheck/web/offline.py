"""Build the offline page: fetch the runtime, compile the house for it, put everything into one file."""

import tempfile
from pathlib import Path

from xlcheck.data.web import web
from xlcheck.editions import Refused
from xlcheck.saving import atomically
from xlcheck.web.house import packed_house
from xlcheck.web.html import offline_page, worker_script
from xlcheck.web.runtime import runtime_at


def write_page(path: Path, given: Path | None = None, *, over: bool = False) -> None:
    """Write the page with the pinned runtime, or the one given as a package or folder of npm's.

    The same runtime and the same installation give the same bytes. Raises Refused with what is lacking.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise Refused(web().say.no_page.format(path=path))
    with tempfile.TemporaryDirectory(prefix="xlcheck-page-") as place:
        runtime = runtime_at(given, Path(place))
        packed = packed_house(runtime, Path(place))
        parts = {
            "wasm": runtime.wasm,
            "library": packed.library,
            "house": packed.house,
            "script": worker_script(runtime.start, runtime.loader).encode("utf-8"),
        }
        text = offline_page(parts, runtime.lock)
    atomically(path, lambda to: to.write_text(text, encoding="utf-8", newline="\n"), over=over)
