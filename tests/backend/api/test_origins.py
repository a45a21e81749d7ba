from typing import Any

import pytest

from backend.api.origins import is_own_origin
from tests.backend.api.reading import problem


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


def _own(backend: Any) -> str:
    return str(backend.client.make_url("/").origin())
