"""An image that the projector samples: the images of a swapchain are the runtime's once they are released."""

from itertools import count

import vulkan as vk

from vr.graphics.vulkan.device import Device
from vr.graphics.vulkan.handles import Handle
from vr.graphics.vulkan.recording import SAMPLED, SEEN, WHOLE_IMAGE, fill, recording
from vr.graphics.vulkan.staging import Staging
from vr.graphics.vulkan.submission import Submission

FORMAT = vk.VK_FORMAT_R8G8B8A8_SRGB
_numbers = count(1)


class Texture:
    """Takes any of the pictures of ``staging`` by a copy that is recorded once."""

    def __init__(self, device: Device, submission: Submission, staging: Staging, size_px: tuple[int, int]) -> None:
        self.number = next(_numbers)
        """Never used twice, unlike the handles of Vulkan."""
        self.version = 0
        """Of the picture that it holds, or will hold when the copy is done."""
        self._device = device
        self._submission = submission
        self.image = _make_image(device, size_px)
        requirements = vk.vkGetImageMemoryRequirements(device.handle, self.image)
        self._memory = device.allocate(requirements, vk.VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT)
        vk.vkBindImageMemory(device.handle, self.image, self._memory, 0)
        self.view = make_view(device, self.image, FORMAT)
        self.copies = submission.commands(len(staging.pictures))
        for index, commands in enumerate(self.copies):
            with recording(commands):
                offset = index * staging.picture_bytes
                fill(commands, self.image, staging.buffer, offset, size_px, before=SEEN, after=SAMPLED)

    def close(self) -> None:
        """Free it, once the GPU has done all that it was given."""
        self._submission.forget(self.copies)
        vk.vkDestroyImageView(self._device.handle, self.view, None)
        vk.vkDestroyImage(self._device.handle, self.image, None)
        vk.vkFreeMemory(self._device.handle, self._memory, None)


def make_view(device: Device, image: Handle, format_: int) -> Handle:
    """All of an image, as what shaders and framebuffers take."""
    info = vk.VkImageViewCreateInfo(
        image=image, viewType=vk.VK_IMAGE_VIEW_TYPE_2D, format=format_, subresourceRange=WHOLE_IMAGE
    )
    return vk.vkCreateImageView(device.handle, info, None)


def _make_image(device: Device, size_px: tuple[int, int]) -> Handle:
    info = vk.VkImageCreateInfo(
        imageType=vk.VK_IMAGE_TYPE_2D,
        format=FORMAT,
        extent=vk.VkExtent3D(width=size_px[0], height=size_px[1], depth=1),
        mipLevels=1,
        arrayLayers=1,
        samples=vk.VK_SAMPLE_COUNT_1_BIT,
        tiling=vk.VK_IMAGE_TILING_OPTIMAL,
        usage=vk.VK_IMAGE_USAGE_TRANSFER_DST_BIT | vk.VK_IMAGE_USAGE_SAMPLED_BIT,
        initialLayout=vk.VK_IMAGE_LAYOUT_UNDEFINED,
    )
    return vk.vkCreateImage(device.handle, info, None)
