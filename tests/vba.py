"""Follow the name and the path of workbooks through the text of VBA modules to what starts programs.

Each line is taken, whatever its condition and its order, and each argument for all of a procedure's
parameters: so it may tell too much. What is handed back through an argument is not followed.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

NAMED = re.compile(r"\b(?!Application\b)\w+\.(?:FullName|FullNameURLEncoded|Path|Name)\b", re.I)
STARTS = re.compile(
    r"\b(?:WScript\.(?:Run|Exec)|Shell|ShellExecute|AppleScriptTask|MacScript|system|XLPyDLLActivateAuto)\b",
    re.I,
)
PROCEDURE = re.compile(
    r"^(?:Public |Private |Friend )?(?:Static )?(?:Sub|Function|Property \w+) (\w+) ?(\(.*)", re.I
)
SET = re.compile(
    r"^(?:Set |Let |For Each |For |Const )*([\w.]+)(?:\([^=]*\))?(?: As \w+)? (?:=|In) (.*)$", re.I
)
STRING = re.compile(r'"(?:[^"\r\n]|"")*"')


class Procedure(NamedTuple):
    name: str
    parameters: list[str]
    statements: list[str]


def reached(text: str, *, mac: bool) -> set[str]:
    """The statements, strings left out, that give a workbook's name or path to what starts a program."""
    made = {one.name: one for one in procedures(compiled(text, mac))}
    known: set[tuple[str, str]] = set()  # procedure and variable; a function by its own name in itself
    before = -1
    while len(known) > before:
        before = len(known)
        for one in made.values():
            for statement in one.statements:
                known |= set(carried(one, statement, made, known))
    return {
        statement
        for one in made.values()
        for statement in one.statements
        if (start := STARTS.search(statement)) and holds(one, statement[start.start() :], known)
    }


def carried(
    here: Procedure, statement: str, made: dict[str, Procedure], known: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """What a statement hands on: to the variable it sets, and to the procedures it calls."""
    if (found := SET.match(statement)) and holds(here, found[2], known):
        yield here.name, found[1].lower()
    for call in re.finditer(r"\b(\w+)\b(?=[ (])", statement):
        other = made.get(call[1].lower())
        if other and holds(here, arguments(statement[call.end() :]), known):
            yield from ((other.name, parameter) for parameter in other.parameters)


def arguments(rest: str) -> str:
    """What stands between the brackets behind a name, else all behind it."""
    depth = 0
    for at, sign in enumerate(rest):
        depth += (sign == "(") - (sign == ")")
        if rest.startswith("(") and not depth:
            return rest[1:at]
    return rest


def holds(here: Procedure, expression: str, known: set[tuple[str, str]]) -> bool:
    words = {word.lower() for word in re.findall(r"\b\w+\b", expression)}
    return bool(NAMED.search(expression)) or any(
        (here.name, word) in known or (word, word) in known for word in words
    )


# ---------------------------------------------------------------- the text
def procedures(lines: list[str]) -> Iterator[Procedure]:
    name, parameters, statements = "", list[str](), list[str]()
    for line in lines:
        if found := PROCEDURE.match(line):
            name, statements = found[1].lower(), []
            given = arguments(found[2]).split(",")
            words = (re.sub(r"^(?:Optional |ByVal |ByRef |ParamArray )*", "", one.strip()) for one in given)
            parameters = [word.split(" ")[0].lower() for word in words if word]
        elif re.match(r"End (?:Sub|Function|Property)\b", line, re.I):
            yield Procedure(name, parameters, statements)
        elif name and not line.startswith("Dim "):
            condition = re.match(r"(?:Else)?If (.*?) Then ?(.*)", line, re.I)
            statements += [part for part in condition.groups() if part] if condition else [line]


def compiled(text: str, mac: bool) -> list[str]:
    """The statements that are compiled on a system; strings, comments and `If False` blocks are left out."""
    text = re.sub(r" _\r?\n", " ", STRING.sub('""', _application(text)))
    lines = [line.partition("'")[0].strip() for line in text.splitlines()]
    facts = dict.fromkeys(("VBA7", "Win64", "MAC_OFFICE_VERSION >= 15", "Excel"), True)
    facts |= {"Mac": mac, "Not Mac": not mac}
    kept, taken, dead = [], [True], 0
    for line in lines:
        words = line.removesuffix(" Then").partition(" ")
        match words[0]:
            case "#If":
                taken.append(facts.get(words[2], False))
            case "#ElseIf" | "#Else":
                # an earlier branch that was taken leaves the others out
                taken[-1] = not taken[-1] and (words[0] == "#Else" or facts.get(words[2], False))
            case "#End":
                taken.pop()
            case _ if all(taken) and line and not line.startswith("#"):
                opens = line.startswith("If ") and line.endswith(" Then")
                dead += opens and (dead > 0 or line == "If False Then")
                if not dead:
                    kept.append(line)
                dead -= dead > 0 and line == "End If"
    return kept


def _application(text: str) -> str:
    """Which program it is compiled for is asked by a string."""
    return text.replace('App = "Microsoft Excel"', "Excel")
