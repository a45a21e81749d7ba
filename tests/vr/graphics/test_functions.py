"""OpenGL's functions are found at the start or missed in words."""

import pytest

from vr.errors import NoGraphicsError
from vr.graphics.opengl.functions import GL


def test_a_driver_without_a_function_is_too_old() -> None:
    with pytest.raises(NoGraphicsError, match=r"has no gl\w+: VR needs version 3\.3 or newer"):
        GL(lambda _: None)


def test_a_function_that_is_not_declared_is_named() -> None:
    gl = GL(lambda _: 1)
    with pytest.raises(AttributeError, match="glBegin is not among the functions"):
        gl.glBegin()
