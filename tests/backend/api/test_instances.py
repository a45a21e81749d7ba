from typing import Any

from backend.api.services import SERVICES
from backend.contract.instance import Instance, InstanceState
from backend.contract.problem import Problem
from backend.discovery.condition import Condition
from backend.discovery.source import Sighting, Unavailable, Upsert


async def get(backend: Any, path: str) -> Any:
    async with backend.client.get(path) as response:
        assert response.status == 200
        return await response.json()


async def test_the_live_document_counts_and_dates_the_instances(backend: Any) -> None:
    backend.registry.report("instance-0", Condition(InstanceState.READY, "", 100), heard=True)
    backend.registry.apply(Upsert(Sighting(id="instance-4", slot=4, name="Depot")))
    document = await get(backend, "/api/instances/live")
    assert document["summary"] == {"total": 2, "ready": 1, "not_ready": 1}
    assert (document["mode"], document["synced"], document["revision"]) == ("static", True, 3)
    assert document["age_s"] >= 0
    assert [Instance.from_json(item) for item in document["instances"]] == list(backend.registry.instances)
    assert (await get(backend, "/api/instances"))["instances"] == document["instances"]


async def test_refresh_makes_the_source_look(backend: Any) -> None:
    async with backend.client.post("/api/instances/refresh") as response:
        assert response.status == 200
        assert (await response.json())["summary"]["total"] == 1
    assert len(backend.refreshes) == 1


async def test_discovery_tells_its_trouble(backend: Any) -> None:
    backend.registry.apply(Unavailable("The file is gone."))
    document = await get(backend, "/api/discovery")
    assert (document["trouble"], document["instances"], document["mode"]) == ("The file is gone.", 1, "static")


async def test_the_focus_moves_to_instances_that_exist(backend: Any) -> None:
    assert await get(backend, "/api/focus") == {"id": None}
    async with backend.client.put("/api/focus", json={"id": "instance-0"}) as response:
        assert response.status == 200
    assert await get(backend, "/api/focus") == {"id": "instance-0"}
    for body, status in (({"id": "instance-9"}, 404), ({"id": 3}, 404), ({}, 400), ([], 400)):
        async with backend.client.put("/api/focus", json=body) as response:
            assert response.status == status
            assert Problem.from_json(await response.text()).detail


async def test_recover_resets_by_the_streamer_and_restarts_by_who_supervises_here(backend: Any) -> None:
    backend.streamer.answer = {"status": 202}
    async with backend.client.post("/api/instances/instance-0/recover") as response:
        assert (response.status, await response.json()) == (202, {"id": "instance-0", "level": "reset"})
    assert backend.streamer.requests[0][1] == "/recover"
    async with backend.client.post("/api/instances/instance-0/recover", json={"level": "restart"}) as response:
        assert response.status == 202
    assert backend.restarts == ["instance-0"]
    async with backend.client.post("/api/instances/instance-0/recover", json={"level": "explode"}) as response:
        assert response.status == 400
        assert "restart" in Problem.from_json(await response.text()).detail
    async with backend.client.post("/api/instances/instance-9/recover") as response:
        assert response.status == 404


async def test_without_a_supervisor_here_the_streamer_is_asked_to_restart(backend: Any) -> None:
    object.__setattr__(backend.client.app[SERVICES], "restart", None)
    backend.streamer.answer = {"status": 202}
    async with backend.client.post("/api/instances/instance-0/recover", json={"level": "restart"}) as response:
        assert (response.status, await response.json()) == (202, {"id": "instance-0", "level": "restart"})
    assert backend.streamer.requests[0][1:3] == ("/recover", b'{"level": "restart"}')
