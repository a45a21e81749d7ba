"""The receive path against a textbook aiortc sender, over real sockets."""

import asyncio
import contextlib
import random
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import aiohttp
import pytest

from backend.contract.control import LARGE_PACKETS, PIXEL_EXACT
from backend.contract.input import Key, encode
from backend.contract.tasks import TaskScope
from loco_kiosk.media.audio_receiver import Pcm
from loco_kiosk.media.errors import PeerError
from loco_kiosk.media.peer import Peer
from loco_kiosk.media.video_receiver import Picture
from tests.loco_kiosk.fake_streamer import FakeStreamer, read_number
from tests.loco_kiosk.waiting import until


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


def is_video(packet: bytes) -> bool:
    return packet[1] & 0x7F >= 97


def losing(part: float, seed: int = 1) -> Callable[[bytes], Iterable[bytes]]:
    chance = random.Random(seed)
    return lambda packet: () if chance.random() < part else (packet,)


async def test_pictures_of_a_textbook_sender_arrive(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: len(viewer.pictures) > 20)
        assert (viewer.pictures[0].frame.width, viewer.pictures[0].frame.height) == (640, 480)
        assert viewer.numbers == sorted(viewer.numbers)


async def test_the_offer_says_what_this_viewer_takes_before_its_media_sections(viewer: Viewer) -> None:
    session, _, _ = (await viewer.peer.offer()).partition("m=")
    assert {LARGE_PACKETS, PIXEL_EXACT} <= set(session.splitlines())


async def test_no_thread_is_started_for_a_stream(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: viewer.pictures)
        assert not [thread.name for thread in threading.enumerate() if thread.name.endswith("-decoder")]


async def test_the_last_picture_before_a_still_screen_is_shown(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: len(viewer.pictures) > 5)
        streamer.moving.clear()
        await asyncio.sleep(0.3)
        newest = next(iter(streamer.viewers.values())).newest_timestamp
        await until(lambda: viewer.pictures[-1].rtp_timestamp == newest, 1.0)


async def test_lost_packets_are_asked_for_again_and_no_picture_is_missing(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: viewer.pictures)
        streamer.network = losing(0.05)
        start = len(viewer.pictures)
        await until(lambda: len(viewer.pictures) > start + 90, 20.0)
        stamps = [picture.rtp_timestamp for picture in viewer.pictures]
        assert stamps == sorted(stamps)
        assert "lost packet" not in viewer.peer.video.losses()
        report = viewer.peer.video.statistics
        assert report.expected > report.packets


async def test_packets_out_of_order_and_twice_make_no_difference(viewer: Viewer) -> None:
    held: list[bytes] = []

    def swap(packet: bytes) -> Iterable[bytes]:
        if not is_video(packet):
            return (packet,)
        if held:
            return (packet, held.pop(), packet)
        held.append(packet)
        return ()

    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: viewer.pictures)
        streamer.network = swap
        start = len(viewer.pictures)
        await until(lambda: len(viewer.pictures) > start + 30)
        assert viewer.numbers == sorted(viewer.numbers)
        assert "undecodable picture" not in viewer.peer.video.losses()


async def test_the_lost_end_of_the_last_picture_is_repaired_while_the_screen_stands_still(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: len(viewer.pictures) > 3)
        lost: list[bytes] = []

        def lose_one_marker(packet: bytes) -> Iterable[bytes]:
            if not lost and is_video(packet) and packet[1] & 0x80:
                lost.append(packet)
                streamer.moving.clear()
                return ()
            return (packet,)

        streamer.network = lose_one_marker
        await until(lambda: lost)
        stamp = int.from_bytes(lost[0][4:8], "big")
        # A picture of one packet leaves no trace: then the heartbeat tells of it.
        viewer.peer.video.expect(stamp)
        await until(lambda: viewer.pictures[-1].rtp_timestamp == stamp, 1.0)


async def test_a_long_outage_ends_with_a_key_frame_and_without_broken_pictures(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: len(viewer.pictures) > 3)
        streamer.network = lambda packet: () if is_video(packet) else (packet,)
        await asyncio.sleep(0.6)
        streamer.network = lambda packet: (packet,)
        start = len(viewer.pictures)
        await until(lambda: len(viewer.pictures) > start + 10)
        assert viewer.numbers == sorted(viewer.numbers)


async def test_packets_of_nobody_are_refused_and_counted(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: viewer.pictures)
        (sender,) = streamer.viewers.values()
        ice = sender.peer.getSenders()[0].transport.transport
        for forged in (b"\x80\x63" + bytes(60), b"\x80", b"\xbf\x64\x00", b"\x80\xe3" + b"x" * 40):
            await ice._send(forged)
        await until(lambda: viewer.peer.unreadable_packets() >= 2)
        start = len(viewer.pictures)
        await until(lambda: len(viewer.pictures) > start + 5)


async def test_sound_arrives(viewer: Viewer) -> None:
    async with FakeStreamer(audio=True) as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: len(viewer.sounds) > 10)
        assert all(pcm.shape == (960, 2) for pcm in viewer.sounds[2:])


async def test_an_unusable_answer_is_refused_with_a_sentence(viewer: Viewer) -> None:
    await viewer.peer.offer()
    with pytest.raises(PeerError, match="answer cannot be used"):
        await viewer.peer.accept("v=0\r\nrubbish")


async def test_a_streamer_that_cannot_be_reached_is_given_up(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{streamer.url}/whep", data=await viewer.peer.offer()) as response,
        ):
            answer = await response.text()
        await streamer.stop()
        with pytest.raises(PeerError):
            await viewer.peer.accept(answer, timeout_s=0.5)


async def test_nothing_is_left_after_close() -> None:
    async with FakeStreamer() as streamer:
        viewer = Viewer()
        await viewer.connect(streamer.url)
        await until(lambda: viewer.pictures)
        await viewer.peer.close()
        assert not viewer.peer.send_control("late")
        count = len(viewer.pictures)
        await asyncio.sleep(0.1)
        assert len(viewer.pictures) == count
    await until(lambda: len(asyncio.all_tasks()) == 1, 2.0)


async def test_an_offer_that_is_cancelled_at_any_moment_leaves_no_socket_open() -> None:
    before, scope = open_sockets(), TaskScope("test")
    for turns in range(24):
        viewer = Viewer()
        making = scope.spawn(viewer.peer.offer(), "offer")
        for _ in range(turns):
            await asyncio.sleep(0)
        making.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await making
        await viewer.peer.close()
        await until(lambda: open_sockets() == before)


def open_sockets() -> int:
    count = 0
    for handle in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # that of the directory itself
            count += str(handle.readlink()).startswith("socket:")
    return count


async def test_a_lost_key_is_said_again_long_before_sctp_would_and_arrives_once(viewer: Viewer) -> None:
    async with FakeStreamer() as streamer:
        await viewer.connect(streamer.url)
        await until(lambda: viewer.pictures)
        sctp = viewer.peer._connection.sctp
        assert sctp is not None
        await until(lambda: not sctp._sent_queue)
        sctp._rto = 30.0
        lost: list[bytes] = []
        send = sctp.transport._send_data

        async def lossy(data: bytes) -> None:
            if len(lost) < 2:
                lost.append(data)
            else:
                await send(data)

        sctp.transport._send_data = lossy  # type: ignore[method-assign]  # no public way
        assert viewer.peer.send_key(encode(Key(7, "KeyA", True)))
        await until(lambda: streamer.inputs, 5.0)
        assert viewer.peer.insistence.repeats >= 2
        await until(lambda: not sctp._sent_queue)
        await asyncio.sleep(0.2)
        assert streamer.inputs == [Key(7, "KeyA", True)]
