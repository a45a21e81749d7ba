"""The kiosk's receive path and its keys: presses one in one instance after the other and waits for it to show.

``python -m tests.benchmarks._input_receiver BACKEND_URL INSTANCES SECONDS TIER`` writes one JSON line: the answers by
instance.
"""

import asyncio
import functools
import itertools
import json
import sys
from collections.abc import Iterator

from backend.contract.control import Tier
from backend.contract.input import Key
from loco_kiosk.client.wall import Wall
from tests.benchmarks._presses import Presses
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching

WARM_UP_S = 4.0


def _press(wall: Wall, name: str, sequence: Iterator[int], code: str, down: bool) -> None:
    wall.send(name, Key(next(sequence), code, down))


async def main() -> None:
    """Press for a while."""
    url, instances, seconds, tier = sys.argv[1:]
    names = [f"instance-{number}" for number in range(int(instances))]
    sequence, hand = itertools.count(1), asyncio.Lock()
    async with Watching(url, "benchmark") as viewer, asyncio.TaskGroup() as tasks:
        wall = viewer.wall
        wall.set_tiers({name: Tier(tier) for name in names})
        await until(lambda: viewer.live(len(names)), 60.0)
        all_presses = []
        for name in names:
            wall.request_control(name)
            press = functools.partial(_press, wall, name, sequence)
            presses = Presses(press, hand)
            wall.add_probe(name, presses.changed)
            all_presses.append(presses)
        await until(lambda: all(viewer.tiles[name].mine for name in names))
        await asyncio.sleep(WARM_UP_S)
        running = [tasks.create_task(presses.go_on()) for presses in all_presses]
        await asyncio.sleep(float(seconds))
        for task in running:
            task.cancel()
    report = [{"answers_ms": presses.answers_ms, "unanswered": presses.unanswered} for presses in all_presses]
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
