"""Which elements of a web page the eye reads: by their tag, their own style, and the page's style sheets."""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import html as lxml_html

from xlcheck.importing.normal_text import UNREADABLE
from xlcheck.importing.readers.selectors import Compound, class_names, compounds, selects, weight

STRUCK = frozenset(("del", "s", "strike", "rt", "rp"))
MEDIA = re.compile(r"@media([^{}]*)\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}")
ELSEWHERE = re.compile(r"print|speech|max-(?:device-)?width")  # what only paper or a narrow screen shows
RULE, COMMENT = re.compile(r"([^{}]+)\{([^{}]*)\}"), re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
CONTENT = re.compile(r"""(?:^|;)content:((?:"[^"]*"|'[^']*'|attr\([\w-]+\)|counter\([^)]*\)|[^;])*)""")
WRITTEN = re.compile(r"""["']([^"']*)["']|attr\(([\w-]+)\)|(counter)""")  # text, an attribute, a count
ESCAPED = re.compile(r"\\([0-9a-f]{1,6})\s?")
SIDE = re.compile(r"::?(before|after)\s*$")
COMMA = re.compile(r",(?![^(\[]*[)\]])")  # none within brackets
IMPORTANT = "!important"
WHITE, CLEAR = "white", "transparent"
NEARLY_WHITE = 240  # of 255 in each colour
LONGEST, MOST = 200_000, 3000  # letters of style sheets and rules of theirs that are looked at
HIDING = re.compile(  # a declaration of one of these leaves nothing to read
    r"display:none|visibility:(?:hidden|collapse)|text-decoration(?:-line)?:[^;]*line-through"
    r"|(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|$)(?=.*overflow(?:-[xy])?:hidden)"
    r"|overflow(?:-[xy])?:hidden.*;(?:max-)?(?:height|width):0(?:px)?(?:;|$)"
    r"|(?:^|;)opacity:0(?:\.0+)?(?:;|$|!)|font-size:(?:0(?:\.0+)?[a-z%]*|[01](?:\.\d+)?p[xt])(?:;|$|!)|(?:^|;)(?:left|top|text-indent):-\d{3,}|clip:rect\(0"
    r"|clip-path:inset\((?:50|100)%|transform:scale[xy]?\(0(?:\.0+)?[,)]"
)
COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
GROUND = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;!]+)")
PICTURE = re.compile(
    r"url\([^()]*\)(?:no-repeat|repeat(?:-[xy])?|center|left|right|top|bottom|fixed|scroll|/|cover|contain)*"
)
LOOKS = re.compile(  # all that those above and below speak of
    r"(?:^|;)(?:display|visibility|text-|(?:max-)?(?:height|width)|overflow|opacity|font-size|left|top|clip|transform"
    r"|color|background|vertical-align|content)"
)
OUTER = ("inherit", "initial", "unset", "none", "currentcolor")  # says nothing of its own
VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+)")
RAISED = re.compile(r"vertical-align:(?:su[bp]|text-top|-?\d)")


class Selector(NamedTuple):
    """What a selector says of its elements; ``side`` is before or after for words the style sheet writes."""

    parts: tuple[Compound, ...]
    style: str
    side: str = ""
    order: int = 0


class Visibility(NamedTuple):
    """How letters look where they stand: hidden, raised or lowered as a note's mark, coloured."""

    hidden: bool = False
    raised: bool = False
    colour: str = ""
    ground: str = WHITE

    @property
    def unseen(self) -> bool:
        return self.hidden or self.colour in (CLEAR, self.ground)


SheetRules = Mapping[str, tuple[Selector, ...]]  # by the last tag, class or id that must be there


def sheet_rules(root: lxml_html.HtmlElement) -> SheetRules:
    """The rules of a page's own style sheets that may hide something."""
    sheets = (one.text or "" for one in root.iter("style") if not ELSEWHERE.search(one.get("media") or ""))
    text = COMMENT.sub("", "".join(sheets)[:LONGEST])
    text = MEDIA.sub(lambda media: "" if ELSEWHERE.search(media[1]) else media[2], text)
    known = dict(VARIABLE.findall(text))
    text = re.sub(r"var\(\s*(--[\w-]+)[^()]*\)", lambda name: known.get(name[1], ""), text)
    found: dict[str, list[Selector]] = {}
    for number, (selectors, said) in enumerate(RULE.findall(text)):
        style = _packed(said)
        if number > MOST or not LOOKS.search(style):
            continue
        for selector in COMMA.split(selectors):
            side = SIDE.search(selector)
            if parts := compounds(selector[: side.start()] if side else selector):
                names = (name for name in parts[-1].names if name[0] in ".#")
                key = min(names, default=parts[-1].tag)
                found.setdefault(key, []).append(Selector(parts, style, side[1] if side else "", number))
    return {key: tuple(rules) for key, rules in found.items()}


def visibility_of(node: lxml_html.HtmlElement, rules: SheetRules, outer: Visibility) -> Visibility:
    """How the letters right under an element look, those around it looking as ``outer`` says."""
    style = style_of(node, rules)
    hidden = node.tag in STRUCK or node.get("hidden") is not None
    to_note = node.tag == "a" and (node.get("href") or "").startswith("#") and node.get("href") != "#"
    raised = outer.raised or node.tag in ("sup", "sub") or to_note
    colour = _colour(node.get("color"), outer.colour)
    ground = _colour(node.get("bgcolor"), outer.ground)
    hidden |= bool(HIDING.search(style))
    raised |= bool(RAISED.search(style))
    for said in COLOUR.findall(style):
        colour = _colour(said, colour)
    for said in GROUND.findall(style):
        ground = _colour(PICTURE.sub("", said) or said, ground)  # letters on a picture alone are seen
    return Visibility(outer.hidden or hidden, raised, colour, ground if ground != CLEAR else outer.ground)


def style_of(node: lxml_html.HtmlElement, rules: SheetRules) -> str:
    """What style sheets and an element's own style come to: of each property the last and strongest."""
    mine = sorted((rule for rule in rules_of(node, rules) if not rule.side), key=_strength)
    found: dict[str, str] = {}
    for said in ";".join((*(rule.style for rule in mine), _packed(node.get("style") or ""))).split(";"):
        name, colon, value = said.partition(":")
        name = name.removesuffix("-line")
        if colon and (IMPORTANT in value or IMPORTANT not in found.get(name, "")):
            found.pop(name, None)  # what is said last stands last
            found[name] = value
    return ";".join(f"{name}:{value}" for name, value in found.items())


def _strength(rule: Selector) -> tuple[tuple[int, int], int]:
    return weight(rule.parts), rule.order


def _colour(said: str | None, outer: str) -> str:
    """A colour in one spelling, nearly white as white; ``outer`` where none is said."""
    words = _packed(said or "")
    if not words or words in OUTER:
        return outer
    if words == CLEAR or re.fullmatch(r"rgba\([^()]*,0(?:\.0+)?\)", words):
        return CLEAR
    if short := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", words):
        words = "#" + "".join(2 * sign for sign in short.groups())
    if long := re.fullmatch(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", words):
        parts = [int(part, 16) for part in long.groups()]
    elif rgb := re.match(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})", words):
        parts = [min(int(part), 255) for part in rgb.groups()]
    else:
        return words
    return WHITE if min(parts) >= NEARLY_WHITE else "#" + "".join(f"{part:02x}" for part in parts)


def written_beside(node: lxml_html.HtmlElement, rules: SheetRules, side: str) -> str:
    """What a style sheet writes before or after an element's words but ornament; a count is unreadable."""
    styles = [rule.style for rule in rules_of(node, rules) if rule.side == side]
    contents = [found[1] for style in styles if not HIDING.search(style) and (found := CONTENT.search(style))]
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


def _packed(style: str) -> str:
    return re.sub(r"\s", "", style).lower()
