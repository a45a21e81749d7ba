"""Memory that program and GPU both see: where pictures wait to be copied into an image."""

import numpy as np
import vulkan as vk
from numpy.typing import NDArray

from vr.graphics.vulkan.device import Device
from vr.graphics.vulkan.handles import Handle

SHARED = vk.VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | vk.VK_MEMORY_PROPERTY_HOST_COHERENT_BIT


class Staging:
    """Room for ``count`` pictures, mapped as long as it lives: ``pictures[n]`` is written as any array is."""

    def __init__(self, device: Device, count: int, size_px: tuple[int, int]) -> None:
        width, height = size_px
        self._device = device
        self.picture_bytes = width * height * 4
        info = vk.VkBufferCreateInfo(size=count * self.picture_bytes, usage=vk.VK_BUFFER_USAGE_TRANSFER_SRC_BIT)
        self.buffer: Handle = vk.vkCreateBuffer(device.handle, info, None)
        self._memory = device.allocate(vk.vkGetBufferMemoryRequirements(device.handle, self.buffer), SHARED)
        vk.vkBindBufferMemory(device.handle, self.buffer, self._memory, 0)
        mapped = vk.vkMapMemory(device.handle, self._memory, 0, count * self.picture_bytes, 0)
        self.pictures: NDArray[np.uint8] = np.frombuffer(mapped, np.uint8).reshape(count, height, width, 4)

    def close(self) -> None:
        """Free the memory; the GPU must be done with it."""
        del self.pictures
        vk.vkDestroyBuffer(self._device.handle, self.buffer, None)
        vk.vkFreeMemory(self._device.handle, self._memory, None)
