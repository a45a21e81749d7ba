"""How well the instances serve their viewers."""

from aiohttp import web

from backend.api.services import SERVICES
from backend.contract.quality import quality_of_wall
from backend.signaling.errors import UnknownInstanceError


async def wall_quality(request: web.Request) -> web.Response:
    """GET: all instances, and the wall as a whole."""
    services = request.app[SERVICES]
    return web.json_response(quality_of_wall(tuple(map(services.quality, services.registry.instances))))


async def instance_quality(request: web.Request) -> web.Response:
    """GET: one instance."""
    services = request.app[SERVICES]
    instance = services.registry.get(request.match_info["id"])
    if instance is None:
        raise UnknownInstanceError(f"There is no instance {request.match_info['id']!r:.60} to judge.")
    return web.json_response(services.quality(instance).to_json())
