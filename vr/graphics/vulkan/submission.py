"""Work for the GPU: recorded once, handed over often, and known to be done without waiting for it."""

from collections import deque

import vulkan as vk

from vr.errors import RuntimeLostError
from vr.graphics.vulkan.device import Device
from vr.graphics.vulkan.handles import Handle

FENCE_WAIT_NS = 1_000_000_000
MOST_COMMANDS = 128
"""In one hand-over: a picture for each surface of a projector, and the drawing."""


class Submission:
    """The queue of a device. Each hand-over has a serial number; a later number is done no earlier.

    The calls of each frame go past the wrappers of the package, which look up every argument's type anew.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._pool = vk.vkCreateCommandPool(
            device.handle,
            vk.VkCommandPoolCreateInfo(
                flags=vk.VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT, queueFamilyIndex=device.family
            ),
            None,
        )
        self._given = 0
        self._done = 0
        self._running: deque[Handle] = deque()
        self._free: list[Handle] = []
        self._commands = vk.ffi.new("VkCommandBuffer[]", MOST_COMMANDS)
        self._info = vk.ffi.new("VkSubmitInfo*")
        self._info.sType = vk.VK_STRUCTURE_TYPE_SUBMIT_INFO
        self._info.pCommandBuffers = self._commands

    def commands(self, count: int) -> list[Handle]:
        """Command buffers that live as long as this, or until :meth:`forget`."""
        info = vk.VkCommandBufferAllocateInfo(
            commandPool=self._pool, level=vk.VK_COMMAND_BUFFER_LEVEL_PRIMARY, commandBufferCount=count
        )
        return list(vk.vkAllocateCommandBuffers(self._device.handle, info))

    def forget(self, commands: list[Handle]) -> None:
        """Free command buffers, once all that was handed over is done."""
        self.wait(self._given)
        vk.vkFreeCommandBuffers(self._device.handle, self._pool, len(commands), commands)

    def submit(self, *commands: Handle) -> int:
        """Hand command buffers over, to be done in this order; returns the serial number of all of them."""
        fence = self._free.pop() if self._free else self._new_fence()
        self._info.commandBufferCount = len(commands)
        self._commands[0 : len(commands)] = commands
        check(vk.lib.vkQueueSubmit(self._device.queue, 1, self._info, fence[0]))
        self._running.append(fence)
        self._given += 1
        return self._given

    def wait(self, serial: int) -> None:
        """Return once that hand-over is done; at once, without a call, if it is known to be."""
        while self._done < serial:
            fence = self._running.popleft()
            check(vk.lib.vkWaitForFences(self._device.handle, 1, fence, 1, FENCE_WAIT_NS))
            check(vk.lib.vkResetFences(self._device.handle, 1, fence))
            self._free.append(fence)
            self._done += 1

    def close(self) -> None:
        """Free everything, once all that was handed over is done."""
        vk.vkDeviceWaitIdle(self._device.handle)
        for fence in (*self._free, *self._running):
            vk.vkDestroyFence(self._device.handle, fence[0], None)
        vk.vkDestroyCommandPool(self._device.handle, self._pool, None)

    def _new_fence(self) -> Handle:
        return vk.ffi.new("VkFence[1]", [vk.vkCreateFence(self._device.handle, vk.VkFenceCreateInfo(), None)])


def check(result: int) -> None:
    """Raise RuntimeLostError unless this is VK_SUCCESS."""
    if result != vk.VK_SUCCESS:
        raise RuntimeLostError(f"The GPU stopped working (Vulkan error {result}); VR starts anew.")
