"""A textbook aiortc sender that speaks the contract: for tests of the viewer, and the baseline of the benchmarks.

Everything is aiortc's own: its encoder, its sender, one encode for each viewer. Losses are made in the sender's
transport, on plain RTP packets.
"""

import asyncio
import contextlib
import fractions
import json
import time
import uuid
from collections.abc import Callable, Iterable

import aioice
import numpy as np
from aiohttp import web
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
)
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from backend.contract.control import (
    ClockPing,
    ClockPong,
    ControlRelease,
    ControlRequest,
    ControlState,
    GuestStateChanged,
    InputShown,
    PictureFormat,
    PointerMode,
    StreamerHello,
    StreamerStatistics,
    ToStreamer,
    ToViewer,
    ViewerHello,
)
from backend.contract.control_json import to_streamer_from_json, to_viewer_json
from backend.contract.input import InputMessage, Key, decode
from backend.contract.routes import STREAMER_WHEP, STREAMER_WHEP_SESSION
from backend.contract.status import GuestReport, GuestState
from backend.contract.tasks import TaskScope

CLOCK = fractions.Fraction(1, 90_000)
Network = Callable[[bytes], Iterable[bytes]]
"""Turns one RTP packet into those that really leave."""


def now_us() -> int:
    return time.monotonic_ns() // 1000


class Picture:
    """A grey picture whose number stands in 16 blocks of 16 by 16 pixels, and whose probe area follows the keys."""

    PROBE = (0, 32, 64, 64)

    def __init__(self, width: int = 640, height: int = 480) -> None:
        self.width, self.height = width, height
        self.number = 0
        self.bright = False

    def draw(self) -> VideoFrame:
        picture: NDArray[np.uint8] = np.full((self.height * 3 // 2, self.width), 128, np.uint8)
        for bit in range(16):
            picture[:16, bit * 16 : bit * 16 + 16] = 220 if self.number >> bit & 1 else 30
        picture[32:96, :64] = 220 if self.bright else 30
        left = self.number * 8 % (self.width - 64)
        picture[self.height // 2 : self.height // 2 + 64, left : left + 64] = 200
        return VideoFrame.from_ndarray(picture, format="yuv420p")


def read_number(frame: VideoFrame) -> int:
    """The number that :class:`Picture` drew."""
    plane = frame.planes[0]
    luma = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)
    return sum((int(luma[8, bit * 16 + 8]) > 128) << bit for bit in range(16))


class _Track(MediaStreamTrack):
    kind = "video"

    def __init__(self, streamer: "FakeStreamer") -> None:
        super().__init__()
        self._streamer = streamer
        self._due_s = time.monotonic()
        self.first_pts: int | None = None

    async def recv(self) -> VideoFrame:
        self._due_s = max(self._due_s + 1 / self._streamer.fps, time.monotonic() - 0.1)
        await asyncio.sleep(max(0.0, self._due_s - time.monotonic()))
        await self._streamer.moving.wait()
        frame = self._streamer.picture.draw()
        frame.pts = now_us() * 9 // 100
        frame.time_base = CLOCK
        if self.first_pts is None:
            self.first_pts = frame.pts
        return frame


class _Viewer:
    def __init__(self, streamer: "FakeStreamer", identity: str) -> None:
        self.id = identity
        self.name = ""
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.track = _Track(streamer)
        self.origin: int | None = None
        self.newest_timestamp = 0
        self.control: RTCDataChannel | None = None
        self._streamer = streamer
        self.peer.on("datachannel", self._opened)

    async def answer(self, offer: str) -> str:
        await self.peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self.peer.addTrack(self.track)
        if self._streamer.audio:
            self.peer.addTrack(AudioStreamTrack())
        transport = self.peer.getSenders()[0].transport
        gather = transport.transport._connection.get_component_candidates

        async def loopback(component: int, addresses: list[str], timeout: int = 5) -> list[aioice.Candidate]:
            return await gather(component, ["127.0.0.1"], timeout)

        transport.transport._connection.get_component_candidates = loopback  # type: ignore[method-assign]  # no public way
        self._send = transport._send_rtp
        transport._send_rtp = self._send_rtp  # type: ignore[method-assign]  # where the network is faked
        await self.peer.setLocalDescription()
        return self.peer.localDescription.sdp

    def send(self, message: ToViewer | str) -> None:
        if self.control is not None and self.control.readyState == "open":
            text = message if isinstance(message, str) else json.dumps(to_viewer_json(message))
            self.control.send(text)

    async def _send_rtp(self, data: bytes) -> None:
        if 192 <= data[1] <= 223 or data[1] & 0x7F < 97:
            await self._send(data)
            return
        if self.origin is None and self.track.first_pts is not None:
            self.origin = (int.from_bytes(data[4:8], "big") - self.track.first_pts) & 0xFFFF_FFFF
        self.newest_timestamp = int.from_bytes(data[4:8], "big")
        for packet in self._streamer.network(data):
            await self._send(packet)

    def _opened(self, channel: RTCDataChannel) -> None:
        if channel.label == "control":
            self.control = channel
            channel.on("message", self._control_message)
        else:
            channel.on("message", lambda data: self._streamer.input(self, decode(data)))

    def _control_message(self, text: str) -> None:
        message = to_streamer_from_json(text)
        if message is not None:
            self._streamer.told.append(message)
        match message:
            case ViewerHello(name=name):
                self.name = name
                self._streamer.welcome(self)
            case ClockPing(viewer_us=viewer_us) if self.origin is not None:
                self.send(ClockPong(viewer_us, now_us(), self.origin))
            case ControlRequest():
                self._streamer.give_control(self)
            case ControlRelease():
                self._streamer.give_control(None)


class FakeStreamer:
    """``async with FakeStreamer() as streamer:`` then ``streamer.url``; the port stays over :meth:`restart`."""

    def __init__(self, *, fps: float = 30, audio: bool = False, instance: str = "instance-0") -> None:
        self.fps = fps
        self.audio = audio
        self.instance = instance
        self.picture = Picture()
        self.moving = asyncio.Event()
        self.moving.set()
        self.network: Network = lambda packet: (packet,)
        self.guest = GuestReport(GuestState.RUNNING)
        self.viewers: dict[str, _Viewer] = {}
        self.holder: _Viewer | None = None
        self.inputs: list[InputMessage | None] = []
        self.told: list[ToStreamer] = []
        """Control messages of all viewers."""
        self.statistics = True
        self.answer_instead: web.Response | None = None
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._scope = TaskScope("fake streamer")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._runner is not None

    async def __aenter__(self) -> "FakeStreamer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post(STREAMER_WHEP, self.post)
        app.router.add_delete(STREAMER_WHEP_SESSION, self.delete)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self._scope.spawn(self._number(), "numbers")
        self._scope.spawn(self._tell(), "statistics")

    async def stop(self) -> None:
        await self._scope.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        for viewer in list(self.viewers.values()):
            await viewer.peer.close()
        self.viewers.clear()

    async def die(self) -> None:
        """As after kill -9: the sockets go without a word."""
        for viewer in self.viewers.values():
            connection = viewer.peer.getSenders()[0].transport.transport._connection
            for protocol in connection._protocols:
                protocol.transport.sendto = lambda *_: None  # type: ignore[method-assign]  # silenced
        await self.stop()

    async def post(self, request: web.Request) -> web.Response:
        if self.answer_instead is not None:
            text = self.answer_instead.text
            return web.Response(
                status=self.answer_instead.status,
                text=text,
                headers={"Location": f"{request.path}/x", "Content-Type": self.answer_instead.content_type},
            )
        viewer = _Viewer(self, uuid.uuid4().hex[:8])
        self.viewers[viewer.id] = viewer
        answer = await viewer.answer(await request.text())
        location = f"{request.path}/{viewer.id}"
        return web.Response(status=201, text=answer, content_type="application/sdp", headers={"Location": location})

    async def delete(self, request: web.Request) -> web.Response:
        viewer = self.viewers.pop(request.match_info["session"], None)
        if viewer is not None:
            await viewer.peer.close()
        return web.Response(status=200)

    def welcome(self, viewer: _Viewer) -> None:
        viewer.send(StreamerHello(self.instance, viewer.id, Picture.PROBE))
        viewer.send(PictureFormat(self.picture.width, self.picture.height, PointerMode.ABSOLUTE))
        viewer.send(GuestStateChanged(self.guest))
        self.give_control(self.holder)

    def set_guest(self, guest: GuestReport) -> None:
        self.guest = guest
        for viewer in self.viewers.values():
            viewer.send(GuestStateChanged(guest))

    def give_control(self, viewer: _Viewer | None) -> None:
        self.holder = viewer
        for each in self.viewers.values():
            name = viewer.name if viewer else ""
            each.send(ControlState(viewer.id if viewer else None, name, each is viewer, len(self.viewers)))

    def input(self, viewer: _Viewer, message: InputMessage | None) -> None:
        self.inputs.append(message)
        if isinstance(message, Key):
            self.picture.bright = message.down
            after = viewer.newest_timestamp
            self._scope.spawn(self._acknowledge(viewer, message.sequence, after), "acknowledge")

    async def _acknowledge(self, viewer: _Viewer, sequence: int, after: int) -> None:
        while viewer.newest_timestamp == after:  # noqa: ASYNC110 - aiortc tells nobody when it sends
            await asyncio.sleep(0.001)
        viewer.send(InputShown(sequence, viewer.newest_timestamp))

    async def _number(self) -> None:
        while True:
            await asyncio.sleep(1 / self.fps)
            self.picture.number = (self.picture.number + 1) & 0xFFFF

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            for viewer in list(self.viewers.values()) if self.statistics else []:
                with contextlib.suppress(ConnectionError):
                    viewer.send(StreamerStatistics(viewer.newest_timestamp, 1, self.fps, 1000, -120.0))
