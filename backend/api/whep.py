"""The HTTP face of the WHEP broker (draft-ietf-wish-whep)."""

from aiohttp import web

from backend.api.services import SERVICES
from backend.signaling.broker import Reply
from backend.signaling.errors import RequestError

SDP = "application/sdp"
SDP_FRAGMENT = "application/trickle-ice-sdpfrag"


async def open_session(request: web.Request) -> web.Response:
    """POST: an SDP offer; 201 with the answer and a Location."""
    _require_type(request, SDP)
    broker = request.app[SERVICES].broker
    return _response(await broker.open(request.match_info["id"], await request.read(), request.headers))


async def change_session(request: web.Request) -> web.Response:
    """PATCH: trickle ICE or ICE restart."""
    _require_type(request, SDP_FRAGMENT)
    return await _change(request)


async def close_session(request: web.Request) -> web.Response:
    """DELETE: the viewer goes."""
    return await _change(request)


async def _change(request: web.Request) -> web.Response:
    instance_id, session = request.match_info["id"], request.match_info["session"]
    broker = request.app[SERVICES].broker
    body = await request.read()
    return _response(await broker.change(instance_id, session, request.method, body, request.headers))


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, body=reply.body, headers=reply.headers)


def _require_type(request: web.Request, wanted: str) -> None:
    if request.content_type != wanted:
        detail = f"Send Content-Type: {wanted}, not {request.content_type:.60}."
        raise RequestError(detail, status=415, title="Unsupported media type")
