"""The aiohttp application: all routes in one table."""

from aiohttp import web

from backend.api import access, events, health, ice, instances, lan, middleware, origins, quality, whep
from backend.api.services import SERVICES, Services
from backend.contract import routes
from backend.web.page import Page


def create_application(services: Services) -> web.Application:
    """Build the application; it starts nothing by itself."""
    app = web.Application(
        middlewares=[access.identify, middleware.limit_rate, origins.guard, middleware.limit_time],
        client_max_size=services.body_limit_bytes,
    )
    app[SERVICES] = services
    app[events.STREAMS] = events.Streams(services.registry)
    app.on_response_prepare.append(middleware.add_headers)
    app.on_shutdown.append(events.close_all)
    app.add_routes(
        [
            web.get(routes.INSTANCES, instances.list_instances),
            web.get(routes.LIVE, instances.live),
            web.post(routes.REFRESH, instances.refresh),
            web.get(routes.QUALITY, quality.wall_quality),
            web.get(routes.INSTANCE_QUALITY, quality.instance_quality),
            web.get(routes.ICE, ice.ice_servers),
            web.get(routes.LAN, lan.lan),
            web.get(routes.DISCOVERY, instances.discovery),
            web.get(routes.EVENTS, events.events, allow_head=False),
            web.get(routes.FOCUS, instances.get_focus),
            web.put(routes.FOCUS, instances.put_focus),
            web.post(routes.RECOVER, instances.recover),
            web.post(routes.WHEP, whep.open_session),
            web.patch(routes.WHEP_SESSION, whep.change_session),
            web.delete(routes.WHEP_SESSION, whep.close_session),
            web.get(routes.OPENAPI, health.openapi),
            web.get(routes.HEALTHZ, health.healthz),
            web.get(routes.READYZ, health.readyz),
            web.get(routes.METRICS, health.metrics),
        ]
    )
    app.add_routes(Page().routes())
    return app
