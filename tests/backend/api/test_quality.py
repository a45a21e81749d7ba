import asyncio
import json
from typing import Any

from backend.api.quality import AT_ONCE
from backend.api.services import SERVICES, Services
from backend.contract.instance import Instance, InstanceState
from backend.contract.quality import Quality
from backend.discovery.condition import Condition
from backend.discovery.source import Sighting, Upsert


async def get(backend: Any, path: str, status: int = 200) -> Any:
    async with backend.client.get(path) as response:
        assert response.status == status
        return await response.json(content_type=None)


async def test_the_wall_is_told_with_all_its_instances_in_order(backend: Any) -> None:
    for slot in range(1, 2 * AT_ONCE + 3):
        backend.registry.apply(Upsert(Sighting(id=f"instance-{slot}", slot=slot, name="PC")))
    backend.registry.report("instance-7", Condition(InstanceState.DEGRADED, "It hangs.", 20), heard=True)
    wall = await get(backend, "/api/quality")
    assert [each["id"] for each in wall["instances"]] == [each.id for each in backend.registry.instances]
    assert wall["worst"] == "instance-7"
    assert wall["instances"][7] == await get(backend, "/api/instances/instance-7/quality")
    assert wall["score"] == round(sum(each["score"] for each in wall["instances"]) / len(wall["instances"]))


async def test_while_a_large_wall_is_judged_others_have_their_turn(backend: Any) -> None:
    for slot in range(1, 4 * AT_ONCE):
        backend.registry.apply(Upsert(Sighting(id=f"instance-{slot}", slot=slot, name="PC")))
    looks: list[str] = []
    services: Services = backend.client.app[SERVICES]
    judge = services.quality

    def noted(instance: Instance) -> Quality:
        looks.append(instance.id)
        return judge(instance)

    object.__setattr__(services, "quality", noted)
    seen: set[int] = set()

    async def ask() -> None:
        async with backend.client.get("/api/quality") as response:
            assert len(json.loads(await response.read())["instances"]) == 4 * AT_ONCE

    async with asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(ask())
        while not asking.done():
            seen.add(len(looks))
            await asyncio.sleep(0)
    assert {AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE, 4 * AT_ONCE} <= seen


async def test_nobody_judges_an_instance_that_is_not_there(backend: Any) -> None:
    problem = await get(backend, "/api/instances/instance-9/quality", 404)
    assert "no instance 'instance-9'" in problem["detail"]
