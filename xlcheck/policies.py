"""A county's own policy, read from its file; whatever is wrong in it is a sentence with its line and key."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from xlcheck.data.messages import KindOfValue, PolicySentences, messages
from xlcheck.data.policy import (
    AlikeShares,
    DueDay,
    FullScore,
    PointItem,
    Policy,
    Reminding,
    WantedContent,
    policy,
)
from xlcheck.data.rules import Rule
from xlcheck.editions import Refused, ordinary, reason, rulebook

S = TypeVar("S")
MOST = 100_000  # letters of a policy; the README's has some 600
LONGEST = 4_000  # letters of a line: Python's reader keeps every beginning of a name that has dots, a.b.c


def read_policy(path: Path) -> Policy:
    """Read a county's policy; Refused names the line, the key, what stands there, and what to do."""
    text, raw = _policy_file(path)
    say = messages().policy
    if strange := [key for key in raw if key not in Policy._fields]:
        raise Refused(say.unknown.format(where=text.where(strange[0]), key=strange[0]))
    known = {rule.id: rule for rule in rulebook().rule}
    return Policy(
        _day(text, raw, "due") or policy().due,
        _severity(text, raw.get("severity", {}), known),
        _day(text, raw, "published"),
        _share(text, _one(text, raw, "alike", AlikeShares)),
        _contents(text, _several(text, raw, "content", WantedContent)),
        _one(text, raw, "score", FullScore),
        _points(text, _several(text, raw, "point", PointItem), known),
    )


class PolicyText(NamedTuple):
    """The file as it is written, to say where something stands in it."""

    file: str
    lines: Sequence[str]

    def where(self, table: str, key: str = "", n: int = 0) -> str:
        """The line of a table, or of a key in it, in the ``n``-th of several tables of that name."""
        heads = [at for at, line in enumerate(self.lines, 1) if re.match(rf"\s*\[+\s*{table}\s*\]", line)]
        first = heads[n] if n < len(heads) else 1
        last = next((at - 1 for at in self._heads() if at > first), len(self.lines))
        written = re.compile(rf"(?<![\w.]){re.escape(key or table)}[\"']?\s*[=\].]")
        inside = (at for at in range(first, last + 1) if key and written.search(self.lines[at - 1]))
        anywhere = (at for at, line in enumerate(self.lines, 1) if written.search(line))
        line = next(inside, heads[n] if n < len(heads) else next(anywhere, 1))
        return messages().policy.where.format(file=self.file, line=line)

    def _heads(self) -> Iterable[int]:
        return (at for at, line in enumerate(self.lines, 1) if re.match(r"\s*\[", line))


def _policy_file(path: Path) -> tuple[PolicyText, dict[str, Any]]:
    import tomllib

    say = messages().policy
    try:
        # some editors put a mark before the first letter
        with ordinary(path).open(encoding="utf-8-sig") as file:
            text = file.read(MOST + 1)
        lines = text.splitlines()
        if len(text) > MOST or max(map(len, lines), default=0) > LONGEST:
            raise Refused(say.immoderate.format(file=path.name))
        return PolicyText(path.name, lines), tomllib.loads(text, parse_float=Decimal)
    except FileNotFoundError:
        raise Refused(messages().no_file.format(file=path)) from None
    except OSError as wrong:
        raise Refused(messages().no_access.format(file=path, reason=reason(wrong))) from None
    except tomllib.TOMLDecodeError as wrong:
        line = re.search(r"line (\d+)", str(wrong))
        where = say.where.format(file=path.name, line=line[1]) if line else say.at_end.format(file=path.name)
        raise Refused(say.spelling.format(where=where)) from None
    except UnicodeDecodeError:
        raise Refused(say.not_text.format(file=path.name)) from None
    except (RecursionError, ArithmeticError):  # lists in lists; a power beyond any Decimal
        raise Refused(say.immoderate.format(file=path.name)) from None


# ---------------------------------------------------------------- days and reminders


def _day(text: PolicyText, raw: Mapping[str, Any], table: str) -> DueDay | None:
    if table not in raw:
        return None
    given = raw[table]
    if isinstance(given, dict) and given.keys() == set(DueDay._fields) and _is_day(given):
        return DueDay(**given)
    raise Refused(messages().policy.due.format(where=text.where(table), table=table))


def _is_day(due: Mapping[str, object]) -> bool:
    return all(type(part) is int for part in due.values()) and DueDay(**due).exists  # type: ignore[arg-type]


def _severity(text: PolicyText, given: object, known: Mapping[str, Rule]) -> Mapping[str, Reminding]:
    say = messages().policy
    if not isinstance(given, dict):
        raise Refused(say.table.format(where=text.where("severity")))
    for name, word in given.items():
        if wrong := _refusal(known.get(name), word):
            title = known[name].title if name in known else ""
            where = text.where("severity", name)
            raise Refused(wrong.format(where=where, rule=name, word=word, title=title))
    return given


def _refusal(rule: Rule | None, word: object) -> str:
    """The sentence that says why a policy may not have this word for this rule; empty where it may."""
    say = messages().policy
    if rule is None:
        return say.no_rule
    if rule.severity == "error":
        return say.error
    return "" if word in get_args(Reminding) else say.word


# ---------------------------------------------------------------- what a county asks, and its points


def _share(text: PolicyText, alike: AlikeShares | None) -> AlikeShares | None:
    if alike and not 0 < alike.last <= 1:
        raise Refused(messages().policy.share.format(where=text.where("alike", "last"), found=alike.last))
    return alike


def _contents(text: PolicyText, contents: tuple[WantedContent, ...]) -> tuple[WantedContent, ...]:
    for n, one in enumerate(contents):
        if not (one.words and all(word.strip() for word in one.words)):
            raise Refused(messages().policy.no_words.format(where=text.where("content", "words", n)))
    return contents


def _points(
    text: PolicyText, items: tuple[PointItem, ...], known: Mapping[str, Rule]
) -> tuple[PointItem, ...]:
    """The items whose parts fit one another: rules where rules count, points where no person gives them."""
    say = messages().policy
    names = [item.name for item in items]
    for n, item in enumerate(items):
        if item.name in names[:n]:
            raise Refused(say.twice.format(where=text.where("point", "name", n), name=item.name))
        if strange := [rule for rule in item.rules if rule not in known]:
            where, rule = text.where("point", "rules", n), strange[0]
            raise Refused(say.no_rule.format(where=where, rule=rule, title="", word=""))
        if (item.on == "rules") > bool(item.rules) or (item.on == "by_hand" and item.rules):
            raise Refused(say.rules_of.format(where=text.where("point", "on", n), name=item.name))
        if (item.on == "by_hand") != (item.points == 0):
            raise Refused(say.points_of.format(where=text.where("point", "points", n), name=item.name))
        if item.most < 0:
            raise Refused(say.most.format(where=text.where("point", "most", n), name=item.name))
    return items


def _one(text: PolicyText, raw: Mapping[str, Any], table: str, shape: type[S]) -> S | None:
    return _fitted(text, raw[table], shape, table) if table in raw else None


def _several(text: PolicyText, raw: Mapping[str, Any], table: str, shape: type[S]) -> tuple[S, ...]:
    given = raw.get(table, [])
    if not isinstance(given, list):
        raise Refused(messages().policy.several.format(where=text.where(table), table=table))
    return tuple(_fitted(text, one, shape, table, n) for n, one in enumerate(given))


def _fitted(text: PolicyText, given: object, shape: type[S], table: str, n: int = 0) -> S:
    """One table as its shape; Refused for a key that is strange or missing, a value of another kind."""
    say, hints = messages().policy, get_type_hints(shape)
    if not isinstance(given, dict):
        raise Refused(say.no_table.format(where=text.where(table), table=table))
    names = {"table": table, "known": messages().comma.join(hints)}
    for key in given.keys() - hints.keys():
        raise Refused(say.key.format(where=text.where(table, key, n), key=key, **names))
    lacking = [key for key in hints if key not in given and key not in shape._field_defaults]  # type: ignore[attr-defined]
    for key in lacking:
        raise Refused(say.lacking.format(where=text.where(table, "", n), key=key, table=table))
    return shape(**{key: _value(text.where(table, key, n), key, given[key], hints[key]) for key in given})


def _value(where: str, key: str, given: object, kind: Any) -> object:
    """A value of the kind that its key has."""
    say: PolicySentences = messages().policy
    if get_origin(kind) is Literal:
        if given not in get_args(kind):
            known = messages().comma.join(get_args(kind))
            raise Refused(say.choice.format(where=where, key=key, found=given, known=known))
        return given
    name, fits = KINDS[kind]
    if not fits(given):
        raise Refused(say.value[name].format(where=where, key=key, found=given))
    if kind is Decimal:
        return Decimal(given)  # type: ignore[arg-type]
    return tuple(given) if isinstance(given, list) else given


def _is_words(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


KINDS: Mapping[Any, tuple[KindOfValue, Any]] = {
    str: ("text", lambda given: isinstance(given, str) and bool(given.strip())),
    bool: ("yes", lambda given: isinstance(given, bool)),
    Decimal: ("number", lambda given: type(given) in (int, Decimal) and Decimal(given).is_finite()),
    tuple[str, ...]: ("words", _is_words),
}
