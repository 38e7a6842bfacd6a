"""Which elements of a web page the eye reads: by their tag, their own style, and the page's style sheets."""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import html as lxml_html

from xlcheck.importing.normal_text import UNREADABLE
from xlcheck.importing.readers.colours import BLACK, WHITE, are_alike
from xlcheck.importing.readers.css_effects import (
    CLEAR,
    LOOKS,
    Style,
    are_tiny,
    are_veiled,
    css_colour,
    css_ground,
    hides,
    lifts,
    shows_otherwise,
)
from xlcheck.importing.readers.selectors import Compound, class_names, compounds, selects, weight

BLOCKS = ("td", "th", "tr", "table", "tbody", "div", "section", "article", "main", "body", "html", "p")
STRUCK, GUIDES = ("del", "s", "strike"), ("rt", "rp", "rtc")
ELSEWHERE = re.compile(  # what only paper, a narrow screen or another one shows
    r"print|speech|max-(?:device-)?(?:width|height)|dark|forced|portrait|none|coarse|\bnot\b"
)
PART = re.compile(r"((?:[^{};\"']|\"[^\"]*\"|'[^']*')*)([{};]|$)")  # up to the sign that ends it
THROUGH = ("@media", "@supports", "@layer", "@container", "@scope")  # what is in these counts by itself
COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
CONTENT = re.compile(r"""(?:^|;)content:((?:"[^"]*"|'[^']*'|attr\([\w-]+\)|counter\([^)]*\)|[^;])*)""")
WRITTEN = re.compile(r"""["']([^"']*)["']|attr\(([\w-]+)\)|(counter)""")  # text, an attribute, a count
ESCAPED = re.compile(r"\\([0-9a-f]{1,6})\s?")
SIDE = re.compile(r"::?(before|after)\s*$")
COMMA = re.compile(r",(?![^(\[]{0,200}[)\]])")  # none within brackets
IMPORTANT = "!important"
LONGEST, MOST = 200_000, 3000  # letters of style sheets and rules of theirs that are looked at
VALUE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
VARIABLE = re.compile(r"(?<![\w-])(--[\w-]+)\s{0,20}:([^;{}]+)")


class Selector(NamedTuple):
    """What a selector says of its elements; ``side`` is before or after for words the style sheet writes."""

    parts: tuple[Compound, ...]
    style: str
    side: str = ""
    order: int = 0


class Visibility(NamedTuple):
    """How letters look where they stand: hidden, raised as a note's mark, coloured, or unsure."""

    hidden: bool = False
    raised: bool = False
    colour: str = ""
    ground: str = WHITE
    unsure: bool = False
    veiled: bool = False
    tiny: bool = False

    @property
    def unseen(self) -> bool:
        return (
            self.hidden
            or self.veiled
            or self.tiny
            or self.colour == CLEAR
            or are_alike(self.colour, self.ground)
        )


SheetRules = Mapping[str, tuple[Selector, ...]]  # by the last tag, class or id that must be there


def sheet_rules(root: lxml_html.HtmlElement) -> SheetRules:
    """The rules of a page's own style sheets that may hide something."""
    sheets = (one.text or "" for one in root.iter("style") if not ELSEWHERE.search(one.get("media") or ""))
    text = COMMENT.sub("", "".join(sheets)[:LONGEST])
    known = dict(VARIABLE.findall(text))
    text = VALUE.sub(lambda name: str(known.get(name[1], name[2] or "")), text)
    found: dict[str, list[Selector]] = {}
    for number, (selector, said) in enumerate(_rules(text)):
        style = _packed(said)
        if number > MOST or not LOOKS.search(style):
            continue
        side = SIDE.search(selector)
        if parts := compounds(selector[: side.start()] if side else selector):
            names = (name for name in parts[-1].names if name[0] in ".#")
            key = min(names, default=parts[-1].tag)
            found.setdefault(key, []).append(Selector(parts, style, side[1] if side else "", number))
    return {key: tuple(rules) for key, rules in found.items()}


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Each selector of a style sheet with what it says; one within another's braces goes on from it."""
    around: list[tuple[list[str], list[str]]] = [([""], [])]
    for part in PART.finditer(text):
        said, end = part[1].strip(), part[2]
        if end == "{":
            around.append((_inner(said, around[-1][0]), []))
        elif said:
            around[-1][1].append(said)
        if end == "}" and len(around) > 1:
            selectors, declared = around.pop()
            yield from ((one, ";".join(declared)) for one in selectors if one)


def _inner(said: str, outer: list[str]) -> list[str]:
    """The selectors that stand before a brace, within those around it; none where nothing counts."""
    if said.startswith("@"):
        return outer if said.startswith(THROUGH) and not ELSEWHERE.search(said) else []
    inner = [one.strip() for one in COMMA.split(said)]
    return [
        (one.replace("&", whole) if "&" in one else f"{whole} {one}").strip()
        for whole in outer
        for one in inner
    ]


def visibility_of(
    node: lxml_html.HtmlElement, rules: SheetRules, outer: Visibility, *, in_cell: bool = False
) -> Visibility:
    """How the letters right under an element look, those around it looking as ``outer`` says."""
    style = style_of(node, rules)
    tag, link = node.tag, node.get("href") or ""
    crossed = tag in STRUCK and "text-decoration" not in style
    shut = (tag == "dialog" and node.get("open") is None) or node.get("popover") is not None
    away = tag in GUIDES or crossed or shut or (node.get("hidden") is not None and "display" not in style)
    to_note = tag == "a" and link.startswith("#") and link != "#"
    raised = outer.raised or tag in ("sup", "sub") or to_note or (lifts(style) and tag not in BLOCKS)
    turned = tag == "bdo" and (node.get("dir") or "").lower() == "rtl"
    colour = css_colour(style.get("color"), css_colour(node.get("color"), outer.colour))
    colour = css_colour(style.get("text-fill-color"), colour)
    ground = css_ground(style, colour or BLACK, css_colour(node.get("bgcolor"), outer.ground))
    unsure = outer.unsure or (in_cell and (turned or shows_otherwise(style)))
    ground = ground if ground != CLEAR else outer.ground
    veiled, tiny = are_veiled(style, outer.veiled), are_tiny(style, outer.tiny)
    return Visibility(outer.hidden or away or hides(style), raised, colour, ground, unsure, veiled, tiny)


def style_of(node: lxml_html.HtmlElement, rules: SheetRules) -> Style:
    """What style sheets and an element's own style come to: of each property the last and strongest."""
    mine = sorted((rule for rule in rules_of(node, rules) if not rule.side), key=_strength)
    found: dict[str, str] = {}
    for said in ";".join((*(rule.style for rule in mine), _packed(node.get("style") or ""))).split(";"):
        name, colon, value = said.partition(":")
        name = name.removeprefix("-webkit-").removesuffix("-line")
        name = "mask" if name == "mask-image" else name
        if colon and (IMPORTANT in value or IMPORTANT not in found.get(name, "")):
            found.pop(name, None)  # what is said last stands last
            found[name] = value
    return {name: value.replace(IMPORTANT, "").strip() for name, value in found.items()}


def _strength(rule: Selector) -> tuple[tuple[int, int], int]:
    return weight(rule.parts), rule.order


def written_beside(node: lxml_html.HtmlElement, rules: SheetRules, side: str) -> str:
    """What a style sheet writes before or after an element's words but ornament; a count is unreadable."""
    styles = [rule.style for rule in rules_of(node, rules) if rule.side == side]
    painted = (style for style in styles if not _writes_nothing(_declared(style)))
    contents = [found[1] for style in painted if (found := CONTENT.search(style))]
    texts = (
        node.get(name, "") if name else UNREADABLE if counted else ESCAPED.sub(_escaped, text)
        for text, name, counted in (WRITTEN.findall(contents[-1]) if contents else ())
    )  # fmt: skip
    whole = "".join(texts)
    return whole if UNREADABLE in whole or any(map(str.isalnum, whole)) else ""


def _escaped(found: re.Match[str]) -> str:
    return chr(min(int(found[1], 16), sys.maxunicode)).encode(errors="replace").decode()


def rules_of(node: lxml_html.HtmlElement, rules: SheetRules) -> Iterator[Selector]:
    """The rules of a page's style sheets that speak of an element."""
    for key in (str(node.tag), "*", *class_names(node)):
        yield from (rule for rule in rules.get(key, ()) if selects(node, rule.parts))


def _writes_nothing(style: Style) -> bool:
    return hides(style) or are_veiled(style, False) or are_tiny(style, False)


def _declared(style: str) -> Style:
    parts = (said.partition(":") for said in style.split(";"))
    return {name: value for name, colon, value in parts if colon}


def _packed(style: str) -> str:
    """A style without the spaces that do not count."""
    return re.sub(r"\s*([:;,()/!])\s*", r"\1", " ".join(COMMENT.sub("", style).split())).lower()
