"""How every test runs: what a system cannot run is left out with the reason, property tests know no clock, and what a
program sets for its whole process ends with its test."""

import gc
import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.vr import monado

# A virtual machine stands still for a quarter of a second when its host likes. By default that alone fails a property
# test: 200 ms for an example, 1 s to make ten of them.
settings.register_profile("no clock", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

RUNTIME_FIXTURES = frozenset({"monado", "monado_null"})


@pytest.fixture(autouse=True)
def root_logger_as_before() -> Iterator[None]:
    """The standard error of a test is closed after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(autouse=True)
def collector_as_before() -> Iterator[None]:
    """Programs tell the collector to look no more at what exists; tests want to hear of every socket left open."""
    thresholds = gc.get_threshold()
    yield
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out tests of VR with a real OpenXR runtime where there is none."""
    if monado.installed():
        return
    for item in items:
        wants = RUNTIME_FIXTURES & set(getattr(item, "fixturenames", ()))
        if wants or item.get_closest_marker("monado"):
            item.add_marker(pytest.mark.skip(reason=monado.LEFT_OUT))
