"""Graphics by Vulkan (XR_KHR_vulkan_enable2): no context bound to a thread, no picture upside down."""
