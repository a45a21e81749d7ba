"""The shaders as the driver takes them."""

from collections.abc import Iterator

import pytest

from vr.errors import NoGraphicsError
from vr.graphics.opengl import egl, program
from vr.graphics.opengl.context import load
from vr.graphics.opengl.egl import EglContext
from vr.graphics.opengl.functions import GL
from vr.graphics.opengl.program import Program


@pytest.fixture
def gl() -> Iterator[GL]:
    if load(*egl.LIBRARIES) is None:
        pytest.skip("needs EGL: the package libegl1")
    context = EglContext()
    yield context.gl
    context.close()


def test_the_shaders_compile_and_have_their_numbers(gl: GL) -> None:
    made = Program(gl)
    assert made.to_clip >= 0
    assert made.shape >= 0
    made.close()
    assert gl.glGetError() == 0


def test_a_driver_that_refuses_is_quoted(gl: GL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "source", lambda _: b"#version 330 core\nvoid main() { nonsense; }\n")
    with pytest.raises(NoGraphicsError, match=r"does not take the shaders of VR \(.*nonsense.*use Vulkan"):
        Program(gl)
