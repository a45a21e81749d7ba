"""One real headset for the tests of each file, and a stage on it for each kind of graphics."""

from collections.abc import Iterator

import pytest

from tests.vr.graphics.stage import KINDS, Stage, staged
from tests.vr.monado import Monado, running


@pytest.fixture(scope="module")
def headset() -> Iterator[Monado]:
    """Monado that composes to an X server, which GLX contexts are made on too."""
    with running() as service, pytest.MonkeyPatch.context() as patch:
        for name, value in service.environment.items():
            patch.setenv(name, value)
        assert service.display is not None
        patch.setenv("DISPLAY", service.display)
        yield service


@pytest.fixture(params=list(KINDS))
def stage(request: pytest.FixtureRequest, headset: Monado) -> Iterator[Stage]:
    """A session by Vulkan, by OpenGL on EGL, and by OpenGL on GLX."""
    with staged(KINDS[request.param]()) as made:
        yield made


@pytest.fixture
def vulkan_stage(headset: Monado) -> Iterator[Stage]:
    """A session by Vulkan."""
    with staged(KINDS["vulkan"]()) as made:
        yield made


@pytest.fixture
def device(vulkan_stage: Stage) -> object:
    """Vulkan's device, made for the headset."""
    return vars(vulkan_stage.graphics)["_device"]


@pytest.fixture
def submission(vulkan_stage: Stage) -> object:
    """Its queue."""
    return vars(vulkan_stage.graphics)["_submission"]
