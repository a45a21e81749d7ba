"""Vulkan first, OpenGL where there is none, and words where there is nothing."""

import sys
from types import ModuleType

import pytest

from vr.errors import NoGraphicsError
from vr.graphics.choice import choose

VULKAN = "XR_KHR_vulkan_enable2"
EGL = "XR_MNDX_egl_enable"
OPENGL = "XR_KHR_opengl_enable"
MODULE = "vr.graphics.vulkan.graphics"


@pytest.fixture
def vulkan(monkeypatch: pytest.MonkeyPatch) -> type:
    """A machine that has Vulkan, whatever this one has."""
    module = ModuleType(MODULE)
    kind = type("VulkanGraphics", (), {})
    vars(module).update(VulkanGraphics=kind, present=lambda: True)
    monkeypatch.setitem(sys.modules, MODULE, module)
    return kind


@pytest.fixture
def no_vulkan(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Vulkan's loader."""
    monkeypatch.setitem(sys.modules, MODULE, None)


def test_vulkan_comes_first(vulkan: type) -> None:
    assert isinstance(choose({OPENGL, EGL, VULKAN}, "auto"), vulkan)


def test_opengl_serves_where_the_runtime_has_no_vulkan(vulkan: type) -> None:
    assert choose({OPENGL, EGL}, "auto").extensions == (EGL, OPENGL)


def test_opengl_serves_where_the_machine_has_no_vulkan(no_vulkan: None) -> None:
    assert choose({OPENGL, EGL, VULKAN}, "auto").extensions == (EGL, OPENGL)


def test_opengl_serves_where_vulkan_has_a_loader_but_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VK_DRIVER_FILES", "/nonexistent.json")
    monkeypatch.setenv("VK_ICD_FILENAMES", "/nonexistent.json")  # its name until 2022
    assert choose({OPENGL, EGL, VULKAN}, "auto").extensions == (EGL, OPENGL)
    with pytest.raises(NoGraphicsError, match=r"This machine has no (driver for )?Vulkan"):
        choose({VULKAN}, "vulkan")


def test_an_x_server_is_asked_where_the_runtime_knows_no_egl(vulkan: type) -> None:
    assert choose({OPENGL}, "auto").extensions == (OPENGL,)


def test_a_wish_is_kept(vulkan: type) -> None:
    assert choose({OPENGL, EGL, VULKAN}, "opengl").extensions == (EGL, OPENGL)
    with pytest.raises(NoGraphicsError, match="no Vulkan"):
        choose({OPENGL, EGL}, "vulkan")


def test_nothing_in_common_is_said_for_each_way(no_vulkan: None) -> None:
    with pytest.raises(NoGraphicsError, match=r"install libvulkan1.*offers no OpenGL"):
        choose({VULKAN}, "auto")
