"""A real OpenXR runtime for tests that ask for one by the fixture ``monado`` or ``monado_null``."""

from collections.abc import Iterator

import pytest

from tests.vr.monado import Monado, running
from tests.vr.remote_control import RemoteControl


@pytest.fixture
def monado(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monado]:
    """Monado that composes to an X server; OpenXR programs and this process find it by the environment."""
    with running() as service:
        _find(service, monkeypatch)
        yield service


@pytest.fixture
def monado_null(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monado]:
    """Monado without pixels: for the life cycle, actions and loss."""
    with running(composited=False) as service:
        _find(service, monkeypatch)
        yield service


@pytest.fixture
def remote(request: pytest.FixtureRequest) -> Iterator[RemoteControl]:
    """Head and controllers of the Monado that the test uses."""
    service = request.getfixturevalue("monado_null" if "monado_null" in request.fixturenames else "monado")
    assert isinstance(service, Monado)
    with service.remote() as control:
        yield control


def _find(service: Monado, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
