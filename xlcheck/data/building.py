"""Build the package with its data read beforehand, so that not even the first start has to parse it."""

from pathlib import Path

from setuptools.command.build_py import build_py

from xlcheck.data.beforehand import read_beforehand


class BuildWithObjects(build_py):  # type: ignore[misc]  # setuptools has no types
    """Copy the modules and let the copy read its own data; an installed checkout stays as it is."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            read_beforehand(Path(self.build_lib))
