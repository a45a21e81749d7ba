"""The event stream: ``GET /api/events`` as a WebSocket, messages of :mod:`backend.contract.events`."""

import asyncio
import json

from aiohttp import WSMsgType, web

from backend.api.services import SERVICES, Services
from backend.contract.events import event_to_json
from backend.discovery.registry import Subscription
from backend.signaling.errors import RequestError

HEARTBEAT_S = 10.0
"""A peer that does not answer a ping within half of this is gone."""
MAX_INCOMING_BYTES = 1024


async def events(request: web.Request) -> web.WebSocketResponse:
    """Snapshot first, then changes; a sign of life at least every two seconds."""
    services = request.app[SERVICES]
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_INCOMING_BYTES)
    if not socket.can_prepare(request):
        detail = "Event streams are WebSockets: connect with a WebSocket client, or read /api/instances/live."
        raise RequestError(detail, status=426, title="Upgrade required")
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    try:
        async with asyncio.TaskGroup() as tasks:
            sender = tasks.create_task(_send(socket, services), name="event sender")
            await _drain(socket, services)
            sender.cancel()
    finally:
        request.app[SOCKETS].discard(socket)
    return socket


async def close_all(app: web.Application) -> None:
    """Shutdown handler: tell the readers that the backend goes."""
    sockets = app[SOCKETS].copy()
    await asyncio.gather(*(socket.close(code=1001, message=b"the backend stops") for socket in sockets))


SOCKETS: web.AppKey[set[web.WebSocketResponse]] = web.AppKey("sockets", set)


async def _send(socket: web.WebSocketResponse, services: Services) -> None:
    with services.registry.subscribe() as subscription:
        try:
            while not socket.closed:
                await socket.send_str(await _next(subscription, services))
                services.metrics.events_sent.inc()
        except ConnectionError:
            return


async def _next(subscription: Subscription, services: Services) -> str:
    try:
        async with asyncio.timeout(services.freshness_s):
            event = await subscription.get()
    except TimeoutError:
        event = services.registry.freshness()
    return json.dumps(event_to_json(event))


async def _drain(socket: web.WebSocketResponse, services: Services) -> None:
    """Read until the peer closes; nothing is expected from it."""
    async for message in socket:
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            services.metrics.events_ignored.inc()
