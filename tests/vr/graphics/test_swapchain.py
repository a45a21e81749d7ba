"""The images of a swapchain go round; none is lost."""

import pytest
import xr

from tests.vr.graphics.stage import Stage
from vr.errors import NoGraphicsError
from vr.graphics.swapchain import ImageCycle, demand_format

FORMAT = 43
"""VK_FORMAT_R8G8B8A8_SRGB, by its number: Vulkan need not be there where these tests are left out."""
pytestmark = pytest.mark.monado


@pytest.fixture
def cycle(vulkan_stage: Stage) -> ImageCycle:
    made = ImageCycle(
        vulkan_stage.session,
        format_=FORMAT,
        size_px=(64, 32),
        usage=xr.SwapchainUsageFlags.TRANSFER_DST_BIT,
        image_type=xr.SwapchainImageVulkan2KHR,
    )
    vulkan_stage.owns(made)
    return made


def test_every_image_gets_its_turn(cycle: ImageCycle) -> None:
    turns = []
    for _ in range(2 * len(cycle.images)):
        turns.append(cycle.acquire())
        cycle.release()
    assert set(turns) == set(range(len(cycle.images)))


def test_an_image_stays_acquired_until_it_is_released(cycle: ImageCycle) -> None:
    assert cycle.acquire() == cycle.acquire()


def test_images_are_distinct_objects_of_the_graphics(cycle: ImageCycle) -> None:
    assert len(set(cycle.images)) == len(cycle.images) >= 2
    assert all(cycle.images)


def test_closing_twice_harms_nothing(cycle: ImageCycle) -> None:
    cycle.close()
    cycle.close()


def test_a_format_that_the_runtime_does_not_know_is_said_in_words(vulkan_stage: Stage) -> None:
    demand_format(vulkan_stage.session, FORMAT, "Vulkan")
    with pytest.raises(NoGraphicsError, match="no 8 bit sRGB pictures from Vulkan; update the runtime"):
        demand_format(vulkan_stage.session, 1, "Vulkan")
