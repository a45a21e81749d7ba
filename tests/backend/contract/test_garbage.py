import gc
from collections.abc import Iterator

import pytest

from backend.contract.garbage import YOUNG_OBJECTS, settle


@pytest.fixture
def default_collector() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("default_collector")
def test_what_exists_is_left_alone_and_what_comes_is_still_collected() -> None:
    class Ring:
        def __init__(self) -> None:
            self.me = self

    def living() -> int:
        return sum(isinstance(each, Ring) for each in gc.get_objects())

    settle()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] == YOUNG_OBJECTS
    most = 0
    for _ in range(4 * YOUNG_OBJECTS):
        Ring()
    most = living()
    assert most < 2 * YOUNG_OBJECTS, "cycles pile up"
