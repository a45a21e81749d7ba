"""Which extensions are switched on."""

from vr.openxr import extensions
from vr.openxr.extensions import select

VULKAN = "XR_KHR_vulkan_enable2"


def test_only_what_the_runtime_offers_is_switched_on() -> None:
    chosen = select({VULKAN, extensions.CYLINDER, "XR_EXT_something_else"}, [VULKAN])
    assert chosen.names == (VULKAN, extensions.CYLINDER)


def test_the_graphics_come_first_and_always() -> None:
    assert select((), ["A", "B"]).names == ("A", "B")


def test_the_aim_of_hands_comes_with_their_joints_only() -> None:
    assert extensions.HAND_AIM not in select({extensions.HAND_AIM}, [VULKAN])
    both = select({extensions.HAND_AIM, extensions.HAND_TRACKING}, [VULKAN])
    assert extensions.HAND_AIM in both
