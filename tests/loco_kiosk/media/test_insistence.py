import asyncio
from collections.abc import Iterator

import pytest

from loco_kiosk.media.insistence import Insistence
from tests.loco_kiosk.waiting import until


class Way:
    def __init__(self) -> None:
        self.unacknowledged = True
        self.looks = 0
        self.insistence = Insistence(self.repeat, lambda: 0.0)

    def repeat(self) -> bool:
        self.looks += 1
        return self.unacknowledged


@pytest.fixture
async def way() -> Way:
    return Way()


@pytest.fixture(autouse=True)
def closing(way: Way) -> Iterator[None]:
    yield
    way.insistence.close()


async def test_what_is_acknowledged_in_time_is_said_once(way: Way) -> None:
    way.unacknowledged = False
    way.insistence.sent()
    await until(lambda: way.looks)
    await asyncio.sleep(0.1)
    assert (way.looks, way.insistence.repeats) == (1, 0)


async def test_what_is_not_is_said_again_but_not_for_ever(way: Way) -> None:
    way.insistence.sent()
    await until(lambda: way.insistence.repeats == 3)
    await asyncio.sleep(0.3)
    assert way.insistence.repeats == 3
    way.insistence.sent()
    await until(lambda: way.insistence.repeats > 3)


async def test_after_close_nothing_is_said(way: Way) -> None:
    way.insistence.sent()
    way.insistence.close()
    await asyncio.sleep(0.1)
    assert way.looks == 0
