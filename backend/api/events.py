"""The event stream: ``GET /api/events`` as a WebSocket, messages of :mod:`backend.contract.events`.

A reader that does not read costs a bounded amount of memory for a bounded time: its backlog becomes one snapshot, its
socket holds a fixed number of bytes, and when it takes in nothing for a while it is cut off.
"""

import asyncio
import socket as sockets
import time

from aiohttp import WSCloseCode, WSMsgType, web

from backend.api.access import CALLER
from backend.api.event_frames import EventFrames
from backend.api.services import SERVICES, Services
from backend.contract.events import Event
from backend.contract.tasks import within
from backend.discovery.registry import Registry, Subscription
from backend.signaling.errors import RequestError

HEARTBEAT_S = 10.0
"""A peer that does not answer a ping within half of this is gone."""
MAX_INCOMING_BYTES = 1024
SOCKET_BYTES = 128 * 1024
"""What the kernel keeps for one reader; left alone, it would keep up to 4 MiB."""
BACKLOG_BYTES = 16 * 1024
"""What may wait for a reader's socket before the next events are put behind it."""
LOOK_S = 0.02
"""Between two looks at a socket that is full; a reader that is full does not miss 20 ms."""
CLOSE_S = 1.0
"""For the peer to say goodbye; a stopping backend has little more."""


class Streams:
    """The open streams of one application."""

    def __init__(self, registry: Registry) -> None:
        self.frames = EventFrames(registry)
        self._open: dict[web.WebSocketResponse, asyncio.Transport] = {}

    def add(self, socket: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        """Keep a stream that has begun."""
        raw = transport.get_extra_info("socket")
        if raw is not None and raw.family in (sockets.AF_INET, sockets.AF_INET6):
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, SOCKET_BYTES // 2)  # the kernel doubles it
        self._open[socket] = transport

    def end(self, socket: web.WebSocketResponse) -> None:
        """Forget a stream that has ended; what its peer does not take in soon is thrown away."""
        transport = self._open.pop(socket, None)
        if transport is not None:
            asyncio.get_running_loop().call_later(CLOSE_S, transport.abort)

    async def close_all(self) -> None:
        """Tell all readers that the backend goes."""
        await asyncio.gather(*(self._close(socket) for socket in list(self._open)))

    async def _close(self, socket: web.WebSocketResponse) -> None:
        transport = self._open[socket]
        try:
            await within(CLOSE_S, socket.close(code=WSCloseCode.GOING_AWAY, message=b"the backend stops"))
        except TimeoutError:
            transport.abort()


STREAMS: web.AppKey[Streams] = web.AppKey("streams", Streams)


async def events(request: web.Request) -> web.WebSocketResponse:
    """Snapshot first, then changes; a sign of life at least every two seconds."""
    services, streams = request.app[SERVICES], request.app[STREAMS]
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, timeout=CLOSE_S, max_msg_size=MAX_INCOMING_BYTES, compress=False
    )
    if not socket.can_prepare(request):
        detail = "Event streams are WebSockets: connect with a WebSocket client, or read /api/instances/live."
        raise RequestError(detail, status=426, title="Upgrade required")
    with services.clients.stream(request[CALLER]):
        await socket.prepare(request)
        if (transport := request.transport) is None:
            return socket  # the caller left while the stream began
        streams.add(socket, transport)
        try:
            async with asyncio.TaskGroup() as tasks:
                sender = tasks.create_task(_send(socket, transport, request.app), name="event sender")
                await _drain(socket, services)
                sender.cancel()
        finally:
            streams.end(socket)
    return socket


async def close_all(app: web.Application) -> None:
    """Shutdown handler."""
    await app[STREAMS].close_all()


async def _send(socket: web.WebSocketResponse, transport: asyncio.Transport, app: web.Application) -> None:
    services, frames = app[SERVICES], app[STREAMS].frames
    with services.registry.subscribe() as subscription:
        while not socket.closed:
            events = await _next(subscription, services)
            if socket.closed or transport.is_closing():
                return
            transport.write(b"".join([frames.of(event) for event in events]))
            services.metrics.events_sent.inc(len(events))
            if not await _taken(transport, services.send_timeout_s):
                services.metrics.slow_readers.inc()
                transport.abort()


async def _taken(transport: asyncio.Transport, timeout_s: float) -> bool:
    """Wait until the socket has taken most of what was written; False when it takes nothing for ``timeout_s``."""
    least, since_s = transport.get_write_buffer_size(), time.monotonic()
    while (waiting := transport.get_write_buffer_size()) > BACKLOG_BYTES:
        if waiting < least:
            least, since_s = waiting, time.monotonic()
        elif time.monotonic() - since_s >= timeout_s:
            return False
        await asyncio.sleep(LOOK_S)
    return True


async def _next(subscription: Subscription, services: Services) -> list[Event]:
    try:
        async with asyncio.timeout(services.freshness_s):
            return await subscription.batch()
    except TimeoutError:
        return [services.registry.freshness()]


async def _drain(socket: web.WebSocketResponse, services: Services) -> None:
    """Read until the peer closes; nothing is expected from it."""
    async for message in socket:
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            services.metrics.events_ignored.inc()
