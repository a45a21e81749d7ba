"""A viewer as the aiortc manual writes it: its own receivers and decoders, nothing of this project's receive path."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import aiohttp
import aioice.ice
import av
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from backend.contract import control
from backend.contract import input as wire
from backend.contract.control_json import to_streamer_json, to_viewer_from_json
from backend.contract.tasks import TaskScope
from backend.streamer.synthetic import COUNTER_BITS, COUNTER_SQUARE

Told = control.ToViewer


async def until(condition: Callable[[], object], seconds: float = 10.0, what: str = "") -> None:
    """Wait for a condition with a deadline."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds} s: {what or condition}"
        await asyncio.sleep(0.005)


def counter(luma: np.ndarray) -> int:
    """The number that the synthetic guest draws along the top, in a picture that is perhaps half as large."""
    square = COUNTER_SQUARE if luma.shape[1] >= COUNTER_BITS * COUNTER_SQUARE else COUNTER_SQUARE // 2
    middle = square // 2
    return sum(1 << bit for bit in range(COUNTER_BITS) if luma[middle, bit * square + middle] > 126)


def is_rtp(datagram: bytes) -> bool:
    """RTP and not RTCP (RFC 5761)."""
    return 127 < datagram[0] < 192 and not 64 <= (datagram[1] & 0x7F) < 96


Bend = Callable[[str, Callable[[str], Awaitable[str]]], Awaitable[str]]


async def straight(offer: str, answer: Callable[[str], Awaitable[str]]) -> str:
    """Nothing between the two."""
    return await answer(offer)


class TextbookViewer:
    """Plays one stream; frames, sound and control messages are kept. ``bend`` may put a relay between."""

    def __init__(self, base: str, *, audio: bool = True, channels: bool = True, bend: Bend = straight) -> None:
        self.base = base
        self._bend = bend
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.video = self.peer.addTransceiver("video", "recvonly")
        if audio:
            self.audio = self.peer.addTransceiver("audio", "recvonly")
        self.channels = {}
        if channels:
            self.channels = {
                control.KEYS_CHANNEL: self.peer.createDataChannel(control.KEYS_CHANNEL),
                control.POINTER_CHANNEL: self.peer.createDataChannel(
                    control.POINTER_CHANNEL, ordered=False, maxRetransmits=0
                ),
                control.CONTROL_CHANNEL: self.peer.createDataChannel(control.CONTROL_CHANNEL),
            }
            self.channels[control.CONTROL_CHANNEL].on("message", self._told)
        self.frames: list[av.VideoFrame] = []
        self.frame_times: list[float] = []
        self.sound: list[av.AudioFrame] = []
        self.told: list[Told] = []
        self.raw: list[str] = []
        self.location = ""
        self.session_lines: list[str] = []
        """Added to the offer, before its media sections."""
        self.sequence = 0
        self._scope = TaskScope("textbook viewer")
        self.peer.on("track", self._track)

    @property
    def numbers(self) -> list[int]:
        return [counter(frame.to_ndarray()) for frame in self.frames]

    async def __aenter__(self) -> "TextbookViewer":
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def offer(self) -> str:
        await self.peer.setLocalDescription(await self.peer.createOffer())
        session, mark, media = self.peer.localDescription.sdp.partition("m=")
        return "".join((session, *(f"{line}\r\n" for line in self.session_lines), mark, media))

    async def connect(self, *, hello: bool = True) -> None:
        answer = await self._bend(await self.offer(), self._post)
        await self.peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await until(lambda: self.peer.connectionState == "connected", what="connected")
        if self.channels:
            await until(lambda: all(c.readyState == "open" for c in self.channels.values()), what="channels open")
            if hello:
                self.say(control.ViewerHello("Ada"))
                await until(lambda: self.last(control.ControlState), what="greeting")

    async def _post(self, offer: str) -> str:
        headers = {"Content-Type": "application/sdp"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.base}/whep", data=offer, headers=headers) as reply,
        ):
            assert reply.status == 201, await reply.text()
            self.location = reply.headers["Location"]
            return await reply.text()

    async def close(self) -> None:
        await self.peer.close()
        await self._scope.close()

    async def end(self) -> int:
        async with aiohttp.ClientSession() as http, http.delete(self.base + self.location) as reply:
            return reply.status

    def say(self, message: control.ToStreamer) -> None:
        self.channels[control.CONTROL_CHANNEL].send(json.dumps(to_streamer_json(message)))

    def key(self, code: str, down: bool) -> int:
        self.sequence += 1
        self.channels[control.KEYS_CHANNEL].send(wire.encode(wire.Key(self.sequence, code, down)))
        return self.sequence

    def send(self, message: wire.InputMessage, channel: str = control.KEYS_CHANNEL) -> None:
        self.channels[channel].send(wire.encode(message))

    def last(self, kind: type) -> Told | None:
        return next((message for message in reversed(self.told) if isinstance(message, kind)), None)

    def all(self, kind: type) -> list[Told]:
        return [message for message in self.told if isinstance(message, kind)]

    def drop_datagrams(self, drop: Callable[[bytes], bool]) -> None:
        """Lose incoming datagrams for which ``drop`` is true."""
        connection: aioice.ice.Connection = self.video.receiver.transport.transport._connection
        pass_on = connection.data_received

        def filtered(data: bytes, component: int) -> None:
            if not drop(data):
                pass_on(data, component)

        vars(connection)["data_received"] = filtered

    def _told(self, text: str) -> None:
        self.raw.append(text)
        message = to_viewer_from_json(text)
        if message is not None:
            self.told.append(message)

    def _track(self, track: MediaStreamTrack) -> None:
        self._scope.spawn(self._play(track), track.kind)

    async def _play(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                self.frame_times.append(asyncio.get_running_loop().time())
                self.frames.append(frame)
            elif isinstance(frame, av.AudioFrame):
                self.sound.append(frame)
