"""Podman with a storage of its own, and the images, built for real."""

import faulthandler
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "packaging" / "containers"
USER = 10001

# Works without systemd and journal, with any kind of cgroups, and where limits of processes cannot be raised.
CONTAINERS = """
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
STORAGE = """
[storage]
driver = "overlay"
graphroot = "{directory}/root"
runroot = "{directory}/run"
"""

RESTRICTED = (
    *("--read-only", "--read-only-tmpfs=false", "--cap-drop", "all"),
    *("--security-opt", "no-new-privileges", "--user", f"{USER}:{USER}"),
)


class Podman:
    """Runs containers as a cluster with the restricted Pod Security Standard would."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        files = {"CONTAINERS_CONF": CONTAINERS, "CONTAINERS_STORAGE_CONF": STORAGE.format(directory=directory)}
        self.environment = {**os.environ, "PODMAN_IGNORE_CGROUPSV1_WARNING": "1"}
        for variable, text in files.items():
            path = directory / variable.lower()
            path.write_text(text)
            self.environment[variable] = str(path)

    def __call__(self, *arguments: str) -> str:
        """Run one command; returns what it prints."""
        result = subprocess.run(
            ["podman", *arguments], env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert result.returncode == 0, f"podman {' '.join(arguments)}: {result.stderr}"
        return result.stdout.strip()

    def start(self, name: str, image: str, *arguments: str, options: tuple[str, ...] = ()) -> None:
        """Start a container in the background."""
        self("run", "--detach", "--name", name, *RESTRICTED, *options, image, *arguments)

    def logs(self, name: str) -> str:
        """All that a container said."""
        both = subprocess.run(
            ["podman", "logs", name],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return both.stdout

    def inspect(self, name: str) -> dict[str, Any]:
        """State and configuration of a container or image."""
        found: dict[str, Any] = json.loads(self("inspect", name))[0]
        return found

    def shell(self, image: str, script: str) -> str:
        """Run a script in a fresh container of an image, as root, to look around."""
        return self("run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "sh", image, "-c", script)


@pytest.fixture(scope="session")
def podman() -> Iterator[Podman]:
    """Its containers and images are gone afterwards."""
    if os.geteuid() != 0:
        pytest.skip("Base image and containers are made as root.")
    # Overlays lie on a real file system, and that of /tmp may be in memory.
    directory = Path(tempfile.mkdtemp(prefix="loco-podman-", dir="/var/tmp"))
    podman = Podman(directory)
    yield podman
    podman("rm", "--force", "--all")
    subprocess.run(["umount", directory / "root" / "overlay"], check=False, capture_output=True)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def images(podman: Podman) -> dict[str, str]:
    """Names of the images by what they are; built from nothing, so that no cache hides a missing step."""
    # Builds take minutes: no reason to suspect that they hang.
    faulthandler.cancel_dump_traceback_later()
    command = [sys.executable, str(SOURCE / "build.py"), "--base", "debootstrap", "--tag", "test"]
    result = subprocess.run(
        command, env=podman.environment, stdout=subprocess.PIPE, text=True, timeout=540, check=False
    )
    print(result.stdout)
    assert result.returncode == 0
    return {name: f"localhost/loco-kiosk/{name}:test" for name in ("backend", "emulator", "streamer")}


def load(name: str) -> ModuleType:
    """A script of packaging/containers, which is no package."""
    specification = importlib.util.spec_from_file_location(f"containers_{name}", SOURCE / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
