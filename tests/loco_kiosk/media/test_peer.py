"""The receive path against a textbook aiortc sender, over real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from loco_kiosk.media.audio_receiver import Pcm
from loco_kiosk.media.peer import Peer
from loco_kiosk.media.video_receiver import Picture
from tests.loco_kiosk.fake_streamer import FakeStreamer, read_number


async def until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await asyncio.sleep(0.01)


class Viewer:
    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.sounds: list[Pcm] = []
        self.messages: list[str | bytes] = []
        self.peer = Peer(
            on_picture=self.pictures.append,
            on_sound=lambda pcm, _: self.sounds.append(pcm),
            on_message=self.messages.append,
        )

    async def connect(self, url: str) -> None:
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{url}/whep", data=await self.peer.offer()) as response,
        ):
            assert response.status == 201
            await self.peer.accept(await response.text())

    @property
    def numbers(self) -> list[int]:
        return [read_number(picture.frame) for picture in self.pictures]


@pytest.fixture
async def viewer() -> AsyncIterator[Viewer]:
    viewer = Viewer()
    yield viewer
    await viewer.peer.close()


async def test_pictures_of_a_textbook_sender_arrive(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: len(viewer.pictures) > 20)
        assert (viewer.pictures[0].frame.width, viewer.pictures[0].frame.height) == (640, 480)
        assert viewer.numbers == sorted(viewer.numbers)
