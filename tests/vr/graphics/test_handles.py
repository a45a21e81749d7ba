"""Handles pass between the two bindings unchanged."""

import ctypes

import xr

from tests.vr.graphics.vulkan_parts import handles, vk


def test_a_handle_is_the_same_number_on_both_sides() -> None:
    device = vk.ffi.cast("VkDevice", 0x1234_5678_9ABC)
    kind = xr.GraphicsBindingVulkan2KHR
    binding = kind(device=handles.as_field(kind, "device", device))
    assert ctypes.cast(binding.device, ctypes.c_void_p).value == 0x1234_5678_9ABC == handles.address(device)
    assert handles.from_xr("VkDevice", binding.device) == device
