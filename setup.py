"""Build step: the wheel carries the demo guest, assembled from packaging/guest/ (needs nasm)."""

import runpy
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithGuest(build_py):
    """Assemble the demo guest first; package_data then picks the image up."""

    def run(self) -> None:
        """Build the image into the source tree, where a checkout has it too."""
        arguments, sys.argv = sys.argv, ["build.py"]
        try:
            runpy.run_path(str(ROOT / "packaging" / "guest" / "build.py"), run_name="__main__")
        except SystemExit as end:
            if end.code:
                raise
        finally:
            sys.argv = arguments
        super().run()


setup(cmdclass={"build_py": BuildWithGuest})
