"""The real server against its own OpenAPI document, with requests of schemathesis: right ones and wrong ones."""

import asyncio
import copy
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup

from backend.api.openapi import document
from backend.contract import routes

OPERATIONS = [
    (path, method)
    for path, item in document()["paths"].items()
    for method in item
    if method != "parameters" and path != routes.EVENTS  # a WebSocket, which schemathesis does not speak
]
FALLIBLE = [
    (path, method) for path, method in OPERATIONS if "{" in path or "requestBody" in document()["paths"][path][method]
]


@schemathesis.serializer("application/sdp", "application/trickle-ice-sdpfrag")
def _sdp(_context: Any, value: Any) -> bytes:
    return str(value).encode(errors="replace")


def hammer(whole: dict[str, Any], url: str, path: str, method: str, mode: GenerationMode) -> int:
    """Send requests and hold each answer against a document; returns how many were sent."""
    operation = schemathesis.openapi.from_dict(whole)[path][method]
    sent = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=30, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def one(case: Case[Any]) -> None:
        nonlocal sent
        sent += 1
        case.call_and_validate(base_url=url, timeout=10)

    one()
    return sent


def address(backend: Any) -> str:
    return str(backend.client.make_url("")).rstrip("/")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
async def test_right_requests_are_answered_as_the_document_says(backend: Any, path: str, method: str) -> None:
    if method in ("patch", "delete"):
        backend.streamer.answer = {"status": 204}
    assert await asyncio.to_thread(hammer, document(), address(backend), path, method, GenerationMode.POSITIVE)


@pytest.mark.parametrize(("path", "method"), FALLIBLE)
async def test_wrong_requests_are_refused_as_the_document_says(backend: Any, path: str, method: str) -> None:
    assert await asyncio.to_thread(hammer, document(), address(backend), path, method, GenerationMode.NEGATIVE)


async def test_a_document_that_is_wrong_would_be_noticed(backend: Any) -> None:
    whole = copy.deepcopy(document())
    whole["components"]["schemas"]["Health"]["properties"]["ok"] = {"type": "string"}
    with pytest.raises(FailureGroup):
        await asyncio.to_thread(hammer, whole, address(backend), routes.HEALTHZ, "get", GenerationMode.POSITIVE)
