"""The two shaders of the projector, as files beside this one."""

from importlib import resources

_FILES = resources.files("vr.graphics") / "shaders"


def source(stage: str) -> bytes:
    """Text for OpenGL; ``stage`` is "vert" or "frag"."""
    return (_FILES / f"screen.{stage}").read_bytes()


def compiled(stage: str) -> bytes:
    """SPIR-V for Vulkan, which ``glslangValidator -V -g0 --target-env vulkan1.0`` made of the same text."""
    return (_FILES / f"screen.{stage}.spv").read_bytes()
