"""Where the add-ins go: put in place without administrator rights, told, and taken out again to the file."""

import io
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import office
import pytest
from conftest import not_run

from xlcheck.data.addin import addin
from xlcheck.editions import Refused
from xlcheck.office.addin import install
from xlcheck.office.addin.extension import extension
from xlcheck.office.addin.machine import Machine


def machine(system, home, **environ):
    """A computer of that system below a folder, Excel opened there once."""
    machines = {
        "win32": home / "AppData/Roaming/Microsoft/Excel",
        "darwin": home / "Library/Group Containers/UBF8T346G9.Office",
    }
    if system in machines:
        machines[system].mkdir(parents=True)
    return Machine(system, home, {"PATH": "/nowhere", **environ}, False, sys.executable, str(home))


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


PLACES = {
    "win32": ["AppData/Roaming/Microsoft/Excel/XLSTART/xlcheck.xlam"],
    "darwin": [
        "Library/Application Scripts/com.microsoft.Excel/xlcheck.applescript",
        "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel/"
        "xlcheck.xlam",
    ],
}


@pytest.mark.parametrize("system", PLACES)
def test_excel_gets_its_files_and_loses_them_again(tmp_path, system):
    computer, told = machine(system, tmp_path), []
    (tmp_path / "clerk.txt").write_text("hers")
    before = files(tmp_path)
    assert install.run_addin("status", tmp_path, told.append, computer) == 1
    assert install.run_addin("install", tmp_path, told.append, computer) == 0
    put = files(tmp_path)
    assert sorted(put.keys() - before.keys()) == PLACES[system]
    assert all(str(tmp_path / place) in "".join(told) for place in PLACES[system])
    assert "uninstall" in told[-1]
    assert install.run_addin("install", tmp_path, told.append, computer) == 0
    assert files(tmp_path) == put
    assert install.run_addin("status", tmp_path, told.append, computer) == 0
    assert sys.executable in told[-1]
    assert install.run_addin("uninstall", tmp_path, told.append, computer) == 0
    assert files(tmp_path) == before
    assert install.run_addin("uninstall", tmp_path, told.append, computer) == 0


def test_status_tells_a_lost_interpreter_and_another_version(tmp_path, monkeypatch):
    computer, told = machine("win32", tmp_path), []
    install.run_addin(
        "install", tmp_path, told.append, computer._replace(interpreter=str(tmp_path / "gone.exe"))
    )
    assert install.run_addin("status", tmp_path, told.append, computer) == 1
    assert "gone.exe" in told[-1]
    install.run_addin("install", tmp_path, told.append, computer)
    monkeypatch.setattr(install, "versions", lambda: {"xlcheck": "9.9", "xlwings": "0.99"})
    assert install.run_addin("status", tmp_path, told.append, computer) == 1
    assert "xlcheck 9.9" in told[-1]


def test_appdata_elsewhere_is_found(tmp_path):
    there = tmp_path / "漫游"
    (there / "Microsoft/Excel").mkdir(parents=True)
    computer = machine("win32", tmp_path / "home", APPDATA=str(there))
    install.run_addin("install", tmp_path, lambda _: None, computer)
    assert list(files(there)) == ["Microsoft/Excel/XLSTART/xlcheck.xlam"]


def test_nothing_to_install_into_is_said(tmp_path):
    with pytest.raises(Refused, match="Excel"):
        install.run_addin("install", tmp_path, lambda _: None, machine("linux", tmp_path))
    assert install.run_addin("status", tmp_path, lambda _: None, machine("linux", tmp_path)) == 1


STANDARD = {  # where LibreOffice lies, and its tool for extensions
    "linux": ("opt/libreoffice24.8/program/unopkg", {}),
    "win32": ("Programs/LibreOffice 5/program/unopkg.com", {"PROGRAMFILES": "{home}/Programs"}),
    "darwin": ("Applications/LibreOffice.app/Contents/MacOS/unopkg", {}),
}


@pytest.mark.parametrize("root", [False, True], ids=["user", "root"])
@pytest.mark.parametrize("system", STANDARD)
def test_libreoffice_is_found_in_the_standard_folders(tmp_path, system, root):
    tool, environ = STANDARD[system]
    asked = tmp_path / "asked.txt"
    _tool(tmp_path / tool, f'echo "$@" >> {asked}')
    environ = {name: value.format(home=tmp_path) for name, value in environ.items()}
    computer = machine(system, tmp_path, **environ)._replace(root=root)
    install.run_addin("install", tmp_path, lambda _: None, computer)
    kept = tmp_path / ".xlcheck/xlcheck.oxt"
    shared = "--shared " if root else ""
    assert asked.read_text() == f"add {shared}--force --suppress-license {kept}\n"
    assert kept.read_bytes() == extension(sys.executable)


@pytest.mark.parametrize("answer", ["yes", "no", "unknown"])
def test_a_folder_that_the_office_does_not_know_is_no_installation(tmp_path, answer):
    tool = tmp_path / STANDARD["linux"][0]
    _tool(tool, f'echo "  is registered: yes"; echo "      is registered: {answer}"')
    there = tmp_path / ".config/libreoffice/4/user/uno_packages/cache/uno_packages/lu1.tmp_/xlcheck.oxt"
    there.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(extension(sys.executable))) as package:
        package.extractall(there)
    told = []
    status = install.run_addin("status", tmp_path, told.append, machine("linux", tmp_path))
    assert (status == 0) == (answer == "yes")
    assert ("没有登记" in told[-1]) == (answer != "yes")


def test_whoever_installs_in_an_activated_environment_is_told_where_the_office_crashes(tmp_path):
    _tool(tmp_path / STANDARD["linux"][0], "")
    for environ in ({}, {"VIRTUAL_ENV": "/somewhere/.venv"}):
        told = []
        install.run_addin("install", tmp_path, told.append, machine("linux", tmp_path, **environ))
        assert (addin().say.activated in told) == bool(environ)
        shutil.rmtree(tmp_path / ".xlcheck")


def test_an_environment_that_has_the_buttons_is_lent_the_bridge_and_gives_it_back(tmp_path):
    """The office's own Python takes the environment for its home, and looks for the bridge there."""
    if why := office.missing():
        not_run(why)
    python = "python{}.{}".format(*sys.version_info[:2])
    site = tmp_path / ".venv/lib" / python / "site-packages"
    site.mkdir(parents=True)
    (site.parents[2] / "pyvenv.cfg").touch()
    (site / "uno.py").symlink_to("/nowhere/uno.py")  # of a LibreOffice that was removed
    computer = machine("linux", tmp_path, VIRTUAL_ENV=str(tmp_path / ".venv"))
    computer = computer._replace(interpreter=str(tmp_path / ".venv/bin/python"))
    _tool(tmp_path / STANDARD["linux"][0], "")
    loader = (tmp_path / STANDARD["linux"][0]).with_name("pythonloader.unorc")
    for built_with, lent in (("python2.7", False), (python, True)):
        loader.write_text(f"PYTHONHOME=file:///usr/lib/{built_with}")
        told = []
        install.run_addin("install", tmp_path, told.append, computer)
        assert (site / "uno.py").exists() is (site / "unohelper.py").exists() is lent
        assert (addin().say.activated_here if lent else addin().say.activated) in told
        shutil.rmtree(tmp_path / ".xlcheck")
    (site / "hers.py").touch()
    install.run_addin("uninstall", tmp_path, told.append, computer)
    assert [path.name for path in site.iterdir()] == ["hers.py"]


def test_what_the_tool_says_is_passed_on(tmp_path):
    _tool(tmp_path / STANDARD["linux"][0], "echo ERROR: already running >&2; exit 1")
    with pytest.raises(Refused, match="already running"):
        install.run_addin("install", tmp_path, lambda _: None, machine("linux", tmp_path))


def test_an_installation_that_fails_leaves_nothing_half_done(tmp_path):
    _tool(tmp_path / STANDARD["linux"][0], f'echo "$1" >> {tmp_path}/asked; [ "$1" != add ]')
    with pytest.raises(Refused):
        install.run_addin("install", tmp_path, lambda _: None, machine("linux", tmp_path))
    assert (tmp_path / "asked").read_text(encoding="utf-8").split() == ["add", "remove"]


def test_the_real_tool_installs_for_an_ordinary_user():
    """LibreOffice's own unopkg, as an ordinary user also where the tests run as root."""
    if why := office.missing():
        not_run(why)
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        not_run("there is no setpriv to be an ordinary user with (apt-get install util-linux)")
    with tempfile.TemporaryDirectory(
        prefix="xlcheck-home-"
    ) as name:  # pytest's own folders are closed to others
        _install_for_real(Path(name))


def _install_for_real(home):
    home.chmod(0o777)
    other = "setpriv --reuid=65534 --regid=65534 --clear-groups" if os.geteuid() == 0 else ""
    _tool(home / "opt/libreoffice/program/unopkg", f'exec {other} {office.PROGRAM / "unopkg"} "$@"')
    environ = {"HOME": str(home), "PATH": "/nowhere"}
    computer, told = Machine("linux", home, environ, False, sys.executable, str(home)), []
    install.run_addin("install", home, told.append, computer)
    assert install.run_addin("status", home, told.append, computer) == 0
    assert sys.executable in told[-1]
    install.run_addin("uninstall", home, told.append, computer)
    assert install.run_addin("status", home, told.append, computer) == 1


# Where the package's Python is activated, it is the first on the way to a python3.
ACTIVATED = os.pathsep.join((str(Path(sys.executable).parent), "/nowhere"))


@pytest.mark.parametrize("path", ["/nowhere", ACTIVATED], ids=["plain", "activated"])
def test_what_the_superuser_put_in_for_everybody_is_seen_by_all_and_taken_out_by_him(tmp_path, path):
    """LibreOffice's own unopkg, with a folder of everybody's extensions of the test's own."""
    if why := office.missing():
        not_run(why)
    if os.geteuid():
        not_run("only root may install for everybody")
    shared = tmp_path / "opt/libreoffice/share/uno_packages/cache"
    shared.mkdir(parents=True)
    into = f"-env:UNO_SHARED_PACKAGES_CACHE={shared.as_uri()}"
    _tool(tmp_path / "opt/libreoffice/program/unopkg", f'exec {office.PROGRAM / "unopkg"} {into} "$@"')
    environ = {"HOME": str(tmp_path), "PATH": path}
    root, told = Machine("linux", tmp_path, environ, True, sys.executable, str(tmp_path)), []
    clerk = root._replace(home=tmp_path / "clerk", root=False)
    for who in (root, clerk):
        assert install.run_addin("status", tmp_path, told.append, who) == 1
    install.run_addin("install", tmp_path, told.append, root)
    for who in (root, clerk):
        assert install.run_addin("status", tmp_path, told.append, who) == 0
        assert sys.executable in told[-1]
    install.run_addin("install", tmp_path, told.append, root)
    assert addin().say.office_same.format(unopkg=root.home / "opt/libreoffice/program/unopkg") in told
    assert install.run_addin("uninstall", tmp_path, told.append, clerk) == 1
    assert "请管理员" in told[-1]
    assert install.run_addin("uninstall", tmp_path, told.append, root) == 0
    for who in (root, clerk):
        assert install.run_addin("status", tmp_path, told.append, who) == 1
    assert install.run_addin("uninstall", tmp_path, told.append, clerk) == 0


def _tool(path, line):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nPATH=$PATH:/usr/bin:/bin\n{line}\n")
    path.chmod(0o755)
