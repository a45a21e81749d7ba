from collections.abc import Iterator

import pytest

from vr.audio.spatial import SpatialSound


@pytest.fixture
def sound() -> Iterator[SpatialSound]:
    opened = SpatialSound.open(loopback=True)
    yield opened
    opened.close()
