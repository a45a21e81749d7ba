"""The baseline's sender: one guest streamed as aiortc's documentation shows it, in a process of its own."""

import argparse
import asyncio
import json
import time
from pathlib import Path

import av
import numpy as np
from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from numpy.typing import NDArray

from backend.contract.keys import BY_CODE
from backend.qemu.guest import Guest
from tests.benchmarks import _counter


class GuestTrack(VideoStreamTrack):
    """Polls the guest's picture at aiortc's 30 fps, whether it changed or not."""

    def __init__(self, guest: Guest, clock: _counter.Clock) -> None:
        super().__init__()
        self._guest = guest
        self._clock = clock
        self._pixels: NDArray[np.uint8] = np.zeros((480, 640, 4), np.uint8)
        self._number = 0

    async def recv(self) -> av.VideoFrame:
        """The current picture as RGB, numbered."""
        pts, time_base = await self.next_timestamp()
        damage = self._guest.screen.take()
        made_at_s = time.monotonic()
        if damage is not None:
            self._pixels = damage.pixels
        rgb = np.ascontiguousarray(self._pixels[..., 2::-1])
        self._number += 1
        _counter.paint(rgb, self._number)
        self._clock.made(self._number, made_at_s)
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


async def serve(directory: Path, port: int, clock: _counter.Clock) -> None:
    """Answer offers on ``port`` until ended."""
    guest = Guest(directory, on_picture=lambda: None, on_sound=lambda: None, on_report=lambda _report: None)
    peers: set[RTCPeerConnection] = set()

    async def offer(request: web.Request) -> web.Response:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peers.add(peer)

        @peer.on("datachannel")
        def opened(channel: object) -> None:
            channel.on("message", press)  # type: ignore[attr-defined]  # aiortc's emitter is untyped

        def press(text: str) -> None:
            key = json.loads(text)
            guest.key(BY_CODE[key["code"]], key["down"])

        await peer.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
        peer.addTrack(GuestTrack(guest, clock))
        await peer.setLocalDescription(await peer.createAnswer())
        return web.Response(text=peer.localDescription.sdp)

    application = web.Application()
    application.router.add_post("/offer", offer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await guest.run()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clock", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.directory, options.port, _counter.Clock(options.clock)))


if __name__ == "__main__":
    main()
