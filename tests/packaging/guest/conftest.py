"""The demo guest, built once for all tests of it, and an Ethernet."""

import importlib.util
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.guest.relay import Relay

BUILD_SCRIPT = Path(__file__).parents[3] / "packaging" / "guest" / "build.py"


@pytest.fixture(scope="session")
def build_script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("demo_guest_build", BUILD_SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def image(build_script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("demo-guest") / "demo-guest.img"
    build_script.build(path)
    return path


@pytest.fixture
def relay() -> Iterator[Relay]:
    """Its sockets have short paths; those of pytest are too long for sockets."""
    with tempfile.TemporaryDirectory(prefix="loco-") as directory, Relay(Path(directory)) as joined:
        yield joined
