"""Which web pages may call: those of this backend itself."""

import ipaddress
import socket

from aiohttp import web
from yarl import URL

from backend.api.services import SERVICES, Handler
from backend.signaling.errors import RequestError


class ForeignOriginError(RequestError):
    """A web page of another site called."""

    status = 403
    title = "Foreign web page"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place that decides who may call; here: no web page of another site.

    A browser sends Origin with every WebSocket and POST. A page may call only the host that it came from, and that host
    must be an address or a known name: else a foreign name that resolves to this machine would pass (DNS rebinding).

    Raises:
        ForeignOriginError: a foreign page.
    """
    origin = request.headers.get("Origin")
    services = request.app[SERVICES]
    if origin is not None and not is_own_origin(origin, request.headers.get("Host", ""), services.allowed_hosts):
        services.metrics.refused_origins.inc()
        raise ForeignOriginError(
            f"Web pages of {origin!r:.80} may not call this backend. Open it by its address, or add the name to the "
            "setting allowed_hosts."
        )
    return await handler(request)


def is_own_origin(origin: str, host_header: str, allowed_hosts: frozenset[str]) -> bool:
    """Whether a page of ``origin`` may call this backend under the name ``host_header``."""
    try:
        page, own = URL(origin), URL(f"{URL(origin).scheme}://{host_header}")
        same = (page.host, page.port) == (own.host, own.port) and page.scheme in ("http", "https")
    except ValueError:
        return False
    return same and own.host is not None and _is_known_host(own.host, allowed_hosts)


def _is_known_host(host: str, allowed_hosts: frozenset[str]) -> bool:
    name = socket.gethostname().lower()
    if host in {"localhost", name, f"{name}.local"} | allowed_hosts:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
