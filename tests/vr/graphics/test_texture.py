"""Textures have numbers of their own and a copy for each staged picture."""

import pytest

from tests.vr.graphics.vulkan_parts import Device, Staging, Submission, Texture

pytestmark = pytest.mark.monado
SIZE_PX = (32, 16)


def test_no_two_textures_share_a_number_even_after_one_is_gone(device: Device, submission: Submission) -> None:
    staging = Staging(device, 2, SIZE_PX)
    numbers = []
    for _ in range(3):
        texture = Texture(device, submission, staging, SIZE_PX)
        assert len(texture.copies) == 2
        assert texture.version == 0
        numbers.append(texture.number)
        texture.close()
    assert len(set(numbers)) == 3
    staging.close()
