"""Build the package with its data read beforehand, so that not even the first start has to parse it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setuptools.command.build_py import build_py

PREPARE = "from xlcheck.judge import prepare; prepare()"


class BuildWithObjects(build_py):  # type: ignore[misc]  # setuptools has no types
    """Copy the modules and let the copy read its own data; an installed checkout stays as it is."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            data = Path(self.build_lib, "xlcheck", "data").absolute()
            shutil.rmtree(data / "objects", ignore_errors=True)
            self._prepare(data.parents[1])
            (data / "__pycache__").rename(data / "objects")

    def _prepare(self, folder: Path) -> None:
        """Bytecode goes elsewhere, so that nothing but the objects lies beside the data."""
        with tempfile.TemporaryDirectory() as elsewhere:
            plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            plain |= {"PYTHONPYCACHEPREFIX": elsewhere}
            subprocess.run([sys.executable, "-c", PREPARE], cwd=folder, env=plain, check=True)
