"""A context without a window."""

import ctypes
from collections.abc import Iterator

import pytest

from vr.errors import NoGraphicsError
from vr.graphics.opengl import egl
from vr.graphics.opengl.context import load
from vr.graphics.opengl.egl import EglContext
from vr.graphics.opengl.functions import TEXTURE_2D


@pytest.fixture
def context() -> Iterator[EglContext]:
    if load(*egl.LIBRARIES) is None:
        pytest.skip("needs EGL: the package libegl1")
    made = EglContext()
    yield made
    made.close()


def test_it_draws_without_an_x_server(context: EglContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert context.gl.renderer
    name = context.gl.make("Textures")
    assert name > 0
    context.gl.glBindTexture(TEXTURE_2D, name)
    context.gl.drop("Textures", name)
    assert context.gl.glGetError() == 0


def test_the_runtime_is_told_of_it(context: EglContext) -> None:
    binding = context.binding()
    assert all(ctypes.cast(getattr(binding, name), ctypes.c_void_p).value for name in ("display", "config", "context"))


def test_a_machine_without_egl_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egl, "LIBRARIES", ("libnothing-of-that-name.so.1",))
    with pytest.raises(NoGraphicsError, match="install the package libegl1"):
        EglContext()
