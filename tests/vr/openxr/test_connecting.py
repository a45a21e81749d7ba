"""Graphics that reach the headset, on a real runtime."""

import pytest

from tests.vr.monado import Monado
from vr.errors import NoGraphicsError
from vr.graphics.choice import choose
from vr.openxr.connecting import connect
from vr.openxr.instance import offered_extensions
from vr.openxr.layer_path import Wish
from vr.openxr.runtime import Runtime

pytestmark = pytest.mark.monado


@pytest.fixture
def no_fitting_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vulkan has drivers, as far as anybody asks, but the headset's GPU is not among theirs."""
    monkeypatch.setattr("vr.graphics.vulkan.graphics.present", lambda: True)
    monkeypatch.setenv("VK_DRIVER_FILES", "/nonexistent.json")
    monkeypatch.setenv("VK_ICD_FILENAMES", "/nonexistent.json")  # its name until 2022


def test_vulkan_serves_where_it_reaches_the_headset(monado_null: Monado) -> None:
    runtime = connect("auto", Wish.AUTO)
    assert runtime.graphics.name.startswith("Vulkan (")
    runtime.close()


def test_opengl_has_its_turn_where_vulkan_has_a_driver_but_not_for_the_headset(
    monado_null: Monado, no_fitting_gpu: None, caplog: pytest.LogCaptureFixture
) -> None:
    runtime = connect("auto", Wish.AUTO)
    assert runtime.graphics.name.startswith("OpenGL (")
    assert "OpenGL is tried instead" in caplog.text
    runtime.close()


def test_who_insists_on_vulkan_is_told_why_there_is_none(monado_null: Monado, no_fitting_gpu: None) -> None:
    with pytest.raises(NoGraphicsError, match="Vulkan made no instance for the headset"):
        connect("vulkan", Wish.AUTO)


def test_where_the_runtime_knows_no_opengl_both_reasons_are_told(
    monado_null: Monado, no_fitting_gpu: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_vulkan = frozenset(name for name in offered_extensions() if "opengl" not in name)
    monkeypatch.setattr("vr.openxr.connecting.offered_extensions", lambda: only_vulkan)
    with pytest.raises(NoGraphicsError, match=r"Vulkan made no instance.*offers no OpenGL"):
        connect("auto", Wish.AUTO)


def test_graphics_that_the_runtime_refuses_are_no_graphics(
    monado_null: Monado, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = offered_extensions()
    graphics = choose(offered, "auto")
    # The runtime then does not know the calls of Vulkan that it is asked.
    monkeypatch.setattr(type(graphics), "extensions", ())
    with pytest.raises(NoGraphicsError, match="Vulkan does not reach the headset"):
        Runtime.start(graphics, offered, Wish.AUTO)
