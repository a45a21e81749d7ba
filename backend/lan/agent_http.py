"""What a port agent tells over HTTP: probes and metrics."""

from aiohttp import web

from backend.contract import routes
from backend.lan.agent import Agent
from backend.lan.http import healthz
from backend.lan.metrics import PortCollector, exposition


def application(agent: Agent) -> web.Application:
    """Of one agent; ready is one that the switch has taken in."""

    async def readyz(_request: web.Request) -> web.Response:
        text = "Connected with the switch." if agent.is_connected else "The switch does not answer; trying again."
        return web.Response(text=f"{text}\n", status=200 if agent.is_connected else 503)

    async def metrics(_request: web.Request) -> web.Response:
        text = exposition(PortCollector(lambda: [("", agent.port)]))
        return web.Response(body=text, content_type="text/plain", charset="utf-8")

    app = web.Application()
    app.add_routes([web.get(routes.HEALTHZ, healthz), web.get(routes.READYZ, readyz), web.get(routes.METRICS, metrics)])
    return app
