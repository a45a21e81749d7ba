"""Identity, log and measurement of every request; the outermost middleware."""

import logging
import re
import time
import uuid

from aiohttp import web

from backend.api import problems
from backend.api.services import SERVICES, Handler
from backend.contract import logs, routes
from backend.signaling.errors import RequestError

log = logging.getLogger(__name__)
access_log = logging.getLogger("backend.access")

IDENTITY = web.RequestKey("identity", str)
CALLER = web.RequestKey("caller", str)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET = frozenset((routes.HEALTHZ, routes.READYZ, routes.METRICS))


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request a correlation id, log and measure it, and turn every error into a problem document."""
    told = request.headers.get(routes.CORRELATION_HEADER, "")
    services = request.app[SERVICES]
    request[IDENTITY] = told if _WELL_FORMED.fullmatch(told) else uuid.uuid4().hex[:16]
    request[CALLER] = services.clients.caller(request.remote or "", request.headers.getall("X-Forwarded-For", []))
    logs.correlation_id.set(request[IDENTITY])  # aiohttp answers each request in a context of its own
    if _WELL_FORMED.fullmatch(instance_id := request.match_info.get("id", "")):
        logs.instance.set(instance_id)
    services.metrics.requests_open.inc()
    started = time.perf_counter()
    try:
        response = await _answered(request, handler)
        if services.stopping.is_set() and not response.prepared:
            response.force_close()  # so that the caller's next request goes to another replica
        _account(request, response, time.perf_counter() - started)
        return response
    finally:
        services.metrics.requests_open.dec()


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RequestError as error:
        if error.status == 429:
            request.app[SERVICES].metrics.refused_rates.inc()
        return problems.of_request_error(error)
    except web.HTTPException as error:
        return problems.of_http_exception(request, error)
    except ConnectionResetError:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.rel_url.raw_path[:200])
        return problems.internal_error()


def _account(request: web.Request, response: web.StreamResponse, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "other"
    metrics = request.app[SERVICES].metrics
    metrics.requests.labels(route, request.method if route != "other" else "other", str(response.status)).inc()
    if route != routes.EVENTS:
        metrics.request_seconds.labels(route).observe(seconds)
    level = logging.DEBUG if request.path in _QUIET and response.status == 200 else logging.INFO
    if not access_log.isEnabledFor(level):
        return
    fields = {
        "method": request.method,
        "path": request.rel_url.raw_path[:200],  # still encoded: a line break in it forges no line of log
        "route": route,
        "status": response.status,
        "duration_ms": round(seconds * 1000, 3),
        "caller": request[CALLER],
        "user_agent": request.headers.get("User-Agent", "")[:120],
    }
    access_log.log(
        level,
        *("%(method)s %(path)s from %(caller)s: %(status)d in %(duration_ms).1f ms", fields),
        extra={logs.FIELDS: fields},
    )
