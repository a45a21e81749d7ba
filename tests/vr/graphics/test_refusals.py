"""Refusals of Vulkan have a sentence."""

import pytest

from tests.vr.graphics.stage import Stage
from tests.vr.graphics.vulkan_parts import refusals, vk
from vr.errors import NoGraphicsError, RuntimeLostError

HUGE_PX = 1 << 19


@pytest.mark.parametrize("refusal", [vk.VkErrorOutOfDeviceMemory, vk.VkErrorOutOfHostMemory])
def test_memory_that_is_used_up_is_said(refusal: type[Exception]) -> None:
    with pytest.raises(NoGraphicsError, match="no memory left"), refusals.in_words():
        raise refusal


@pytest.mark.parametrize("refusal", [vk.VkErrorDeviceLost, vk.VkErrorUnknown, vk.VkTimeout])
def test_any_other_refusal_starts_vr_anew(refusal: type[Exception]) -> None:
    with pytest.raises(RuntimeLostError, match=f"{refusal.__name__}.*anew"), refusals.in_words():
        raise refusal


def test_what_is_no_refusal_passes_through() -> None:
    with pytest.raises(KeyError), refusals.in_words():
        raise KeyError


@pytest.mark.monado
def test_a_canvas_that_no_memory_can_hold_is_refused_in_words(vulkan_stage: Stage) -> None:
    with pytest.raises((NoGraphicsError, RuntimeLostError)):
        vulkan_stage.graphics.canvas(vulkan_stage.session, HUGE_PX, HUGE_PX)
