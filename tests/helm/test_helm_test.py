"""The pod that `helm test` runs: its program, against a server that answers as the backend does."""

import asyncio
import json
import sys

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.helm.rendering import Object, container, one, render


async def asked(wall: Object) -> tuple[int | None, str]:
    """Exit status and words of the program."""

    async def live(_request: web.Request) -> web.Response:
        return web.json_response(wall)

    app = web.Application()
    app.router.add_get("/api/instances/live", live)
    async with TestServer(app, host="127.0.0.1") as server:
        _python, option, program = container(render(), "test")["command"]
        links = {"WALL_LOCO_BACKEND_SERVICE_HOST": "127.0.0.1", "WALL_LOCO_BACKEND_SERVICE_PORT": str(server.port)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, option, program), env=links, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        return process.returncode, output.decode()


@pytest.mark.parametrize(
    ("ready", "state", "status"), [(2, "live", 0), (0, "live", 1), (2, "stale", 1)], ids=["works", "booting", "stale"]
)
async def test_it_passes_when_the_list_is_live_and_a_pc_is_ready(ready: int, state: str, status: int) -> None:
    wall = {"summary": {"total": 9, "ready": ready}, "state": state, "reason": "", "instances": []}
    assert await asked(json.loads(json.dumps(wall))) == (status, f"{ready} of 9 PCs are ready; the list is {state}. \n")


def test_it_asks_the_service_of_its_own_release() -> None:
    objects = render(name="my-wall")
    service = one(objects, "Service", "-backend")["metadata"]["name"]
    assert service.upper().replace("-", "_") + "_SERVICE_HOST" in container(objects, "test")["command"][2]
    assert one(objects, "Pod", "-test")["metadata"]["annotations"]["helm.sh/hook"] == "test"
