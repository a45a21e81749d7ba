"""How long the guest itself takes from a key to a changed screen: no streamer, no codec, no network.

``python -m tests.benchmarks._guest_floor SECONDS RUN_DIRECTORY...`` writes one JSON line: the answers by guest.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from backend.contract.keys import BY_CODE
from backend.qemu.guest import Guest
from tests.benchmarks._presses import Presses
from tests.loco_kiosk.waiting import until

WARM_UP_S = 4.0
_CHANGE = 20.0
"""Levels of grey."""


class Watched:
    """One guest whose probe area is looked at with each change of the screen."""

    def __init__(self, directory: Path, hand: asyncio.Lock) -> None:
        self.guest = Guest(directory, on_picture=self._picture, on_report=lambda _report: None)
        self.presses = Presses(lambda code, down: self.guest.key(BY_CODE[code], down), hand)
        self._grey: float | None = None

    @property
    def ready(self) -> bool:
        """Whether there is a picture and a probe area."""
        return self._grey is not None

    def _picture(self) -> None:
        damage = self.guest.screen.take()
        if damage is None or self.guest.probe is None:
            return
        x, y, width, height = self.guest.probe
        grey = float(damage.pixels[y : y + height, x : x + width, :3].mean())
        if self._grey is not None and abs(grey - self._grey) > _CHANGE:
            self.presses.changed(time.monotonic_ns() // 1000)
        self._grey = grey


async def main() -> None:
    """Press for a while."""
    seconds, *directories = sys.argv[1:]
    hand = asyncio.Lock()
    watched = [Watched(Path(directory), hand) for directory in directories]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(each.guest.run()) for each in watched]
        await until(lambda: all(each.ready for each in watched), 60.0)
        await asyncio.sleep(WARM_UP_S)
        running += [tasks.create_task(each.presses.go_on()) for each in watched]
        await asyncio.sleep(float(seconds))
        for task in running:
            task.cancel()
    report = [{"answers_ms": each.presses.answers_ms, "unanswered": each.presses.unanswered} for each in watched]
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
