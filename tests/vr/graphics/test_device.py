"""The device of the headset's GPU."""

import pytest

from tests.vr.graphics.vulkan_parts import Device, present, vk
from tests.vr.monado import Monado
from vr.errors import NoGraphicsError

pytestmark = pytest.mark.monado


def test_the_device_has_a_name_and_a_queue(device: Device) -> None:
    assert device.name
    assert device.queue
    assert device.software == ("llvmpipe" in device.name)


def test_a_machine_with_a_driver_has_vulkan(headset: Monado) -> None:
    assert present()


def test_memory_is_chosen_among_what_is_allowed(device: Device) -> None:
    index = device.memory_type(0xFFFF_FFFF, vk.VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)
    assert device.memory_type(1 << index, vk.VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) == index
    with pytest.raises(NoGraphicsError, match="no memory of the kind"):
        device.memory_type(0, vk.VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)
