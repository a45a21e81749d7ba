"""Nine real guests of the embedded cluster exchange trains over the real switch, which is killed twice meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.contract.lan import Layer2
from tests.integration.conftest import Cluster
from tests.integration.yards import yards

pytestmark = [pytest.mark.qemu, pytest.mark.timeout(240)]
GUESTS = 9
BACK_S = 10.0
"""For the suite on a busy machine; ./loco bench trains measures it."""


@pytest.fixture
def nine(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path / "state", tmp_path / "backend.log", GUESTS)
    cluster.start()
    yield cluster
    cluster.stop()
    text = cluster.log_file.read_text()
    assert "Traceback" not in text, text


async def test_no_train_is_lost_and_none_doubled_while_the_switch_is_killed_twice(nine: Cluster) -> None:
    async with yards(nine, GUESTS) as all_yards:
        await all_yards.until_each_got_one_more()
        for _time in range(2):
            assert await all_yards.kill_switch() < BACK_S
            await all_yards.until_each_got_one_more()
        await all_yards.settled()
        all_yards.each_train_is_somewhere_once()
        assert all_yards.arrivals >= 3 * GUESTS
        status = await all_yards.status()
        assert status is not None
        (room,) = status.rooms
        assert len(room.pairs) == GUESTS * (GUESTS - 1) // 2
        assert {pair.layer2 for pair in room.pairs} <= {Layer2.PROVEN, Layer2.EXPECTED}
        assert not [port.drops for port in room.ports if port.drops]
