#!/usr/bin/env python3
"""Fills /opt/loco of one image, inside its build.

assemble.py libraries LOCK_FILE                  install exactly what the lock file says
assemble.py program MODULE COMMAND PATH ...      copy parts of backend/ from /src, with a command that runs MODULE
"""

import compileall
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path("/src/backend")
ENVIRONMENT = Path("/opt/loco")
PIP = "/opt/pip/bin/pip"
UNUSED = (
    # Typed models and calls of every resource of Kubernetes, 110 MB: the backend takes log-in and transport alone.
    *("kubernetes/client/*/[a-z]*.py", "kubernetes/aio/client/*/[a-z]*.py"),
    *("*/tests", "*/*/tests"),
)
"""Of the libraries."""
COMMAND = """#!/opt/loco/bin/python3 -IP
import sys

from {module} import main

sys.exit(main())
"""


def libraries(lock_file: str) -> None:
    """Wheels only: nothing is compiled, and no set-up program of a library runs."""
    python = str(ENVIRONMENT / "bin" / "python3")
    options = ["--quiet", "--require-hashes", "--only-binary", ":all:", "--no-compile"]
    subprocess.run([PIP, "--python", python, "install", *options, "--requirement", lock_file], check=True)
    packages = site_packages()
    for path in [path for pattern in UNUSED for path in packages.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    byte_compile(packages)


def program(module: str, command: str, *parts: str) -> None:
    """Copy ``parts`` and make ``command``."""
    target = site_packages() / "backend"
    for part in ("__init__.py", *parts):
        source = SOURCE / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / part)
    byte_compile(target)
    script = ENVIRONMENT / "bin" / command
    script.write_text(COMMAND.format(module=module))
    script.chmod(0o755)


def site_packages() -> Path:
    """Where this image's Python looks."""
    return next((ENVIRONMENT / "lib").glob("python3.*/site-packages"))


def byte_compile(directory: Path) -> None:
    """The file system will be read-only; by content, since times differ from build to build."""
    by_content = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(directory, quiet=1, invalidation_mode=by_content):
        sys.exit(f"{directory}: some files do not compile")


if __name__ == "__main__":
    {"libraries": libraries, "program": program}[sys.argv[1]](*sys.argv[2:])
