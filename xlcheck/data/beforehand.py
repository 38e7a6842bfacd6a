"""Let a copy of the house read its own data, so that not even the first start from it has to parse it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PREPARE = "from xlcheck.judge import prepare; prepare()"


def read_beforehand(packages: Path) -> None:
    """Keep what the data of the xlcheck in this folder is read into; good for the Pythons of this one's kind.

    Bytecode goes elsewhere, so that nothing but the objects lies beside the data.
    """
    data = packages.absolute() / "xlcheck" / "data"
    shutil.rmtree(data / "objects", ignore_errors=True)
    with tempfile.TemporaryDirectory() as elsewhere:
        plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        plain |= {"PYTHONPYCACHEPREFIX": elsewhere}
        subprocess.run([sys.executable, "-c", PREPARE], cwd=packages, env=plain, check=True)
    (data / "__pycache__").rename(data / "objects")
