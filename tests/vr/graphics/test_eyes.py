"""The projection layer: both eyes in one image, and the same layer every frame."""

import pytest
import xr

from tests.vr.graphics.stage import Stage
from vr.graphics.eyes import Eyes, recommended

FORMAT = 43
"""VK_FORMAT_R8G8B8A8_SRGB, by its number: Vulkan need not be there where these tests are left out."""
pytestmark = pytest.mark.monado


@pytest.fixture
def eyes(vulkan_stage: Stage) -> Eyes:
    made = Eyes(vulkan_stage.session, [(64, 48), (32, 40)], format_=FORMAT, image_type=xr.SwapchainImageVulkan2KHR)
    vulkan_stage.owns(made.cycle)
    return made


def test_the_eyes_lie_side_by_side(eyes: Eyes) -> None:
    assert (eyes.width_px, eyes.height_px) == (96, 48)
    assert eyes.areas == [(0, 0, 64, 48), (64, 0, 32, 40)]


def test_the_layer_remembers_from_where_it_was_drawn(eyes: Eyes, vulkan_stage: Stage) -> None:
    state = vulkan_stage.wait()
    views = vulkan_stage.locate(state)
    vulkan_stage.end(state, [])
    drawn: list[int] = []
    layer = eyes.show(views, drawn.append)
    assert layer is not None
    assert [(view.fov.angle_left, view.pose.position.x) for view in layer.views] == [
        (view.fov.angle_left, view.pose.position.x) for view in views
    ]
    assert eyes.show(views, drawn.append) is layer
    assert len(drawn) == 2


def test_there_is_no_layer_before_the_first_picture(eyes: Eyes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eyes.cycle, "acquire", lambda: None)
    assert eyes.show([], lambda _: None) is None


def test_the_runtime_says_how_large_the_eyes_are(vulkan_stage: Stage) -> None:
    sizes = recommended(vulkan_stage.views)
    assert len(sizes) == 2
    assert all(width >= 300 and height >= 200 for width, height in sizes)
