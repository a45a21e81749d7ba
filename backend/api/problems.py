"""Every error as a problem document (RFC 9457)."""

import http
import json

from aiohttp import web

from backend.contract import logs
from backend.contract.problem import CONTENT_TYPE, Problem
from backend.contract.routes import OPENAPI
from backend.signaling.errors import RequestError


def response_of(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> web.Response:
    """A problem document with the correlation id of the running request."""
    document = Problem(status, title, detail, logs.correlation_id.get())
    return web.Response(
        status=status, text=json.dumps(document.to_json()), content_type=CONTENT_TYPE, headers=headers or {}
    )


def of_request_error(error: RequestError) -> web.Response:
    """The answer to an error that was raised for the caller."""
    headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    return response_of(error.status, error.title, str(error), headers)


def of_http_exception(request: web.Request, error: web.HTTPException) -> web.Response:
    """The answer to what aiohttp raises by itself."""
    title = http.HTTPStatus(error.status).phrase
    match error:
        case web.HTTPNotFound():
            detail = f"There is nothing at {request.path:.200}. The paths are listed in {OPENAPI}."
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            detail = f"{request.method:.20} is not possible here; possible: {allowed}."
            return response_of(error.status, title, detail, {"Allow": allowed})
        case web.HTTPRequestEntityTooLarge():
            detail = "The request is larger than any real one; send less."
        case _:
            detail = error.text or title
    return response_of(error.status, title, detail)


def internal_error() -> web.Response:
    """The answer to a bug: the log has the rest, under the same correlation id."""
    detail = "The backend failed to answer; its log tells more under this correlation id. The rest goes on working."
    return response_of(500, "Internal error", detail)
