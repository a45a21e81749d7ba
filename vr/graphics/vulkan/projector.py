"""Surfaces drawn by Vulkan into one projection layer."""

from collections.abc import Sequence
from typing import cast

import vulkan as vk
import xr

from vr.graphics.canvas import Canvas
from vr.graphics.eyes import Eyes, recommended
from vr.graphics.surfaces import MOST, VERTICES, Surfaces
from vr.graphics.vulkan.canvas import VulkanCanvas
from vr.graphics.vulkan.device import Device
from vr.graphics.vulkan.handles import Handle
from vr.graphics.vulkan.pipeline import SHAPE_BYTES, Pipeline
from vr.graphics.vulkan.refusals import in_words
from vr.graphics.vulkan.submission import Submission
from vr.graphics.vulkan.texture import FORMAT, make_view
from vr.scene.geometry import Placement


class VulkanProjector:
    """See :class:`vr.graphics.canvas.Projector`. Commands are recorded anew each frame, for the head has moved.

    What belongs to one image of the swapchain (commands, descriptor sets) is used again when that image is, by when the
    GPU has long done with it.
    """

    def __init__(
        self, device: Device, submission: Submission, session: xr.Session, views: Sequence[xr.ViewConfigurationView]
    ) -> None:
        self._device = device
        self._submission = submission
        self._eyes = Eyes(session, recommended(views), format_=FORMAT, image_type=xr.SwapchainImageVulkan2KHR)
        images = [vk.ffi.cast("VkImage", image) for image in self._eyes.cycle.images]
        self._pipeline = Pipeline(device, FORMAT, MOST * len(images))
        self._views = [make_view(device, image, FORMAT) for image in images]
        self._targets = [self._target(view) for view in self._views]
        self._commands = submission.commands(len(images))
        self._serials = [0] * len(images)
        self._shown = [0] * (MOST * len(images))
        self._surfaces = Surfaces(len(views), y_up=False)
        numbers = vk.ffi.cast("char*", self._surfaces.values.ctypes.data)
        self._numbers = [[numbers + SHAPE_BYTES * (eye * MOST + n) for n in range(MOST)] for eye in range(len(views))]
        self._scissors = [vk.ffi.new("VkRect2D*", ((left, top), (w, h))) for left, top, w, h in self._eyes.areas]
        self._viewports = [vk.ffi.new("VkViewport*", (*area, 0.0, 1.0)) for area in self._eyes.areas]
        self._begin = vk.ffi.new("VkCommandBufferBeginInfo*")
        self._begin.sType = vk.VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO
        self._begin.flags = vk.VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT
        self._clear = vk.ffi.new("VkClearValue*")
        self._pass = vk.ffi.new("VkRenderPassBeginInfo*")
        self._pass.sType = vk.VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO
        self._pass.renderPass = self._pipeline.render_pass
        self._pass.renderArea = ((0, 0), (self._eyes.width_px, self._eyes.height_px))
        self._pass.clearValueCount = 1
        self._pass.pClearValues = self._clear

    @in_words()
    def draw(
        self, views: Sequence[xr.View], items: Sequence[tuple[Canvas, Placement, bool]]
    ) -> xr.CompositionLayerProjection | None:
        """The layer for these views; None before the first picture."""
        filled = [item for item in items if item[0].filled][-MOST:]
        self._surfaces.fill(views, [(placement, opaque) for _, placement, opaque in filled])
        canvases = [cast("VulkanCanvas", canvas) for canvas, _, _ in filled]  # of the same graphics
        return self._eyes.show(views, lambda index: self._draw(index, canvases))

    def close(self) -> None:
        """Free everything, once the GPU has done all that it was given."""
        self._submission.forget(self._commands)
        for target, view in zip(self._targets, self._views, strict=True):
            vk.vkDestroyFramebuffer(self._device.handle, target, None)
            vk.vkDestroyImageView(self._device.handle, view, None)
        self._pipeline.close()
        self._eyes.cycle.close()

    def _draw(self, index: int, canvases: Sequence[VulkanCanvas]) -> None:
        self._submission.wait(self._serials[index])
        copies: list[Handle] = []
        for place, canvas in enumerate(canvases):
            self._show(index * MOST + place, canvas, copies)
        self._record(index, len(canvases))
        serial = self._submission.submit(*copies, self._commands[index])
        self._serials[index] = serial
        for canvas in canvases:
            canvas.drawn(serial)

    def _show(self, place: int, canvas: VulkanCanvas, copies: list[Handle]) -> None:
        texture = canvas.texture(copies)
        if self._shown[place] != texture.number:
            self._shown[place] = texture.number
            self._pipeline.show(place, texture.view)

    def _record(self, index: int, count: int) -> None:
        lib, commands, layout = vk.lib, self._commands[index], self._pipeline.layout
        lib.vkBeginCommandBuffer(commands, self._begin)
        self._pass.framebuffer = self._targets[index]
        lib.vkCmdBeginRenderPass(commands, self._pass, vk.VK_SUBPASS_CONTENTS_INLINE)
        lib.vkCmdBindPipeline(commands, vk.VK_PIPELINE_BIND_POINT_GRAPHICS, self._pipeline.handle)
        sets = self._pipeline.sets + index * MOST
        for numbers, viewport, scissor in zip(self._numbers, self._viewports, self._scissors, strict=True):
            lib.vkCmdSetViewport(commands, 0, 1, viewport)
            lib.vkCmdSetScissor(commands, 0, 1, scissor)
            for place in range(count):
                lib.vkCmdBindDescriptorSets(
                    commands, vk.VK_PIPELINE_BIND_POINT_GRAPHICS, layout, 0, 1, sets + place, 0, vk.ffi.NULL
                )
                lib.vkCmdPushConstants(commands, layout, vk.VK_SHADER_STAGE_VERTEX_BIT, 0, SHAPE_BYTES, numbers[place])
                lib.vkCmdDraw(commands, VERTICES, 1, 0, 0)
        lib.vkCmdEndRenderPass(commands)
        lib.vkEndCommandBuffer(commands)

    def _target(self, view: Handle) -> Handle:
        info = vk.VkFramebufferCreateInfo(
            renderPass=self._pipeline.render_pass,
            attachmentCount=1,
            pAttachments=[view],
            width=self._eyes.width_px,
            height=self._eyes.height_px,
            layers=1,
        )
        return vk.vkCreateFramebuffer(self._device.handle, info, None)
