"""How well the instances serve their viewers."""

import asyncio

import orjson
from aiohttp import web

from backend.api.services import SERVICES
from backend.contract.quality import quality_of_wall
from backend.signaling.errors import UnknownInstanceError

AT_ONCE = 50
"""Of a thousand instances so many are judged before others have a turn: a millisecond, where all would be fifteen."""


async def wall_quality(request: web.Request) -> web.Response:
    """GET: all instances, and the wall as a whole."""
    services = request.app[SERVICES]
    instances = services.registry.instances
    judged, rows = [], []
    for first in range(0, len(instances), AT_ONCE):
        some = [services.quality(instance) for instance in instances[first : first + AT_ONCE]]
        judged += some
        rows += [orjson.Fragment(orjson.dumps(each.to_json())) for each in some]
        await asyncio.sleep(0)
    body = orjson.dumps(quality_of_wall(judged) | {"instances": rows})
    return web.Response(body=body, content_type="application/json")


async def instance_quality(request: web.Request) -> web.Response:
    """GET: one instance."""
    services = request.app[SERVICES]
    instance = services.registry.get(request.match_info["id"])
    if instance is None:
        raise UnknownInstanceError(f"There is no instance {request.match_info['id']!r:.60} to judge.")
    return web.json_response(services.quality(instance).to_json())
