"""Which elements of a web page a selector of its style sheets speaks of."""

import re
from typing import NamedTuple

from lxml import etree

NAME = r"[.#][\w-]+|\[[^\]]*\]|::?[\w-]+(?:\([^()]*\))?"
COMPOUND = re.compile(rf"([\w-]+|\*)?((?:{NAME})*)")
JOINT = re.compile(r"\s*([>+~])\s*|\s+")
ATTRIBUTE = re.compile(r"""\[\s*([\w-]+)\s*(?:([~|^$*]?)=\s*["']?(.*?)["']?\s*(?:\s[isIS])?)?\]""")
STEP = re.compile(r"([+-]?\d*)n(?:([+-]\d+))?|([+-]?\d+)")  # 2n+1, or 3
WORDS = {"odd": "2n+1", "even": "2n"}
ALONE = {  # each as the count from the front and from the back must be
    "first": "^1 ", "last": " 1$", "only": "^1 1$",
}  # fmt: skip


class Compound(NamedTuple):
    """A tag and what else an element must be, and how it lies to the one before: within it, beside it."""

    joint: str
    tag: str
    names: frozenset[str]


def compounds(selector: str) -> tuple[Compound, ...]:
    """The parts of a selector; nothing for one that cannot be understood."""
    found: list[Compound] = []
    text, at, joint = selector.strip(), 0, ""
    while at < len(text):
        part = COMPOUND.match(text, at)
        if not part or part.end() == at:
            return ()
        names = frozenset(re.findall(NAME, part[2]))
        found.append(Compound(joint, (part[1] or "*").lower(), names))
        gap = JOINT.match(text, part.end())
        at, joint = (gap.end(), gap[1] or " ") if gap else (part.end(), "")
        if not gap and at < len(text):
            return ()
    return tuple(found)


def weight(parts: tuple[Compound, ...]) -> tuple[int, int]:
    """What decides between two rules of one element: names of ids, then all other names."""
    names = [name for part in parts for name in part.names]
    return sum(name.startswith("#") for name in names), len(names)


def selects(node: etree._Element, parts: tuple[Compound, ...]) -> bool:
    """Whether an element is what the last part says, and those around it what the others say."""
    if not _is(node, parts[-1]):
        return False
    rest = parts[:-1]
    if not rest:
        return True
    match parts[-1].joint:
        case ">":
            around = list(node.iterancestors())[:1]
        case "+":
            around = list(node.itersiblings("*", preceding=True))[:1]
        case "~":
            around = list(node.itersiblings("*", preceding=True))
        case _:
            around = list(node.iterancestors())
    return any(selects(one, rest) for one in around)


def class_names(node: etree._Element) -> frozenset[str]:
    classes = {f".{name}" for name in (node.get("class") or "").split()}
    return frozenset(classes | {f"#{node.get('id')}"})


def _is(node: etree._Element, part: Compound) -> bool:
    mine = class_names(node)
    return part.tag in ("*", node.tag) and all(
        name in mine if name[0] in ".#" else _has(node, name) if name[0] == "[" else _stands(node, name)
        for name in part.names
    )


def _has(node: etree._Element, name: str) -> bool:
    """Whether an element has an attribute, as it must be."""
    found = ATTRIBUTE.fullmatch(name)
    value = node.get(found[1].lower()) if found else None
    if not found or value is None:
        return False
    match found[2], found[3]:
        case _, None:
            return True
        case "^", wanted:
            return value.startswith(wanted)
        case "$", wanted:
            return value.endswith(wanted)
        case "*", wanted:
            return wanted in value
        case "~", wanted:
            return wanted in value.split()
        case _, wanted:
            return value == wanted


def _stands(node: etree._Element, name: str) -> bool:
    """Whether an element stands among its neighbours as it must; what only a hand on it makes is not so."""
    kind, _, inside = name.lstrip(":").rstrip(")").partition("(")
    which, _, among = kind.partition("-")
    match which:
        case "not":
            return bool(others := _among(inside)) and not any(selects(node, parts) for parts in others)
        case "is" | "where" | "matches":
            return any(selects(node, parts) for parts in _among(inside))
        case "has":
            others = _among(inside.lstrip("> "))
            return any(selects(one, parts) for one in node.iterdescendants("*") for parts in others)
        case "link" | "any":
            return node.tag == "a" and node.get("href") is not None
        case "nth":
            back = among.startswith("last-")
            return _counted(_count(node, among.endswith("type"), back), inside.replace(" ", "").lower())
        case "first" | "last" | "only":
            counts = (_count(node, among.endswith("type"), back) for back in (False, True))
            return bool(re.search(ALONE[which], " ".join(map(str, counts))))
        case _:
            return False


def _among(inside: str) -> list[tuple[Compound, ...]]:
    """The selectors within the brackets of another; none where one cannot be understood."""
    parts = [compounds(one) for one in inside.split(",")]
    return parts if all(parts) else []


def _count(node: etree._Element, alike: bool, back: bool) -> int:
    """How manieth an element is of its neighbours, or of those of its tag."""
    tag = str(node.tag) if alike else "*"
    return 1 + sum(1 for _ in node.itersiblings(tag, preceding=not back))


def _counted(count: int, wanted: str) -> bool:
    found = STEP.fullmatch(WORDS.get(wanted, wanted))
    if not found:
        return False
    if found[3]:
        return count == int(found[3])
    step, first = int(found[1] + "1" if found[1] in ("", "+", "-") else found[1]), int(found[2] or 0)
    return count == first if step == 0 else (count - first) % step == 0 and (count - first) // step >= 0
