"""Libraries and fields that OpenGL's contexts are made with."""

import ctypes

import xr

from vr.graphics.opengl.context import as_field, load


def test_the_first_library_that_is_there_is_taken() -> None:
    assert load("libnothing-of-that-name.so.1", "libc.so.6") is not None
    assert load("libnothing-of-that-name.so.1") is None


def test_a_field_takes_a_number_as_the_pointer_that_it_is() -> None:
    kind = xr.GraphicsBindingEGLMNDX
    binding = kind(display=as_field(kind, "display", 0x1234_5678))
    assert ctypes.cast(binding.display, ctypes.c_void_p).value == 0x1234_5678
