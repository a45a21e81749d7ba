"""Runs GStreamer's webrtcbin on the clip: one sender process a stream, one receiver for all."""

from contextlib import AsyncExitStack
from pathlib import Path

from tests.benchmarks._arrivals import Run, clocks_in, watch
from tests.benchmarks._children import SYSTEM_PYTHON, child


async def measure(clip: Path, directory: Path, streams: int, *, warm_up_s: float, seconds: float) -> Run:
    """One run."""
    paths, clocks = clocks_in(directory, streams)
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(
            child("tests.benchmarks._gst_receiver", streams, python=SYSTEM_PYTHON)
        )
        senders = [
            await stack.enter_async_context(child("tests.benchmarks._gst_sender", clip, path, python=SYSTEM_PYTHON))
            for path in paths
        ]
        for sender in senders:
            await receiver.write(await sender.read())
            await sender.write(await receiver.read())
        assert await receiver.read() == "live"
        return await watch(receiver, [sender.pid for sender in senders], clocks, warm_up_s=warm_up_s, seconds=seconds)
