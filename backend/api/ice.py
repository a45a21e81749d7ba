"""STUN and TURN servers for a viewer."""

import logging

from aiohttp import web

from backend.api.access import IDENTITY
from backend.api.services import SERVICES
from backend.contract.errors import SettingsError
from backend.signaling.errors import RequestError

log = logging.getLogger(__name__)


async def ice_servers(request: web.Request) -> web.Response:
    """GET: the servers, with a credential of its own for this request.

    The correlation id is the user's name, so that a line in the TURN server's log leads to ours.
    """
    services = request.app[SERVICES]
    try:
        servers = services.ice.servers(request[IDENTITY])
    except SettingsError as error:
        log.error("no TURN credentials: %s", error)  # noqa: TRY400 - the sentence says it all
        detail = "The backend cannot read its TURN secret; its log says more. Connect without a relay meanwhile."
        raise RequestError(detail, status=503, title="No TURN credentials") from error
    services.metrics.ice_answers.inc()
    return web.json_response(servers.to_json())
