"""The baseline's receiver for the clip: aiortc as its documentation shows it, all streams in one process.

``python -m tests.benchmarks._textbook_player OFFER_URL...`` writes ``"live"`` when each stream has a picture, and a
report of all arrivals when its input ends.
"""

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from tests.benchmarks import _counter
from tests.loco_kiosk.waiting import until

Arrivals = list[tuple[int, float]]


async def connect(http: aiohttp.ClientSession, url: str, peer: RTCPeerConnection) -> Any:
    """Offer, take the answer; the remote track."""
    tracks: asyncio.Queue[Any] = asyncio.Queue()
    peer.on("track", tracks.put_nowait)
    peer.addTransceiver("video", direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    async with http.post(url, data=peer.localDescription.sdp) as response:
        answer = await response.text()
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return await tracks.get()


async def play(track: Any, arrivals: Arrivals) -> None:
    """Decode to RGB, read the counter."""
    while True:
        frame = await track.recv()
        rgb = frame.to_ndarray(format="rgb24")
        arrivals.append((_counter.read(rgb), time.monotonic()))


async def main() -> None:
    """Receive until the input ends."""
    urls = sys.argv[1:]
    arrivals: list[Arrivals] = [[] for _ in urls]
    offered_s = []
    peers = []
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as tasks:
        playing = []
        for url, into in zip(urls, arrivals, strict=True):
            peers.append(RTCPeerConnection(RTCConfiguration(iceServers=[])))
            offered_s.append(time.monotonic())
            track = await connect(http, url, peers[-1])
            playing.append(tasks.create_task(play(track, into)))
        await until(lambda: all(arrivals), 60.0)
        print(json.dumps("live"), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps({"arrivals": arrivals, "offered_s": offered_s}), flush=True)
        for task in playing:
            task.cancel()
    for peer in peers:
        await peer.close()


if __name__ == "__main__":
    asyncio.run(main())
