"""The runtime's images behind a canvas: made once, then acquire, wait, fill, release."""

import contextlib
import ctypes

import xr

from vr.errors import NoGraphicsError

WAIT_NS = 10_000_000
"""A runtime hands a free image out at once, since it has three; a stuck one must not stop the whole frame."""


class ImageCycle:
    """One swapchain and the order in which its images go round. Runs in the thread of the frame loop."""

    def __init__(
        self,
        session: xr.Session,
        *,
        format_: int,
        size_px: tuple[int, int],
        usage: xr.SwapchainUsageFlags,
        image_type: type[ctypes.Structure],
    ) -> None:
        width, height = size_px
        self.swapchain = xr.create_swapchain(
            session,
            xr.SwapchainCreateInfo(
                usage_flags=usage | xr.SwapchainUsageFlags.SAMPLED_BIT,
                format=format_,
                sample_count=1,
                width=width,
                height=height,
                face_count=1,
                array_size=1,
                mip_count=1,
            ),
        )
        self.images: tuple[int, ...] = tuple(map(_handle, xr.enumerate_swapchain_images(self.swapchain, image_type)))
        self._patience = xr.SwapchainImageWaitInfo(timeout=WAIT_NS)
        self._acquired: int | None = None
        self._writable = False

    def acquire(self) -> int | None:
        """Index of an image that may be written, or None while the runtime still reads all of them."""
        if self._acquired is None:
            self._acquired = xr.acquire_swapchain_image(self.swapchain)
        if not self._writable:
            try:
                xr.wait_swapchain_image(self.swapchain, self._patience)
            except xr.exception.TimeoutExpired:
                return None  # the image stays acquired; the next picture waits for it again
            self._writable = True
        return self._acquired

    def release(self) -> None:
        """Give the image that was filled to the runtime; every command that fills it must be submitted by then."""
        self._acquired, self._writable = None, False
        xr.release_swapchain_image(self.swapchain)

    def close(self) -> None:
        """Destroy the swapchain; the graphics must be done with its images."""
        with contextlib.suppress(xr.exception.ErrorResult):  # a runtime that is gone took it along
            xr.destroy_swapchain(self.swapchain)


def demand_format(session: xr.Session, format_: int, name: str) -> None:
    """Raise unless the runtime takes pictures in this format, sRGB with 8 bits: all the wall ever shows."""
    if format_ not in xr.enumerate_swapchain_formats(session):
        raise NoGraphicsError(f"The VR runtime takes no 8 bit sRGB pictures from {name}; update the runtime.")


def _handle(image: ctypes.Structure) -> int:
    """The native object: a name in OpenGL, a pointer in Vulkan."""
    value = image.image
    return value if isinstance(value, int) else ctypes.cast(value, ctypes.c_void_p).value or 0
