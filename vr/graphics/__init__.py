"""Pictures on the runtime's images, by Vulkan or by OpenGL, and drawn geometry where the runtime has no layers for it.

``choice`` picks the graphics; ``canvas`` says what the rest of the program sees of it.
"""
