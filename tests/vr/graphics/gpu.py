"""An image that tests can fill, draw into and read back."""

import numpy as np
from numpy.typing import NDArray

from tests.vr.graphics.vulkan_parts import FORMAT, SHARED, Device, Submission, handles, recording, vk

READ = recording.Use(
    vk.VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, vk.VK_ACCESS_TRANSFER_READ_BIT, vk.VK_PIPELINE_STAGE_TRANSFER_BIT
)
USAGE = vk.VK_IMAGE_USAGE_TRANSFER_SRC_BIT | vk.VK_IMAGE_USAGE_TRANSFER_DST_BIT | vk.VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT


class Image:
    """As the runtime's images are, but ours."""

    def __init__(self, device: Device, submission: Submission, size_px: tuple[int, int]) -> None:
        self._device, self._submission, self._size_px = device, submission, size_px
        self.handle: handles.Handle = vk.vkCreateImage(
            device.handle,
            vk.VkImageCreateInfo(
                imageType=vk.VK_IMAGE_TYPE_2D,
                format=FORMAT,
                extent=vk.VkExtent3D(*size_px, 1),
                mipLevels=1,
                arrayLayers=1,
                samples=vk.VK_SAMPLE_COUNT_1_BIT,
                usage=USAGE,
            ),
            None,
        )
        self._memory = device.allocate(vk.vkGetImageMemoryRequirements(device.handle, self.handle), 0)
        vk.vkBindImageMemory(device.handle, self.handle, self._memory, 0)

    def __enter__(self) -> "Image":
        return self

    def __exit__(self, *_: object) -> None:
        vk.vkDestroyImage(self._device.handle, self.handle, None)
        vk.vkFreeMemory(self._device.handle, self._memory, None)

    def pixels(self, ready_for: recording.Use) -> NDArray[np.uint8]:
        """What it holds, once all work before is done."""
        width, height = self._size_px
        info = vk.VkBufferCreateInfo(size=width * height * 4, usage=vk.VK_BUFFER_USAGE_TRANSFER_DST_BIT)
        buffer = vk.vkCreateBuffer(self._device.handle, info, None)
        memory = self._device.allocate(vk.vkGetBufferMemoryRequirements(self._device.handle, buffer), SHARED)
        vk.vkBindBufferMemory(self._device.handle, buffer, memory, 0)
        self._copy(buffer, ready_for)
        mapped = vk.vkMapMemory(self._device.handle, memory, 0, width * height * 4, 0)
        pixels = np.frombuffer(mapped, np.uint8).reshape(height, width, 4).copy()
        vk.vkDestroyBuffer(self._device.handle, buffer, None)
        vk.vkFreeMemory(self._device.handle, memory, None)
        return pixels

    def _copy(self, buffer: handles.Handle, ready_for: recording.Use) -> None:
        (commands,) = made = self._submission.commands(1)
        layers = vk.VkImageSubresourceLayers(aspectMask=vk.VK_IMAGE_ASPECT_COLOR_BIT, layerCount=1)
        region = vk.VkBufferImageCopy(imageSubresource=layers, imageExtent=vk.VkExtent3D(*self._size_px, 1))
        with recording.recording(commands):
            recording.turn(commands, self.handle, ready_for, READ)
            vk.vkCmdCopyImageToBuffer(commands, self.handle, READ.layout, buffer, 1, [region])
        self._submission.wait(self._submission.submit(commands))
        self._submission.forget(made)
