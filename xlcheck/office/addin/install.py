"""The add-ins on this computer: build them, put them in, take them out, and say how they stand."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from xlcheck.data.addin import addin
from xlcheck.editions import Refused
from xlcheck.office.addin.activated import lend_bridge, take_bridge_back
from xlcheck.office.addin.extension import (
    add_extension,
    extension,
    is_registered,
    remove_extension,
    unpacked_extension,
)
from xlcheck.office.addin.machine import Machine, Office, find_excel, find_office, this_machine
from xlcheck.office.addin.macrobook import applescript, macro_book, settings
from xlcheck.office.addin.sources import versions
from xlcheck.saving import atomically

Print = Callable[[str], object]

DONE, AMISS = 0, 1


class Installed(NamedTuple):
    """One add-in as it lies on this computer."""

    program: str
    path: Path
    facts: Mapping[str, str]  # interpreter, xlcheck, xlwings; empty where it is not installed
    registered: bool = True  # whether the program itself knows of it


def run_addin(action: str, out: Path, tell: Print, machine: Machine | None = None) -> int:
    """Do what ``xlcheck addin ACTION`` asks; 0 for done, 1 where ``status`` finds something amiss."""
    machine = machine or this_machine()
    match action:
        case "build":
            return build_addins(out, tell)
        case "install":
            return install(machine, tell)
        case "uninstall":
            return uninstall(machine, tell)
    return show_status(machine, tell)


def addin_files(out: Path) -> tuple[Path, ...]:
    """What ``build`` writes into a folder."""
    files = addin().files
    return out / files.xlam, out / files.xlsm, out / files.oxt


def build_addins(out: Path, tell: Print) -> int:
    """Write the three add-ins for any computer; each time the same bytes."""
    made = macro_book(".xlam"), macro_book(".xlsm"), extension()
    for path, content in zip(addin_files(out), made, strict=True):
        _put(path, content)
        tell(addin().say.built.format(path=path))
    return DONE


# ---------------------------------------------------------------- install
def install(machine: Machine, tell: Print) -> int:
    """Put the buttons into every program found here; Refused where there is none."""
    wanted, there, say = _for_excel(machine), find_office(machine), addin().say
    if not wanted and there is None:
        raise Refused(addin().say.nothing_here)
    for path, content in wanted.items():
        new = not path.exists() or path.read_bytes() != content
        if new:
            _put(path, content)
        tell((say.put if new else say.same).format(path=path))
    tell(say.excel_ready if wanted else say.no_excel)
    if there is None:
        tell(addin().say.no_office)
    else:
        _into_office(there, machine, tell)
    tell(addin().say.interpreter.format(interpreter=machine.interpreter))
    tell(addin().say.undo)
    return DONE


def _for_excel(machine: Machine) -> dict[Path, bytes]:
    """Which files Excel needs, and what is in them; none where there is no Excel."""
    there, files = find_excel(machine), addin().files
    if there is None:
        return {}
    wanted = {there.start / files.xlam: macro_book(".xlam", machine.interpreter)}
    if there.scripts:
        wanted[there.scripts / files.script] = applescript().encode()
    return wanted


def _into_office(there: Office, machine: Machine, tell: Print) -> None:
    content, lent = extension(machine.interpreter), lend_bridge(there, machine)
    kept = machine.home / addin().files.kept  # so that a second install need not start half an office
    layer = there.shared if machine.root else there.own
    same = kept.exists() and kept.read_bytes() == content and unpacked_extension(layer)
    if same and is_registered(there, machine, shared=machine.root):
        tell(addin().say.office_same.format(unopkg=there.unopkg))
        return
    _put(kept, content)
    add_extension(there, machine, kept)
    ready = addin().say.office_shared if machine.root else addin().say.office_ready
    tell(ready.format(unopkg=there.unopkg))
    if "VIRTUAL_ENV" in machine.environ and machine.system == "linux":
        tell(addin().say.activated_here if lent else addin().say.activated)


# ---------------------------------------------------------------- status and uninstall
def show_status(machine: Machine, tell: Print) -> int:
    """Say what is installed, which Python it starts, and whether it is of the version at hand."""
    found, say = [(one, _lacks(one)) for one in _installed(machine)], addin().say
    for one, lacks in found:
        sentence = lacks or say.well
        tell(sentence.format(program=one.program, path=one.path, **_versions_beside(one)))
    if not found:
        tell(say.nothing_here)
    return DONE if found and not any(lacks for _, lacks in found) else AMISS


def _installed(machine: Machine) -> list[Installed]:
    """Every program that could have the button, and what of ours is in it."""
    names, there, libre, found = addin().programs, find_excel(machine), find_office(machine), []
    if there:
        path = there.start / addin().files.xlam
        kept = {name.removesuffix("_VERSION").lower(): fact for name, fact in settings(path).items()}
        interpreter = kept.get("interpreter_mac" if machine.system == "darwin" else "interpreter_win", "")
        found.append(Installed(names.excel, path, {**kept, "interpreter": interpreter} if kept else {}))
    if libre:
        own = None if machine.root else unpacked_extension(libre.own)
        folder = own or unpacked_extension(libre.shared)
        facts = json.loads((folder / "button.json").read_text("utf-8")) if folder else {}
        known = folder is None or is_registered(libre, machine, shared=own is None)
        found.append(Installed(names.office, libre.unopkg, facts, known))
    return found


def _lacks(one: Installed) -> str:
    """What is amiss with an add-in, as the sentence for it; nothing where all is well."""
    say = addin().say
    if not one.facts:
        return say.absent
    if not one.registered:
        return say.unregistered
    if not Path(one.facts["interpreter"]).is_file():
        return say.no_interpreter
    same = all(one.facts.get(name) == version for name, version in versions().items())
    return "" if same else say.other_version


def _versions_beside(one: Installed) -> dict[str, str]:
    have, now = one.facts, versions()
    return {
        "interpreter": have.get("interpreter", ""),
        "have": f"xlcheck {have.get('xlcheck')} / xlwings {have.get('xlwings')}",
        "now": f"xlcheck {now['xlcheck']} / xlwings {now['xlwings']}",
    }


def uninstall(machine: Machine, tell: Print) -> int:
    """Take out exactly what ``install`` put in; what is not there is no error, what only root may is told."""
    there, files, say, gone = find_excel(machine), addin().files, addin().say, []
    paths = [there.start / files.xlam] if there else []
    paths += [there.scripts / files.script] if there and there.scripts else []
    libre = find_office(machine)
    if libre and unpacked_extension(libre.shared if machine.root else libre.own):
        remove_extension(libre, machine)
        gone.append(say.office_gone.format(unopkg=libre.unopkg))
    take_bridge_back(machine)
    for path in (*paths, machine.home / files.kept):
        if path.exists():
            _remove(path)
            gone.append(say.removed.format(path=path))
    left = libre is not None and unpacked_extension(libre.shared) is not None
    if libre and left:
        gone.append(say.office_for_all.format(unopkg=libre.unopkg))
    for line in gone or [say.nothing_there]:
        tell(line)
    return AMISS if left else DONE


# ---------------------------------------------------------------- the world
def _put(path: Path, content: bytes) -> None:
    try:
        atomically(path, lambda to: to.write_bytes(content))
    except PermissionError as wrong:
        raise Refused(addin().say.in_use.format(path=path)) from wrong


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError as wrong:
        raise Refused(addin().say.in_use.format(path=path)) from wrong
