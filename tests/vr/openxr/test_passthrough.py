"""Ways to see the room."""

import pytest

from vr.openxr import extensions
from vr.openxr.extensions import Extensions
from vr.openxr.passthrough import Way, way_of

OPAQUE, ADDITIVE, ALPHA_BLEND = 1, 2, 3


@pytest.mark.parametrize(
    ("modes", "extension", "way"),
    [
        ({OPAQUE}, (), Way.NONE),
        ({OPAQUE, ALPHA_BLEND}, (), Way.BLEND),
        ({OPAQUE, ALPHA_BLEND}, (extensions.FB_PASSTHROUGH,), Way.BLEND),
        ({OPAQUE}, (extensions.FB_PASSTHROUGH,), Way.FACEBOOK),
        ({ADDITIVE}, (), Way.GLASS),
    ],
)
def test_the_room_is_shown_in_the_best_way_on_offer(modes: set[int], extension: tuple[str, ...], way: Way) -> None:
    assert way_of(frozenset(modes), Extensions(extension)) is way
