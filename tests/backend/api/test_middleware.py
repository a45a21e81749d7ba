import asyncio
from typing import Any

from backend.api.clients import ClientLimits, Clients, networks
from backend.api.services import SERVICES
from tests.backend.api.reading import problem


async def test_a_body_over_the_limit_is_refused(backend: Any) -> None:
    async with backend.client.put("/api/focus", data=b"x" * 100_000) as response:
        assert response.status == 413
        await problem(response)


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


async def test_responses_carry_security_headers_and_no_cors(backend: Any) -> None:
    async with backend.client.get("/api/instances", headers={"Origin": _own(backend)}) as response:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert not [name for name in response.headers if name.startswith("Access-Control")]
    async with backend.client.options("/api/instances") as response:
        assert response.status == 405


def _own(backend: Any) -> str:
    return str(backend.client.make_url("/").origin())


async def test_who_asks_too_often_is_told_how_long_to_wait(backend: Any) -> None:
    clients = Clients(ClientLimits(rate_per_s=0.5, burst=2), networks(["127.0.0.0/8"]))
    object.__setattr__(backend.client.app[SERVICES], "clients", clients)
    headers = {"X-Forwarded-For": "192.0.2.7"}
    for expected in (200, 200, 429):
        async with backend.client.get("/api/instances", headers=headers) as response:
            assert response.status == expected
            told = await response.json()
    assert response.headers["Retry-After"] == "2"
    assert "192.0.2.7" in told["detail"]
    async with backend.client.get("/healthz", headers=headers) as response:
        assert response.status == 200
    async with backend.client.get("/api/instances", headers={"X-Forwarded-For": "192.0.2.8"}) as response:
        assert response.status == 200
    async with backend.client.get("/metrics") as response:
        assert "loco_http_refused_rates_total 1.0" in await response.text()
