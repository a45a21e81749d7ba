"""Vulkan's instance, device and queue, made through the runtime so that both use the same GPU."""

import contextlib
import ctypes

import vulkan as vk
import xr

from vr.errors import NoGraphicsError
from vr.graphics.vulkan.handles import Handle, as_field, from_xr

APPLICATION = "loco-vr"


class Device:
    """One logical device with one queue; everything of it is used by the thread of the frame loop only."""

    def __init__(self, instance: xr.Instance, system: xr.SystemId) -> None:
        self.instance: Handle = _make_instance(instance, system, _requirements(instance, system))
        with contextlib.ExitStack() as undo:
            undo.callback(vk.vkDestroyInstance, self.instance, None)
            self.physical: Handle = _choose_gpu(instance, system, self.instance)
            self.family = _graphics_family(self.physical)
            self.handle: Handle = _make_device(instance, system, self.physical, self.family)
            undo.pop_all()
        properties = vk.vkGetPhysicalDeviceProperties(self.physical)
        self.name = str(properties.deviceName)
        self.software = properties.deviceType == vk.VK_PHYSICAL_DEVICE_TYPE_CPU
        self.queue: Handle = vk.vkGetDeviceQueue(self.handle, self.family, 0)
        self._memory = vk.vkGetPhysicalDeviceMemoryProperties(self.physical)

    def memory_type(self, allowed: int, wanted: int) -> int:
        """Index of the first kind of memory among the bits ``allowed`` that has all the properties ``wanted``."""
        for index in range(self._memory.memoryTypeCount):
            if allowed >> index & 1 and self._memory.memoryTypes[index].propertyFlags & wanted == wanted:
                return index
        raise NoGraphicsError(f"{self.name} has no memory of the kind that pictures need; update its driver.")

    def allocate(self, requirements: Handle, wanted: int) -> Handle:
        """Memory for one buffer or image."""
        index = self.memory_type(requirements.memoryTypeBits, wanted)
        info = vk.VkMemoryAllocateInfo(allocationSize=requirements.size, memoryTypeIndex=index)
        return vk.vkAllocateMemory(self.handle, info, None)

    def close(self) -> None:
        """End device and instance; the session must be gone by then."""
        vk.vkDeviceWaitIdle(self.handle)
        vk.vkDestroyDevice(self.handle, None)
        vk.vkDestroyInstance(self.instance, None)


def present() -> bool:
    """Whether any driver of this machine knows Vulkan: the loader alone, which many programs bring, draws nothing."""
    try:
        instance = vk.vkCreateInstance(vk.VkInstanceCreateInfo(), None)
    except vk.VkError:
        return False
    try:
        return len(vk.vkEnumeratePhysicalDevices(instance)) > 0
    except vk.VkError:
        return False
    finally:
        vk.vkDestroyInstance(instance, None)


def _requirements(instance: xr.Instance, system: xr.SystemId) -> int:
    """The version of Vulkan to ask for: 1.1, or what the runtime needs at least. OpenXR demands the question."""
    answer = xr.GraphicsRequirementsVulkan2KHR()
    ask = ctypes.cast(
        xr.get_instance_proc_addr(instance, "xrGetVulkanGraphicsRequirements2KHR"),
        xr.PFN_xrGetVulkanGraphicsRequirements2KHR,
    )
    failure = xr.check_result(ask(instance, system, ctypes.byref(answer)))
    if failure.is_exception():
        raise failure
    least = answer.min_api_version_supported
    return int(max(vk.VK_MAKE_VERSION(1, 1, 0), vk.VK_MAKE_VERSION(least.major, least.minor, least.patch)))


def _make_instance(instance: xr.Instance, system: xr.SystemId, version: int) -> Handle:
    application = vk.VkApplicationInfo(pApplicationName=APPLICATION, applicationVersion=1, apiVersion=version)
    info = vk.VkInstanceCreateInfo(pApplicationInfo=application)
    kind = xr.VulkanInstanceCreateInfoKHR
    made, result = xr.create_vulkan_instance_khr(
        instance,
        kind(
            system_id=system,
            pfn_get_instance_proc_addr=as_field(kind, "pfn_get_instance_proc_addr", vk.lib.vkGetInstanceProcAddr),
            vulkan_create_info=as_field(kind, "vulkan_create_info", vk.ffi.addressof(info)),
        ),
    )
    _check(result.value, "instance")
    return from_xr("VkInstance", made)


def _choose_gpu(instance: xr.Instance, system: xr.SystemId, vulkan_instance: Handle) -> Handle:
    """The GPU that the headset is connected to: the runtime knows it."""
    kind = xr.VulkanGraphicsDeviceGetInfoKHR
    wish = kind(system_id=system, vulkan_instance=as_field(kind, "vulkan_instance", vulkan_instance))
    chosen = xr.get_vulkan_graphics_device2_khr(instance, wish)
    return from_xr("VkPhysicalDevice", chosen)


def _graphics_family(physical: Handle) -> int:
    for index, family in enumerate(vk.vkGetPhysicalDeviceQueueFamilyProperties(physical)):
        if family.queueFlags & vk.VK_QUEUE_GRAPHICS_BIT:
            return index
    raise NoGraphicsError("The GPU of the headset can compute but not draw; choose another GPU for the VR runtime.")


def _make_device(instance: xr.Instance, system: xr.SystemId, physical: Handle, family: int) -> Handle:
    queue = vk.VkDeviceQueueCreateInfo(queueFamilyIndex=family, queueCount=1, pQueuePriorities=[1.0])
    info = vk.VkDeviceCreateInfo(queueCreateInfoCount=1, pQueueCreateInfos=[queue])
    kind = xr.VulkanDeviceCreateInfoKHR
    made, result = xr.create_vulkan_device_khr(
        instance,
        kind(
            system_id=system,
            pfn_get_instance_proc_addr=as_field(kind, "pfn_get_instance_proc_addr", vk.lib.vkGetInstanceProcAddr),
            vulkan_physical_device=as_field(kind, "vulkan_physical_device", physical),
            vulkan_create_info=as_field(kind, "vulkan_create_info", vk.ffi.addressof(info)),
        ),
    )
    _check(result.value, "device")
    return from_xr("VkDevice", made)


def _check(result: int, what: str) -> None:
    if result != vk.VK_SUCCESS:
        raise NoGraphicsError(f"Vulkan made no {what} for the headset (error {result}); update its driver.")
