"""The baseline's sender: one guest streamed as aiortc's documentation shows it, in a process of its own."""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from numpy.typing import NDArray

from backend.contract.keys import BY_CODE
from backend.qemu.guest import Guest
from tests.benchmarks import _counter
from tests.benchmarks._clip import PolledClip, read


class GuestTrack(VideoStreamTrack):
    """Polls a picture at aiortc's 30 fps, whether it changed or not."""

    def __init__(self, look: Callable[[], NDArray[np.uint8] | None], clock: _counter.Clock) -> None:
        super().__init__()
        self._look = look
        self._clock = clock
        self._pixels: NDArray[np.uint8] = np.zeros((480, 640, 4), np.uint8)
        self._number = 0

    async def recv(self) -> av.VideoFrame:
        """The current picture as RGB, numbered."""
        pts, time_base = await self.next_timestamp()
        pixels = self._look()
        made_at_s = time.monotonic()
        if pixels is not None:
            self._pixels = pixels
        rgb = np.ascontiguousarray(self._pixels[..., 2::-1])
        self._number += 1
        _counter.paint(rgb, self._number)
        self._clock.made(self._number, made_at_s)
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Source(NamedTuple):
    """What is streamed."""

    look: Callable[[], NDArray[np.uint8] | None]
    press: Callable[[str, bool], None]
    run: Callable[[], Awaitable[None]]


def guest_source(directory: Path) -> Source:
    """A real guest."""
    guest = Guest(directory, on_picture=lambda: None, on_sound=lambda: None, on_report=lambda _report: None)

    def look() -> NDArray[np.uint8] | None:
        damage = guest.screen.take()
        return None if damage is None else damage.pixels

    return Source(look, lambda code, down: guest.key(BY_CODE[code], down), guest.run)


def clip_source(clip: Path) -> Source:
    """The clip of the media benchmark."""
    return Source(PolledClip(read(clip)).take, lambda _code, _down: None, _never)


async def _never() -> None:
    await asyncio.Event().wait()


async def serve(source: Source, port: int, clock: _counter.Clock) -> None:
    """Answer offers on ``port`` until ended."""
    peers: set[RTCPeerConnection] = set()

    async def offer(request: web.Request) -> web.Response:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peers.add(peer)

        @peer.on("datachannel")
        def opened(channel: object) -> None:
            channel.on("message", press)  # type: ignore[attr-defined]  # aiortc's emitter is untyped

        def press(text: str) -> None:
            key = json.loads(text)
            source.press(key["code"], key["down"])

        await peer.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
        peer.addTrack(GuestTrack(source.look, clock))
        await peer.setLocalDescription(await peer.createAnswer())
        return web.Response(text=peer.localDescription.sdp)

    application = web.Application()
    application.router.add_post("/offer", offer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await source.run()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--directory", type=Path, help="run directory of a guest")
    source.add_argument("--clip", type=Path, help="pictures in the place of a guest")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clock", type=Path, required=True)
    options = parser.parse_args()
    streamed = guest_source(options.directory) if options.directory else clip_source(options.clip)
    asyncio.run(serve(streamed, options.port, _counter.Clock(options.clock)))


if __name__ == "__main__":
    main()
