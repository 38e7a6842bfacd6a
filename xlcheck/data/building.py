"""Build the package with its data read beforehand, so that not even the first start has to parse it."""

from pathlib import Path
from runpy import run_path

from setuptools.command.build_py import build_py


class BuildWithObjects(build_py):  # type: ignore[misc]  # setuptools has no types
    """Copy the modules and let the copy read its own data; an installed checkout stays as it is."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            # While a package is built it cannot be imported: what it shares with others is run from its file.
            beside = run_path(str(Path(__file__).with_name("beforehand.py")))
            beside["read_beforehand"](Path(self.build_lib))
