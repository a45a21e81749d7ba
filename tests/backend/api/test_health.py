from typing import Any

from backend.api.services import SERVICES
from backend.discovery.registry import Registry
from backend.discovery.source import Unavailable


async def test_the_process_answers(backend: Any) -> None:
    async with backend.client.get("/healthz") as response:
        assert (response.status, await response.json()) == (200, {"ok": True})


async def test_it_is_ready_after_the_first_complete_list_and_says_what_keeps_it(backend: Any) -> None:
    async with backend.client.get("/readyz") as response:
        assert response.status == 200
    object.__setattr__(backend.client.app[SERVICES], "registry", unread := Registry("static"))
    async with backend.client.get("/readyz") as response:
        assert response.status == 503
    unread.apply(Unavailable("Cannot read the file."))
    async with backend.client.get("/readyz") as response:
        assert (await response.json())["detail"] == "Cannot read the file."


async def test_stale_data_is_served_by_a_ready_backend(backend: Any) -> None:
    backend.registry.apply(Unavailable("The API server does not answer."))
    async with backend.client.get("/readyz") as response:
        assert response.status == 200
    async with backend.client.get("/api/discovery") as response:
        document = await response.json()
    assert (document["state"], document["reason"]) == ("stale", "The API server does not answer.")


async def test_a_stopping_backend_is_not_ready_and_takes_leave_of_its_callers(backend: Any) -> None:
    backend.client.app[SERVICES].stopping.set()
    async with backend.client.get("/readyz") as response:
        assert response.status == 503
        assert "Ask another one" in (await response.json())["detail"]
    async with backend.client.get("/api/instances") as response:
        assert response.status == 200
        assert response.headers["Connection"] == "close"


async def test_metrics_are_served(backend: Any) -> None:
    async with backend.client.get("/metrics") as response:
        assert response.content_type == "text/plain"
        assert 'loco_instances{state="booting"} 1.0' in await response.text()
