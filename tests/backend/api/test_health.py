from typing import Any

from backend.discovery.source import Unavailable


async def test_the_process_answers(backend: Any) -> None:
    async with backend.client.get("/healthz") as response:
        assert (response.status, await response.json()) == (200, {"ok": True})


async def test_it_is_ready_after_the_first_complete_list_and_says_what_keeps_it(backend: Any) -> None:
    async with backend.client.get("/readyz") as response:
        assert response.status == 200
    backend.registry.synced = False
    async with backend.client.get("/readyz") as response:
        assert response.status == 503
    backend.registry.apply(Unavailable("Cannot read the file."))
    async with backend.client.get("/readyz") as response:
        assert (await response.json())["detail"] == "Cannot read the file."


async def test_metrics_are_served(backend: Any) -> None:
    async with backend.client.get("/metrics") as response:
        assert response.content_type == "text/plain"
        assert 'loco_instances{state="booting"} 1.0' in await response.text()
