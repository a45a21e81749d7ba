"""Real WebRTC over loopback with a textbook viewer."""

import asyncio

from backend.contract.control import StreamerStatistics
from tests.backend.streamer.conftest import Served
from tests.backend.streamer.textbook_viewer import TextbookViewer, until


async def test_first_picture_comes_within_a_second_and_later_ones_are_the_newest(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        start = asyncio.get_running_loop().time()
        await until(lambda: viewer.frames, 1.0)
        print("first", asyncio.get_running_loop().time() - start)
        await until(lambda: len(viewer.frames) > 20)
        numbers = viewer.numbers
        assert numbers == sorted(numbers)
        assert served.guest.number - numbers[-1] <= 4
        await until(lambda: viewer.last(StreamerStatistics))
        print(viewer.last(StreamerStatistics))
