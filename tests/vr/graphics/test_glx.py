"""A context on an X server."""

import ctypes
from collections.abc import Iterator

import pytest

from tests.vr.monado import Monado
from vr.errors import NoGraphicsError
from vr.graphics.opengl import glx
from vr.graphics.opengl.context import load
from vr.graphics.opengl.glx import GlxContext


@pytest.fixture
def context(headset: Monado) -> Iterator[GlxContext]:
    made = GlxContext()
    yield made
    made.close()


@pytest.mark.monado
def test_it_draws_on_the_x_server(context: GlxContext) -> None:
    assert context.gl.renderer
    assert context.gl.glGetError() == 0


@pytest.mark.monado
def test_the_runtime_is_told_of_it(context: GlxContext) -> None:
    binding = context.binding()
    assert ctypes.cast(binding.glx_context, ctypes.c_void_p).value
    assert binding.glx_drawable
    assert binding.visualid >= 0


def test_without_an_x_server_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    if not all(load(name) for name in ("libX11.so.6", *glx.LIBRARIES)):
        pytest.skip("needs Xlib and GLX: the packages libx11-6 and libgl1")
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(NoGraphicsError, match="needs an X server; set DISPLAY, or use Vulkan"):
        GlxContext()
