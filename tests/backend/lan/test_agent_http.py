from pathlib import Path

import aiohttp

from backend.contract import routes
from backend.lan.addresses import Address
from backend.lan.agent import Agent
from backend.lan.agent_http import application
from backend.lan.http import serving
from backend.lan.settings import PortSettings


async def test_an_agent_without_its_switch_is_not_ready_but_lives(tmp_path: Path) -> None:
    agent = Agent(PortSettings(directory=tmp_path), "instance-3", Address("127.0.0.1", 1))
    async with (
        serving(application(agent), Address("127.0.0.1", 0)) as url,
        aiohttp.ClientSession(url) as session,
    ):
        async with session.get(routes.HEALTHZ) as response:
            assert response.status == 200
        async with session.get(routes.READYZ) as response:
            assert (response.status, await response.text()) == (503, "The switch does not answer; trying again.\n")
        async with session.get(routes.METRICS) as response:
            assert 'loco_lan_port_up{port="instance-3",room=""} 0.0' in await response.text()
