"""Graphics by OpenGL, where there is no Vulkan: EGL without a window, or GLX on an X server."""
