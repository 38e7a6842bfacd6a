"""The offline page as html: what stands on it at once, and what it carries for its script."""

import base64
import gzip
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

import xlcheck
from xlcheck import data
from xlcheck.data.dashboard import dashboard
from xlcheck.data.messages import messages
from xlcheck.data.web import web
from xlcheck.editions import Edition, edition_named
from xlcheck.report.on_page import rule_families
from xlcheck.report.page_style import hash_source, palettes, script_json
from xlcheck.report.page_tables import NOTHING, empty_tables

STYLES = ("dashboard.css", "web.css")
SCRIPTS = ("dashboard_parts.js", "dashboard_view.js", "web.js")  # the last one starts the page
FIRST = ("web_first.js",)
MODULE = "export default _createPyodideModule;"  # newer runtimes end so; a worker of a Blob is no module


def offline_page(parts: Mapping[str, bytes], lock: Mapping[str, object]) -> Markup:
    """The page: ``parts`` is what it carries packed, ``lock`` what the runtime is."""
    first, style, script = _script(FIRST), _style(), _script(SCRIPTS)
    return Markup("{head}<body>\n{top}{main}{foot}{parts}{tables}{index}<script>{script}</script>\n").format(
        head=_head(style, first, script),
        top=_top(first),
        main=_main(),
        foot=_foot(),
        parts=NOTHING.join(_part(name, content) for name, content in parts.items()),
        tables=NOTHING.join(empty_tables(edition.form) for edition in _editions()),
        index=Markup('<script type="application/json" id="index">{}</script>\n').format(
            script_json(_index(lock))
        ),
        script=script,
    ) + Markup("</body>\n</html>\n")


def worker_script(start: str, loader: str) -> str:
    """What the worker runs: the runtime's two scripts, and what answers the page."""
    address = '"http://nowhere.invalid/pyodide.asm.js"'
    plain = loader.replace("import.meta.url", address).replace(
        MODULE, "self._createPyodideModule = _createPyodideModule;"
    )
    classic = "" if plain == loader else "self.importScripts = undefined;\n"
    return "\n".join((classic + plain, start.partition("//# sourceMappingURL")[0], _source("web_worker.js")))


def _editions() -> list[Edition]:
    return [edition_named(name) for name in data.editions()]


def _head(style: Markup, first: Markup, script: Markup) -> Markup:
    """The policy lets in our own style and scripts, known by their hashes, and a worker made of the page.

    Nothing can be fetched or sent. ``unsafe-eval`` is what browsers before 2022 call running WebAssembly.
    """
    words = web().html
    return Markup(
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src {style_hash}; '
        "script-src {first} {script} 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
        "worker-src blob:; child-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        "<title>{title}{sub}</title>\n<style>{style}</style>\n</head>\n"
    ).format(
        style_hash=hash_source(style), first=hash_source(first), script=hash_source(script),
        title=words.title, sub=words.sub, style=style,
    )  # fmt: skip


def _top(first: Markup) -> Markup:
    """The head of the page, and first of all whether this browser can run it."""
    words = web().html
    return Markup(
        "<script>{first}</script>\n"
        '<a class="skip" href="#view">{skip}</a>\n<header class="top"><div class="wide">\n'
        '<h1>{title} <span class="sub">{sub}</span></h1>\n<p class="asof">{version}</p>\n'
        '<div class="buttons" hidden><button type="button" id="theme">{dark}</button>'
        '<button type="button" id="print">{print}</button></div>\n</div></header>\n'
    ).format(
        first=first, skip=words.skip, title=words.title, sub=words.sub, dark=words.dark, print=words.print,
        version=words.version.format(version=xlcheck.__version__),
    )  # fmt: skip


def _main() -> Markup:
    words = web().html
    return Markup(
        '<main class="wide">\n<noscript><p class="notice">{script}</p></noscript>\n'
        '<p class="old-browser" role="alert">{old}</p>\n'
        '<section class="drop" id="drop" aria-label="{drop}"><h2>{drop}</h2><p class="more">{more}</p>'
        '<button type="button" id="choose">{choose}</button>'
        '<input type="file" id="file" multiple aria-label="{choose}">'
        '<input type="file" id="last" aria-label="{choose}">'
        '<span class="state" id="state" role="status">{preparing}</span></section>\n'
        '<p class="closed">{closed}</p>\n<div id="view" tabindex="-1"></div>\n</main>\n'
    ).format(
        script=words.script, old=words.old, drop=words.drop, more=words.drop_more, choose=words.choose,
        preparing=words.preparing, closed=words.closed,
    )  # fmt: skip


def _foot() -> Markup:
    words = web().html
    return Markup(
        '<footer class="wide"><p class="keys" hidden>{keys} '
        '<button type="button" id="keys" aria-pressed="true">{keys_on}</button></p></footer>\n'
    ).format(keys=words.keys, keys_on=words.keys_on)


def _part(name: str, content: bytes) -> Markup:
    packed = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")
    return Markup('<script type="application/octet-stream" id="part-{}">{}</script>\n').format(name, packed)


def _index(lock: Mapping[str, object]) -> dict[str, Any]:
    """What the script needs to know: its words, the editions' rules, the buttons, the limits."""
    facts = web()
    return {
        "words": {
            **dashboard().js,
            **facts.js,
            **{name: getattr(messages(), name) for name in facts.messages},
        },
        "title": facts.html.title + facts.html.sub,
        "editions": {edition.form.edition: _edition(edition) for edition in _editions()},
        "actions": [
            {"id": a.id, "label": a.label, "label_draft": a.label_draft, "of_unread": a.of_unread}
            for a in facts.action
        ],
        "patience": facts.patience,
        "patience_write": facts.patience_write,
        "watch": facts.watch,
        "lock": script_json(lock),
    }


def _edition(edition: Edition) -> dict[str, Any]:
    rules = edition.rules.rules
    return {
        "edition": edition.form.edition,
        "rules": [[r.id, r.title, r.severity, r.why, r.legal] for r in rules],
        "families": list(rule_families(edition.form, rules)),
    }


def _source(name: str) -> str:
    return (data.HERE / name).read_text(encoding="utf-8")


def _script(names: tuple[str, ...]) -> Markup:
    script = "".join(map(_source, names))
    return Markup(script)


def _style() -> Markup:
    style = palettes() + "".join(map(_source, STYLES))
    return Markup(style)
