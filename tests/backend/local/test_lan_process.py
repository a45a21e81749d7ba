import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.api.lan_source import LanAwayError, LanSource
from backend.contract.tasks import TaskScope
from backend.local.child import Child
from backend.local.lan_process import HTTP_SOCKET, lan_address, lan_child
from backend.local.plan import LanPlan
from tests.backend.fake_streamer import until

PLAN = LanPlan(arguments=("--guests", "2"))


@pytest.fixture
def run_root() -> Iterator[Path]:
    """Sockets need a short path."""
    with tempfile.TemporaryDirectory(prefix="loco-") as directory:
        for name in ("instance-0", "instance-1"):
            (Path(directory) / name).mkdir()
        yield Path(directory)


async def answers(address: str) -> bool:
    async with LanSource(address) as source:
        try:
            return b'"instance-1"' in await source.body()
        except LanAwayError:
            return False


async def until_it_answers(child: Child, address: str, starts: int) -> None:
    await until(lambda: child.starts == starts and child.pid is not None, 10)
    async with asyncio.timeout(20):
        while not await answers(address):
            assert child.starts == starts
            await asyncio.sleep(0.02)


async def test_a_killed_switch_returns_at_the_same_place(run_root: Path, environment: dict[str, str]) -> None:
    child, address = lan_child(PLAN, run_root, environment), lan_address(PLAN, run_root)
    tasks = TaskScope("test")
    tasks.spawn(child.run(), "switch")
    await until_it_answers(child, address, 1)
    assert (run_root / "instance-0" / "lan.switch").is_socket()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    await until_it_answers(child, address, 2)
    last = child.pid
    await tasks.close()
    await until(lambda: not Path(f"/proc/{last}").exists())


def test_it_tells_of_itself_where_nobody_else_can_ask_unless_told_otherwise(tmp_path: Path) -> None:
    assert lan_address(PLAN, tmp_path) == str(tmp_path / HTTP_SOCKET)
    assert lan_address(LanPlan(http="127.0.0.1:8482"), tmp_path) == "127.0.0.1:8482"
