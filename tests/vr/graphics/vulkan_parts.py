"""The parts of graphics by Vulkan, for their tests, which are left out where the machine has no Vulkan loader."""

import pytest

try:
    import vulkan as vk
except OSError:
    pytest.skip("needs Vulkan's loader: the package libvulkan1", allow_module_level=True)

from vr.graphics.vulkan import handles, recording, refusals
from vr.graphics.vulkan.device import Device, present
from vr.graphics.vulkan.pipeline import Pipeline
from vr.graphics.vulkan.staging import SHARED, Staging
from vr.graphics.vulkan.submission import Submission, check
from vr.graphics.vulkan.texture import FORMAT, Texture, make_view

__all__ = [
    "FORMAT",
    "SHARED",
    "Device",
    "Pipeline",
    "Staging",
    "Submission",
    "Texture",
    "check",
    "handles",
    "make_view",
    "present",
    "recording",
    "refusals",
    "vk",
]
