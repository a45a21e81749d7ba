"""Vulkan as the rest of the program sees it."""

import ctypes
from collections.abc import Sequence

import xr

from vr.errors import NoGraphicsError
from vr.graphics.spares import Spares
from vr.graphics.swapchain import demand_format
from vr.graphics.vulkan.canvas import VulkanCanvas
from vr.graphics.vulkan.device import Device, present
from vr.graphics.vulkan.handles import as_field
from vr.graphics.vulkan.projector import VulkanProjector
from vr.graphics.vulkan.refusals import in_words
from vr.graphics.vulkan.submission import Submission
from vr.graphics.vulkan.texture import FORMAT

__all__ = ["VulkanGraphics", "present"]

EXTENSION = "XR_KHR_vulkan_enable2"


class VulkanGraphics:
    """See :class:`vr.graphics.canvas.Graphics`."""

    extensions = (EXTENSION,)

    def __init__(self) -> None:
        self._device: Device | None = None
        self._submission: Submission | None = None
        self._spares: Spares[VulkanCanvas] = Spares()

    @property
    def name(self) -> str:
        """For people."""
        return f"Vulkan ({self._device.name})" if self._device else "Vulkan"

    @property
    def software(self) -> bool:
        """Whether the processor draws."""
        return bool(self._device and self._device.software)

    @in_words()
    def open(self, instance: xr.Instance, system: xr.SystemId) -> ctypes.Structure:
        """Make the device; returns what goes into ``SessionCreateInfo.next``."""
        self._device = device = Device(instance, system)
        self._submission = Submission(device)
        kind = xr.GraphicsBindingVulkan2KHR
        binding: ctypes.Structure = kind(
            instance=as_field(kind, "instance", device.instance),
            physical_device=as_field(kind, "physical_device", device.physical),
            device=as_field(kind, "device", device.handle),
            queue_family_index=device.family,
            queue_index=0,
        )
        return binding

    @in_words()
    def canvas(self, session: xr.Session, width_px: int, height_px: int) -> VulkanCanvas:
        """A canvas that layers show or the projector draws."""
        device, submission = self._opened(session)
        size_px = width_px, height_px
        if spare := self._spares.take(size_px):
            spare.reopen()
            return spare
        return VulkanCanvas(device, submission, session, size_px, self._spares)

    @in_words()
    def projector(self, session: xr.Session, views: Sequence[xr.ViewConfigurationView]) -> VulkanProjector:
        """A projector in the size that the runtime recommends."""
        device, submission = self._opened(session)
        return VulkanProjector(device, submission, session, views)

    def close(self) -> None:
        """End device and instance, after canvases, projector and session."""
        self._spares.end()
        device, submission = self._device, self._submission
        self._device = self._submission = None
        if submission:
            submission.close()
        if device:
            device.close()

    def _opened(self, session: xr.Session) -> tuple[Device, Submission]:
        if not self._device or not self._submission:
            raise NoGraphicsError("Vulkan was asked for a canvas before it was opened.")
        demand_format(session, FORMAT, self.name)
        return self._device, self._submission
