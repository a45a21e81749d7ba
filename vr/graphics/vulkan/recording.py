"""Commands that move a picture from staging memory into an image, and images from one use to the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import vulkan as vk

from vr.graphics.vulkan.handles import Handle


@dataclass(frozen=True, slots=True)
class Use:
    """What an image is ready for: its layout, and which accesses in which stage that layout is for."""

    layout: int
    access: int
    stage: int


FRESH = Use(vk.VK_IMAGE_LAYOUT_UNDEFINED, 0, vk.VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT)
"""Whatever it held is not needed."""
FILLING = Use(
    vk.VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, vk.VK_ACCESS_TRANSFER_WRITE_BIT, vk.VK_PIPELINE_STAGE_TRANSFER_BIT
)
HANDED_OVER = Use(
    vk.VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
    vk.VK_ACCESS_COLOR_ATTACHMENT_READ_BIT | vk.VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT,
    vk.VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT,
)
"""As OpenXR wants an image back (XR_KHR_vulkan_enable2, "Swapchain Image Layout")."""
SAMPLED = Use(
    vk.VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL,
    vk.VK_ACCESS_SHADER_READ_BIT,
    vk.VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT,
)
SEEN = Use(vk.VK_IMAGE_LAYOUT_UNDEFINED, 0, vk.VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT)
"""What it held was sampled to the last, and is not needed any more."""
WHOLE_IMAGE = vk.VkImageSubresourceRange(
    aspectMask=vk.VK_IMAGE_ASPECT_COLOR_BIT, baseMipLevel=0, levelCount=1, baseArrayLayer=0, layerCount=1
)


@contextmanager
def recording(commands: Handle, *, once: bool = False) -> Iterator[None]:
    """What is recorded inside goes into ``commands``; ``once`` if it is submitted a single time."""
    flags = vk.VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT if once else 0
    vk.vkBeginCommandBuffer(commands, vk.VkCommandBufferBeginInfo(flags=flags))
    yield
    vk.vkEndCommandBuffer(commands)


def turn(commands: Handle, image: Handle, before: Use, after: Use) -> None:
    """Make an image ready for another use."""
    barrier = vk.VkImageMemoryBarrier(
        srcAccessMask=before.access,
        dstAccessMask=after.access,
        oldLayout=before.layout,
        newLayout=after.layout,
        srcQueueFamilyIndex=vk.VK_QUEUE_FAMILY_IGNORED,
        dstQueueFamilyIndex=vk.VK_QUEUE_FAMILY_IGNORED,
        image=image,
        subresourceRange=WHOLE_IMAGE,
    )
    vk.vkCmdPipelineBarrier(commands, before.stage, after.stage, 0, 0, None, 0, None, 1, [barrier])


def fill(
    commands: Handle,
    image: Handle,
    buffer: Handle,
    offset: int,
    size_px: tuple[int, int],
    *,
    before: Use = FRESH,
    after: Use,
) -> None:
    """Copy one picture from ``buffer`` into all of ``image``, and leave it ready for ``after``."""
    turn(commands, image, before, FILLING)
    layers = vk.VkImageSubresourceLayers(
        aspectMask=vk.VK_IMAGE_ASPECT_COLOR_BIT, mipLevel=0, baseArrayLayer=0, layerCount=1
    )
    region = vk.VkBufferImageCopy(
        bufferOffset=offset,
        imageSubresource=layers,
        imageExtent=vk.VkExtent3D(width=size_px[0], height=size_px[1], depth=1),
    )
    vk.vkCmdCopyBufferToImage(commands, buffer, image, FILLING.layout, 1, [region])
    turn(commands, image, FILLING, after)
