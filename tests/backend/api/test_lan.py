from typing import Any

import pytest

from backend.api.lan_source import LanSource
from backend.api.services import SERVICES
from backend.contract.lan import LanStatus
from tests.backend.fake_switch import STATUS


async def test_the_status_of_the_switch_is_passed_on(backend: Any) -> None:
    async with backend.client.get("/api/lan") as response:
        assert response.status == 200
        assert LanStatus.from_json(await response.json()) == STATUS


@pytest.mark.parametrize(
    ("address", "status", "title"), [("", 404, "No guest LAN"), ("/no/such/socket", 503, "Guest LAN not reachable")]
)
async def test_without_it_the_answer_is_a_problem_with_words(
    backend: Any, address: str, status: int, title: str
) -> None:
    async with LanSource(address) as source:
        object.__setattr__(backend.client.app[SERVICES], "lan", source)
        async with backend.client.get("/api/lan") as response:
            document = await response.json()
    assert (response.status, document["title"], response.content_type) == (status, title, "application/problem+json")
    assert len(document["detail"]) > 40
    assert ("Retry-After" in response.headers) is (status == 503)
