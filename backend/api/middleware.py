"""Limits of every request, and the headers of every answer."""

import asyncio

from aiohttp import web

from backend.api.access import CALLER, IDENTITY
from backend.api.services import SERVICES, Handler
from backend.contract import routes
from backend.signaling.errors import RequestError

_UNLIMITED = frozenset((routes.HEALTHZ, routes.READYZ))
"""Whoever supervises must hear that the backend lives, the more so while somebody floods it."""
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Where a handler, such as the page's, has not set its own."""


@web.middleware
async def limit_rate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a caller that asks too often.

    Raises:
        TooManyRequestsError: 429, with the time to wait.
    """
    services = request.app[SERVICES]
    if request.path not in _UNLIMITED:
        services.clients.admit(request[CALLER])
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
        response.headers.setdefault(name, value)
    response.headers["Server"] = "loco-backend"
    response.headers[routes.CORRELATION_HEADER] = request.get(IDENTITY, "")
