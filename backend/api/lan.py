"""The guests' Ethernet: rooms, ports, and who reaches whom."""

from aiohttp import web

from backend.api.services import SERVICES


async def lan(request: web.Request) -> web.Response:
    """GET: what the switch tells of itself."""
    return web.Response(body=await request.app[SERVICES].lan.body(), content_type="application/json")
