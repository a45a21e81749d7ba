import asyncio
import logging
from typing import Any

import pytest

from backend.api.middleware import is_own_origin
from backend.api.services import SERVICES
from backend.contract.problem import Problem


async def problem(response: Any) -> Problem:
    assert response.content_type == "application/problem+json"
    document = Problem.from_json(await response.text())
    assert document.status == response.status
    assert document.correlation_id == response.headers["X-Correlation-ID"]
    assert document.detail
    return document


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api/instances/instance-0", 404),
        ("GET", "/api/instances/../../etc/passwd", 404),
        ("PUT", "/api/instances", 405),
        ("DELETE", "/api/focus", 405),
        ("POST", "/api/instances/instance-0/whep", 415),
    ],
)
async def test_every_error_is_a_problem_document(backend: Any, method: str, path: str, status: int) -> None:
    async with backend.client.request(method, path) as response:
        assert response.status == status
        document = await problem(response)
        if status == 405:
            assert "GET" in response.headers["Allow"]
            assert "GET" in document.detail


async def test_a_body_over_the_limit_is_refused(backend: Any) -> None:
    async with backend.client.put("/api/focus", data=b"x" * 2000) as response:
        assert response.status == 413
        await problem(response)


async def test_a_bug_is_told_without_its_traceback(backend: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("secret detail")

    object.__setattr__(backend.client.app[SERVICES], "refresh", broken)
    async with backend.client.post("/api/instances/refresh", headers={"X-Correlation-ID": "find-me"}) as response:
        assert response.status == 500
        document = await problem(response)
    assert document.correlation_id == "find-me"
    assert "secret" not in await response.text()
    assert any(record.exc_info for record in caplog.records)


async def test_a_request_that_takes_too_long_is_ended(backend: Any, impatient: None) -> None:
    async def slow() -> None:
        await asyncio.sleep(30)

    object.__setattr__(backend.client.app[SERVICES], "refresh", slow)
    async with backend.client.post("/api/instances/refresh") as response:
        assert response.status == 503
        assert "0.2 s" in (await problem(response)).detail


async def test_a_body_that_never_comes_is_ended(backend: Any, impatient: None) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", backend.client.port)
    writer.write(b"PUT /api/focus HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n{")
    async with asyncio.timeout(20):
        assert b" 503 " in await reader.readline()
    writer.close()


async def test_the_callers_correlation_id_is_kept_if_it_is_well_formed(backend: Any) -> None:
    async with backend.client.get("/healthz", headers={"X-Correlation-ID": "abc-1"}) as response:
        assert response.headers["X-Correlation-ID"] == "abc-1"
    async with backend.client.get("/healthz", headers={"X-Correlation-ID": "x" * 100}) as response:
        assert len(response.headers["X-Correlation-ID"]) == 16


async def test_responses_carry_security_headers_and_no_cors(backend: Any) -> None:
    async with backend.client.get("/api/instances", headers={"Origin": _own(backend)}) as response:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert not [name for name in response.headers if name.startswith("Access-Control")]
    async with backend.client.options("/api/instances") as response:
        assert response.status == 405


async def test_a_foreign_page_gets_nowhere(backend: Any) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}):
        async with backend.client.put("/api/focus", json={"id": "instance-0"}, headers=headers) as response:
            assert response.status == 403
            await problem(response)
        async with backend.client.get(
            "/api/events", headers=headers | {"Upgrade": "websocket", "Connection": "upgrade"}
        ) as response:
            assert response.status == 403
    assert backend.registry.focus is None
    async with backend.client.put(
        "/api/focus", json={"id": "instance-0"}, headers={"Origin": _own(backend)}
    ) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:8480", "127.0.0.1:8480", True),
        ("http://localhost:8480", "localhost:8480", True),
        ("http://[::1]:8480", "[::1]:8480", True),
        ("http://192.0.2.7", "192.0.2.7", True),
        ("https://wall.example", "wall.example", True),
        ("https://wall.example", "wall.example:443", True),
        ("http://127.0.0.1:9999", "127.0.0.1:8480", False),
        ("http://rebound.example:8480", "rebound.example:8480", False),
        ("http://evil.example", "127.0.0.1:8480", False),
        ("null", "127.0.0.1:8480", False),
        ("file://", "", False),
        ("http://[", "[", False),
        ("http://127.0.0.1:99999", "127.0.0.1:8480", False),
    ],
)
def test_only_the_same_and_a_known_host_is_an_own_origin(origin: str, host: str, own: bool) -> None:
    assert is_own_origin(origin, host, frozenset({"wall.example"})) == own


async def test_each_request_is_one_line_of_log_and_probes_are_quiet(
    backend: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="backend.access")
    await backend.client.get("/healthz")
    await backend.client.get("/api/instances")
    lines = [record.getMessage() for record in caplog.records if record.name == "backend.access"]
    assert len(lines) == 1
    assert lines[0].startswith("GET /api/instances from 127.0.0.1: 200 in ")


def _own(backend: Any) -> str:
    return str(backend.client.make_url("/").origin())
