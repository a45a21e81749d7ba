"""What happens to every request, outermost first: identity and log, errors, guard, time limit."""

import asyncio
import ipaddress
import logging
import re
import socket
import time
import uuid
from collections.abc import Awaitable, Callable

from aiohttp import web
from yarl import URL

from backend.api import problems
from backend.api.services import SERVICES
from backend.contract import logs, routes
from backend.signaling.errors import RequestError

log = logging.getLogger(__name__)
access_log = logging.getLogger("backend.access")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
IDENTITY = web.RequestKey("identity", str)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET = frozenset((routes.HEALTHZ, routes.READYZ, routes.METRICS))
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "loco-backend",
}


class ForeignOriginError(RequestError):
    """A web page of another site called."""

    status = 403
    title = "Foreign web page"


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request a correlation id, log and measure it, and turn every error into a problem document."""
    told = request.headers.get(routes.CORRELATION_HEADER, "")
    request[IDENTITY] = told if _WELL_FORMED.fullmatch(told) else uuid.uuid4().hex[:16]
    token = logs.correlation_id.set(request[IDENTITY])
    started = time.perf_counter()
    try:
        response = await _answered(request, handler)
        _account(request, response, time.perf_counter() - started)
        return response
    finally:
        logs.correlation_id.reset(token)


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


@web.middleware
async def limit_time(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Stop a request that takes too long, also one whose body never comes.

    Raises:
        RequestError: 503 when the time is over.
    """
    if request.path == routes.EVENTS:
        return await handler(request)
    limit_s = request.app[SERVICES].request_timeout_s
    try:
        async with asyncio.timeout(limit_s) as scope:
            return await handler(request)
    except TimeoutError as error:
        if not scope.expired():
            raise
        detail = f"The request was not done within {limit_s:g} s. Try again."
        raise RequestError(detail, status=503, title="Took too long") from error


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: security headers and the correlation id on every response, WebSockets included."""
    for name, value in _SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)  # the page for browsers has a policy of its own
    response.headers[routes.CORRELATION_HEADER] = request.get(IDENTITY, "")


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


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RequestError as error:
        return problems.of_request_error(error)
    except web.HTTPException as error:
        return problems.of_http_exception(request, error)
    except ConnectionResetError:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return problems.internal_error()


def _account(request: web.Request, response: web.StreamResponse, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "other"
    metrics = request.app[SERVICES].metrics
    metrics.requests.labels(route, request.method if route != "other" else "other", str(response.status)).inc()
    if route != routes.EVENTS:
        metrics.request_seconds.labels(route).observe(seconds)
    level = logging.DEBUG if request.path in _QUIET and response.status == 200 else logging.INFO
    access_log.log(
        level,
        "%s %.200s from %s: %d in %.1f ms",
        request.method,
        request.path,
        request.remote,
        response.status,
        seconds * 1000,
    )
