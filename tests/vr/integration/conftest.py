"""Real demo guests behind a real backend, and the VR program on a composited Monado."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Cluster
from tests.vr.monado import Monado
from tests.vr.pretended_feed import PretendedFeed
from tests.vr.vr_process import VrProcess

MACHINES = 2


@pytest.fixture(scope="session")
def state_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests, so that only the first boots cold."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def cluster(state_directory: Path, tmp_path: Path) -> Iterator[Cluster]:
    """A running cluster of :data:`MACHINES` demo guests."""
    cluster = Cluster(state_directory, tmp_path / "backend.log", MACHINES)
    cluster.start()
    yield cluster
    cluster.stop()
    text = cluster.log_file.read_text()
    assert "Traceback" not in text, text


@pytest.fixture
def vr(monado: Monado, cluster: Cluster, tmp_path: Path) -> Iterator[VrProcess]:
    """The VR program alone with the cluster, worn."""
    program = VrProcess(tmp_path, monado.environment, "--backend", cluster.url)
    try:
        program.wait_for_state("worn")
        yield program
    finally:
        if program.process.poll() is None:
            program.stop()
    assert "Traceback" not in program.log, program.log


@pytest.fixture
def feed(monado: Monado, tmp_path: Path) -> Iterator[PretendedFeed]:
    """A wall of nine screens that only the feed knows; not started, so that a test can choose flags."""
    feed = PretendedFeed(9, tmp_path / "vr.log")
    try:
        yield feed
    finally:
        feed.close()
    assert feed.process is None or "Traceback" not in feed.log, feed.log
