import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from backend.api import problems
from backend.contract import logs
from backend.contract.problem import CONTENT_TYPE, Problem
from backend.signaling.errors import InstanceLostError, RequestError


def read(response: web.Response) -> Problem:
    assert response.content_type == CONTENT_TYPE
    assert response.text is not None
    document = Problem.from_json(response.text)
    assert document.status == response.status
    return document


def of(error: web.HTTPException) -> web.Response:
    request: Any = make_mocked_request("PUT", "/somewhere")
    return problems.of_http_exception(request, error)


def test_an_error_says_when_to_try_again() -> None:
    response = problems.of_request_error(InstanceLostError("Its node is down."))
    assert (read(response).detail, response.headers["Retry-After"]) == ("Its node is down.", "2")
    assert "Retry-After" not in problems.of_request_error(RequestError("No.")).headers


def test_what_the_server_raises_is_put_into_words() -> None:
    assert "/somewhere" in read(of(web.HTTPNotFound())).detail
    response = of(web.HTTPMethodNotAllowed("PUT", ["GET", "HEAD"]))
    assert "GET, HEAD" in read(response).detail
    assert response.headers["Allow"] == "GET, HEAD"
    assert "send less" in read(of(web.HTTPRequestEntityTooLarge(1, 2))).detail
    assert read(of(web.HTTPConflict(text="Two at once."))).detail == "Two at once."


def test_the_correlation_id_of_the_request_is_named() -> None:
    token = logs.correlation_id.set("abc")
    try:
        response = problems.internal_error()
    finally:
        logs.correlation_id.reset(token)
    assert read(response).correlation_id == "abc"
    assert json.loads(response.text or "")["type"] == "about:blank"
