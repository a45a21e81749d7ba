"""What a system cannot run is left out, test by test and with the reason, which pytest prints at the end."""

import pytest

from tests.vr import monado

RUNTIME_FIXTURES = frozenset({"monado", "monado_null"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out tests of VR with a real OpenXR runtime where there is none."""
    if monado.installed():
        return
    for item in items:
        wants = RUNTIME_FIXTURES & set(getattr(item, "fixturenames", ()))
        if wants or item.get_closest_marker("monado"):
            item.add_marker(pytest.mark.skip(reason=monado.LEFT_OUT))
