"""For whoever supervises the backend."""

from aiohttp import web

from backend.api.openapi import document
from backend.api.services import SERVICES
from backend.signaling.errors import RequestError


async def healthz(_request: web.Request) -> web.Response:
    """GET: the process answers."""
    return web.json_response({"ok": True})


async def readyz(request: web.Request) -> web.Response:
    """GET: 200 from the first complete list until the backend is about to stop."""
    registry = request.app[SERVICES].registry
    if request.app[SERVICES].stopping.is_set():
        raise RequestError("This backend is stopping. Ask another one.", status=503, title="Stopping")
    if not registry.synced:
        detail = registry.trouble or "The first complete list of instances has not come yet. Ask again."
        raise RequestError(detail, status=503, title="Not ready")
    return web.json_response({"ok": True})


async def metrics(request: web.Request) -> web.Response:
    """GET: Prometheus exposition."""
    body = request.app[SERVICES].metrics.text()
    return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def openapi(_request: web.Request) -> web.Response:
    """GET: the OpenAPI document."""
    return web.json_response(document())
