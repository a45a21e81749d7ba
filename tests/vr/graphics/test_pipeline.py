"""The pipeline draws a surface's picture, with linear light and straight alpha."""

import numpy as np
import pytest

from tests.vr.graphics.gpu import Image
from tests.vr.graphics.vulkan_parts import (
    FORMAT,
    Device,
    Pipeline,
    Staging,
    Submission,
    Texture,
    handles,
    make_view,
    recording,
    vk,
)
from vr.graphics.surfaces import VERTICES

pytestmark = pytest.mark.monado
SIZE_PX = (64, 64)
WHOLE = [*np.diag([2.0, -2.0, 0.0, 1.0]).ravel().tolist(), 1.0, 1.0, 0.0, 0.0]
"""A flat surface of one metre that fills the target; its alpha is looked at."""


def draw(device: Device, submission: Submission, texture: Texture, target: handles.Handle) -> None:
    """Draw the first staged picture over all of the target."""
    pipeline = Pipeline(device, FORMAT, 1)
    pipeline.show(0, texture.view)
    view = make_view(device, target, FORMAT)
    info = vk.VkFramebufferCreateInfo(
        renderPass=pipeline.render_pass, pAttachments=[view], attachmentCount=1, width=64, height=64, layers=1
    )
    frame = vk.vkCreateFramebuffer(device.handle, info, None)
    area = vk.VkRect2D(vk.VkOffset2D(0, 0), vk.VkExtent2D(*SIZE_PX))
    begin = vk.VkRenderPassBeginInfo(
        renderPass=pipeline.render_pass,
        framebuffer=frame,
        renderArea=area,
        clearValueCount=1,
        pClearValues=[vk.VkClearValue()],
    )
    (commands,) = made = submission.commands(1)
    with recording.recording(commands):
        vk.vkCmdBeginRenderPass(commands, begin, vk.VK_SUBPASS_CONTENTS_INLINE)
        vk.vkCmdBindPipeline(commands, vk.VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.handle)
        vk.vkCmdSetViewport(commands, 0, 1, [vk.VkViewport(0, 0, *SIZE_PX, 0, 1)])
        vk.vkCmdSetScissor(commands, 0, 1, [area])
        vk.vkCmdBindDescriptorSets(
            commands, vk.VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline.layout, 0, 1, [pipeline.sets[0]], 0, None
        )
        numbers = vk.ffi.new("float[20]", WHOLE)
        vk.vkCmdPushConstants(commands, pipeline.layout, vk.VK_SHADER_STAGE_VERTEX_BIT, 0, 80, numbers)
        vk.vkCmdDraw(commands, VERTICES, 1, 0, 0)
        vk.vkCmdEndRenderPass(commands)
    submission.wait(submission.submit(texture.copies[0], commands))
    submission.forget(made)
    vk.vkDestroyFramebuffer(device.handle, frame, None)
    vk.vkDestroyImageView(device.handle, view, None)
    pipeline.close()


def drawn(device: Device, submission: Submission, picture: np.ndarray) -> np.ndarray:
    staging = Staging(device, 1, SIZE_PX)
    staging.pictures[0] = picture
    texture = Texture(device, submission, staging, SIZE_PX)
    with Image(device, submission, SIZE_PX) as target:
        draw(device, submission, texture, target.handle)
        pixels = target.pixels(recording.HANDED_OVER)
    texture.close()
    staging.close()
    return pixels


def test_a_picture_of_the_same_size_comes_out_as_it_went_in(device: Device, submission: Submission) -> None:
    picture = np.random.default_rng(7).integers(0, 256, (64, 64, 4), np.uint8)
    picture[..., 3] = 255
    assert np.abs(drawn(device, submission, picture).astype(int) - picture).max() <= 1


def test_straight_alpha_becomes_premultiplied_light(device: Device, submission: Submission) -> None:
    picture = np.full((64, 64, 4), 255, np.uint8)
    picture[..., 3] = 128
    red, green, blue, alpha = drawn(device, submission, picture)[32, 32].tolist()
    assert (red, green, blue) == pytest.approx((188, 188, 188), abs=1)
    assert alpha == 128
