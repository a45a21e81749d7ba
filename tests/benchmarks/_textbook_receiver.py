"""The baseline's receiver: all streams in one process, as aiortc's documentation shows it. Prints one JSON document."""

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from numpy.typing import NDArray

from tests.benchmarks import _counter

KEY = "KeyA"


class Stream:
    """One received stream and what was measured on it."""

    def __init__(self, index: int, clock: _counter.Clock, probe: tuple[int, int, int, int]) -> None:
        self.index = index
        self.delays_ms: list[float] = []
        self.key_delays_ms: list[float] = []
        self.broke_off = False
        self._clock = clock
        self._probe = probe
        self._luma: float | None = None
        self._pressed_at_s: float | None = None
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._channel = self._peer.createDataChannel("input")

    async def connect(self, http: aiohttp.ClientSession, url: str) -> Any:
        """Offer, take the answer; returns the remote track."""
        tracks: asyncio.Queue[Any] = asyncio.Queue()
        self._peer.on("track", tracks.put_nowait)
        self._peer.addTransceiver("video", direction="recvonly")
        await self._peer.setLocalDescription(await self._peer.createOffer())
        async with http.post(url, data=self._peer.localDescription.sdp) as response:
            answer = await response.text()
        await self._peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        return await tracks.get()

    async def receive(self, track: Any) -> None:
        """Decode to RGB, read the counter, watch the probe; until the connection breaks off, as it does under load."""
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                self.broke_off = True
                return
            rgb = frame.to_ndarray(format="rgb24")
            now_s = time.monotonic()
            made_at_s = self._clock.made_at_s(_counter.read(rgb))
            if made_at_s is not None:
                self.delays_ms.append((now_s - made_at_s) * 1000)
            self._watch(rgb, now_s)

    def press(self, *, down: bool) -> None:
        """Send the key; the time counts from the press. None is pressed while an answer is awaited, however late."""
        if self._channel.readyState == "open" and not (down and self._pressed_at_s is not None):
            if down:
                self._pressed_at_s = time.monotonic()
            self._channel.send(json.dumps({"code": KEY, "down": down}))

    def forget(self) -> None:
        """Drop what was measured so far (the warm-up)."""
        self.delays_ms.clear()
        self.key_delays_ms.clear()

    async def close(self) -> None:
        """End the connection."""
        await self._peer.close()

    def _watch(self, rgb: NDArray[np.uint8], now_s: float) -> None:
        x, y, width, height = self._probe
        luma = float(rgb[y : y + height, x : x + width].mean())
        changed = self._luma is not None and abs(luma - self._luma) > 20
        self._luma = luma
        if changed and self._pressed_at_s is not None:
            self.key_delays_ms.append((now_s - self._pressed_at_s) * 1000)
            self._pressed_at_s = None


async def measure(ports: list[int], clocks: list[Path], probe: list[int], warm_up_s: float, seconds: float) -> None:
    """Receive for ``seconds`` after ``warm_up_s`` and print the figures."""
    x, y, width, height = probe
    streams = [Stream(i, _counter.Clock(path), (x, y, width, height)) for i, path in enumerate(clocks)]
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        tasks = []
        for stream, port in zip(streams, ports, strict=True):
            track = await stream.connect(http, f"http://127.0.0.1:{port}/offer")
            tasks.append(group.create_task(stream.receive(track)))
        await asyncio.sleep(warm_up_s)
        for stream in streams:
            stream.forget()
        cpu_s, began_s = time.process_time(), time.monotonic()
        while time.monotonic() - began_s < seconds:
            for down in (True, False):
                for stream in streams:
                    stream.press(down=down)
                await asyncio.sleep(0.25)
        elapsed_s = time.monotonic() - began_s
        cpu_s = time.process_time() - cpu_s
        for task in tasks:
            task.cancel()
    figures = {
        "seconds": elapsed_s,
        "receiver_cpu_s": cpu_s,
        "broke_off": sum(stream.broke_off for stream in streams),
        "fps": [len(stream.delays_ms) / elapsed_s for stream in streams],
        "delays_ms": [delay for stream in streams for delay in stream.delays_ms],
        "key_delays_ms": [delay for stream in streams for delay in stream.key_delays_ms],
    }
    print(json.dumps(figures), flush=True)
    for stream in streams:
        await stream.close()


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, action="append", required=True)
    parser.add_argument("--clock", type=Path, action="append", required=True)
    parser.add_argument("--probe", type=int, nargs=4, required=True)
    parser.add_argument("--warm-up-s", type=float, default=6)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    asyncio.run(measure(options.port, options.clock, options.probe, options.warm_up_s, options.seconds))


if __name__ == "__main__":
    main()
