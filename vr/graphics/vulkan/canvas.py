"""A canvas by Vulkan: one staged picture and one recorded copy for each image of its swapchain."""

import numpy as np
import vulkan as vk
import xr
from numpy.typing import NDArray

from vr.graphics.spares import Spares
from vr.graphics.swapchain import ImageCycle
from vr.graphics.vulkan.device import Device
from vr.graphics.vulkan.handles import Handle
from vr.graphics.vulkan.recording import HANDED_OVER, fill, recording
from vr.graphics.vulkan.refusals import in_words
from vr.graphics.vulkan.staging import Staging
from vr.graphics.vulkan.submission import Submission
from vr.graphics.vulkan.texture import FORMAT, Texture

STAGED = 3
"""Pictures: as many as a swapchain usually has images, so that the GPU has long read one when its turn comes again."""


class VulkanCanvas:
    """See :class:`vr.graphics.canvas.Canvas`. An upload is a copy in memory and a call to the queue, without a wait."""

    def __init__(
        self,
        device: Device,
        submission: Submission,
        session: xr.Session,
        size_px: tuple[int, int],
        spares: Spares["VulkanCanvas"],
    ) -> None:
        self.width_px, self.height_px = size_px
        self._device = device
        self._submission = submission
        self._session = session
        self._spares = spares
        self._open = True
        self.filled = False
        """Whether it ever got pixels."""
        self._staging = Staging(device, STAGED, size_px)
        self._serials = [0] * STAGED
        self._newest = 0
        self._version = 0
        self._cycle: ImageCycle | None = None
        self._copies: list[list[Handle]] = []
        """For each image of the swapchain: a recorded copy of each staged picture."""
        self._texture: Texture | None = None

    @property
    @in_words()
    def swapchain(self) -> xr.Swapchain:
        """For the layer that shows it."""
        if self._cycle is None:
            self._cycle = self._make_cycle()
            if self.filled and (image := self._cycle.acquire()) is not None:
                self._hand_over(self._cycle, image)
        return self._cycle.swapchain

    @in_words()
    def upload(self, pixels: NDArray[np.uint8]) -> bool:
        """Show these pixels from now on; False where the runtime reads all images still."""
        image = self._cycle.acquire() if self._cycle else None
        if self._cycle and image is None:
            return False
        staged = (self._newest + 1) % STAGED
        self._submission.wait(self._serials[staged])
        np.copyto(self._staging.pictures[staged], pixels)
        self._newest = staged
        self._version += 1
        self.filled = True
        if self._cycle and image is not None:
            self._hand_over(self._cycle, image)
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
        """Leave it to the next of its size."""
        if self._open:
            self._open = self.filled = False
            self._spares.keep(self)

    def reopen(self) -> None:
        """Use it again, as if it were new."""
        self._open = True

    def destroy(self, *, session_ended: bool) -> None:
        """Free everything, once the GPU has done all that it was given."""
        if self._texture:
            self._texture.close()
        for copies in self._copies:
            self._submission.forget(copies)
        self._staging.close()
        if self._cycle and not session_ended:
            self._cycle.close()

    def _hand_over(self, cycle: ImageCycle, image: int) -> None:
        self._serials[self._newest] = self._submission.submit(self._copies[image][self._newest])
        cycle.release()

    def _make_cycle(self) -> ImageCycle:
        size_px = self.width_px, self.height_px
        cycle = ImageCycle(
            self._session,
            format_=FORMAT,
            size_px=size_px,
            usage=xr.SwapchainUsageFlags.TRANSFER_DST_BIT | xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT,
            image_type=xr.SwapchainImageVulkan2KHR,
        )
        for image in cycle.images:
            copies = self._submission.commands(STAGED)
            for staged, commands in enumerate(copies):
                offset = staged * self._staging.picture_bytes
                with recording(commands):
                    handle = vk.ffi.cast("VkImage", image)
                    fill(commands, handle, self._staging.buffer, offset, size_px, after=HANDED_OVER)
            self._copies.append(copies)
        return cycle
