"""Streamers of a thousand pretended pods in one process: each reports its status at once and every second.

``python -m tests.benchmarks._streamers`` writes its port. The address that a request came to tells the instance: the
pod of ordinal N has :func:`address_of` (N), and all of 127.0.0.0/8 is this machine.
"""

import asyncio
import json
import sys

from aiohttp import web

from backend.contract import routes
from backend.contract.status import GuestReport, GuestState, StreamerStatus


def address_of(ordinal: int) -> str:
    """Address of a pod."""
    return f"127.1.{ordinal // 250}.{ordinal % 250 + 1}"


def ordinal_of(address: str) -> int:
    """The pod of an address."""
    _, _, high, low = address.split(".")
    return int(high) * 250 + int(low) - 1


async def status_events(request: web.Request) -> web.StreamResponse:
    """The status stream of a streamer."""
    assert request.transport is not None
    ordinal = ordinal_of(request.transport.get_extra_info("sockname")[0])
    status = StreamerStatus(instance=f"instance-{ordinal}", guest=GuestReport(GuestState.RUNNING), fps=30.0)
    line = json.dumps(status.to_json()).encode() + b"\n"
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(line)
        await asyncio.sleep(1.0)


async def main() -> None:
    """Serve until the input ends."""
    app = web.Application()
    app.router.add_get(routes.STREAMER_STATUS_EVENTS, status_events)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0, backlog=2048)  # all of 127.0.0.0/8
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
