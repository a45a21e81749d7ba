"""A canvas by Vulkan: one staged picture and one recorded copy for each image of its swapchain."""

import numpy as np
import vulkan as vk
import xr
from numpy.typing import NDArray

from vr.graphics.swapchain import ImageCycle
from vr.graphics.vulkan.device import Device
from vr.graphics.vulkan.handles import Handle
from vr.graphics.vulkan.recording import HANDED_OVER, fill, recording
from vr.graphics.vulkan.staging import Staging
from vr.graphics.vulkan.submission import Submission
from vr.graphics.vulkan.texture import FORMAT, Texture

DRAWN_PICTURES = 2
"""Staged by a canvas that is only drawn: one is read while the next is written."""


class VulkanCanvas:
    """See :class:`vr.graphics.canvas.Canvas`. An upload is a copy in memory and a call to the queue, without a wait."""

    def __init__(
        self, device: Device, submission: Submission, session: xr.Session, size_px: tuple[int, int], *, layered: bool
    ) -> None:
        self.width_px, self.height_px = size_px
        self._device = device
        self._submission = submission
        self._cycle = _cycle(session, size_px) if layered else None
        images = self._cycle.images if self._cycle else ()
        self._staging = Staging(device, len(images) or DRAWN_PICTURES, size_px)
        self._serials = [0] * len(self._staging.pictures)
        self._copies = submission.commands(len(images)) if images else []
        for index, (commands, image) in enumerate(zip(self._copies, images, strict=True)):
            with recording(commands):
                offset = index * self._staging.picture_bytes
                fill(commands, vk.ffi.cast("VkImage", image), self._staging.buffer, offset, size_px, after=HANDED_OVER)
        self._newest = 0
        self._version = 0
        self._texture: Texture | None = None

    @property
    def swapchain(self) -> xr.Swapchain:
        """For the layer that shows it."""
        assert self._cycle is not None, "a canvas that is only drawn has no swapchain"
        return self._cycle.swapchain

    @property
    def filled(self) -> bool:
        """Whether it ever got pixels."""
        return self._version > 0

    def upload(self, pixels: NDArray[np.uint8]) -> bool:
        """Show these pixels from now on; False where the runtime reads all images still."""
        index = self._cycle.acquire() if self._cycle else self._version % DRAWN_PICTURES
        if index is None:
            return False
        self._submission.wait(self._serials[index])
        np.copyto(self._staging.pictures[index], pixels)
        if self._cycle:
            self._serials[index] = self._submission.submit(self._copies[index])
            self._cycle.release()
        self._newest = index
        self._version += 1
        return True

    def texture(self, copies: list[Handle]) -> Texture:
        """What the projector samples; appends the commands that bring it up to date, if it is not."""
        if self._texture is None:
            size_px = self.width_px, self.height_px
            self._texture = Texture(self._device, self._submission, self._staging, size_px)
        if self._texture.version != self._version:
            self._texture.version = self._version
            copies.append(self._texture.copies[self._newest])
        return self._texture

    def drawn(self, serial: int) -> None:
        """The staged picture is read until that hand-over is done."""
        self._serials[self._newest] = serial

    def close(self) -> None:
        """Free everything, once the GPU has done all that it was given."""
        if self._texture:
            self._texture.close()
        self._submission.forget(self._copies)
        self._staging.close()
        if self._cycle:
            self._cycle.close()


def _cycle(session: xr.Session, size_px: tuple[int, int]) -> ImageCycle:
    return ImageCycle(
        session,
        format_=FORMAT,
        size_px=size_px,
        usage=xr.SwapchainUsageFlags.TRANSFER_DST_BIT | xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT,
        image_type=xr.SwapchainImageVulkan2KHR,
    )
