"""Which elements of a web page the eye reads: by their tag, their own style, and the page's style sheets."""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

from xlcheck.importing.normal_text import UNREADABLE

STRUCK = frozenset(("del", "s", "strike", "rt", "rp"))
MEDIA = re.compile(r"@media([^{}]*)\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}")
ELSEWHERE = re.compile(r"print|speech|max-(?:device-)?width")  # what only paper or a narrow screen shows
RULE, COMMENT = re.compile(r"([^{}]+)\{([^{}]*)\}"), re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
CONTENT = re.compile(r"""(?:^|;)content:((?:"[^"]*"|'[^']*'|attr\([\w-]+\)|counter\([^)]*\)|[^;])*)""")
WRITTEN = re.compile(r"""["']([^"']*)["']|attr\(([\w-]+)\)|(counter)""")  # text, an attribute, a count
ESCAPED = re.compile(r"\\([0-9a-f]{1,6})\s?")
SIDE = re.compile(r"::?(before|after)\s*$")
COMPOUND = re.compile(r"([\w-]+|\*)?((?:[.#][\w-]+)*)")
WHITE, CLEAR = "white", "transparent"
NEARLY_WHITE = 240  # of 255 in each colour
LONGEST, MOST = 200_000, 3000  # letters of style sheets and rules of theirs that are looked at
HIDING = re.compile(  # a declaration of one of these leaves nothing to read
    r"display:none|visibility:(?:hidden|collapse)|text-decoration(?:-line)?:[^;]*line-through"
    r"|(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|$)(?=.*overflow(?:-[xy])?:hidden)"
    r"|overflow(?:-[xy])?:hidden.*;(?:max-)?(?:height|width):0(?:px)?(?:;|$)"
    r"|(?:^|;)opacity:0(?:\.0+)?(?:;|$|!)|font-size:0|(?:left|top|text-indent):-\d{3,}|clip:rect\(0"
    r"|clip-path:inset\((?:50|100)%|transform:scale[xy]?\(0(?:\.0+)?[,)]"
)
COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
GROUND = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;!]+)")
OUTER = ("inherit", "initial", "unset", "none", "currentcolor")  # says nothing of its own
VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+)")
RAISED = re.compile(r"vertical-align:(?:su[bp]|text-top|-?\d)")


class Selector(NamedTuple):
    """The end of a selector, and what must lie around it: a tag and names of classes and ids each.

    ``side`` is before or after for what a style sheet writes itself beside an element's words.
    """

    steps: tuple[tuple[str, frozenset[str]], ...]
    style: str
    side: str = ""


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
        if number > MOST or not any(p.search(style) for p in (HIDING, COLOUR, GROUND, RAISED, CONTENT)):
            continue
        for selector in selectors.split(","):
            side = SIDE.search(selector)
            if steps := _steps(selector[: side.start()] if side else selector):
                key = min(steps[-1][1], default=steps[-1][0])
                found.setdefault(key, []).append(Selector(steps, style, side[1] if side else ""))
    return {key: tuple(rules) for key, rules in found.items()}


def visibility_of(node: lxml_html.HtmlElement, rules: SheetRules, outer: Visibility) -> Visibility:
    """How the letters right under an element look, those around it looking as ``outer`` says."""
    styles = [
        *(rule.style for rule in rules_of(node, rules) if not rule.side),
        _packed(node.get("style") or ""),
    ]
    hidden = node.tag in STRUCK or node.get("hidden") is not None
    to_note = node.tag == "a" and (node.get("href") or "").startswith("#") and node.get("href") != "#"
    raised = outer.raised or node.tag in ("sup", "sub") or to_note
    colour = _colour(node.get("color"), outer.colour)
    ground = _colour(node.get("bgcolor"), outer.ground)
    for style in filter(None, styles):
        hidden |= bool(HIDING.search(style))
        raised |= bool(RAISED.search(style))
        colour = _colour(found[1], colour) if (found := COLOUR.search(style)) else colour
        ground = _colour(found[1], ground) if (found := GROUND.search(style)) else ground
    return Visibility(outer.hidden or hidden, raised, colour, ground if ground != CLEAR else outer.ground)


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
    for key in (str(node.tag), "*", *_names(node)):
        yield from (rule for rule in rules.get(key, ()) if _fits(node, rule.steps))


def _packed(style: str) -> str:
    return re.sub(r"\s", "", style).lower()


def _steps(selector: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """A selector of tags, classes and ids, one within another; nothing for any other kind."""
    steps = []
    for part in re.sub(r"\s*>\s*", " ", selector.strip()).split():
        found = COMPOUND.fullmatch(part)
        if not found:
            return ()
        names = frozenset(re.findall(r"[.#][\w-]+", found[2]))
        steps.append(((found[1] or "*").lower(), names))
    return tuple(steps)


def _names(node: etree._Element) -> frozenset[str]:
    classes = {f".{name}" for name in (node.get("class") or "").split()}
    return frozenset(classes | {f"#{node.get('id')}"})


def _fits(node: etree._Element, steps: tuple[tuple[str, frozenset[str]], ...]) -> bool:
    """Whether an element is what the last step says, and what lies around it what the others say."""
    (tag, names), around = steps[-1], steps[:-1]
    if tag not in ("*", node.tag) or not names <= _names(node):
        return False
    above = node.getparent()
    while around and above is not None:
        if around[-1][0] in ("*", above.tag) and around[-1][1] <= _names(above):
            around = around[:-1]
        above = above.getparent()
    return not around
