"""A wall without window and network: guests that answer keys after a while, or do not."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from loco_kiosk.client.tile import TileState, TileView


@dataclass
class Shown:
    presented: int = 0
    capture_to_swap_ms: deque[float] = field(default_factory=lambda: deque(maxlen=100))
    drops: Counter[str] = field(default_factory=Counter)


class PretendedWall:
    """Guests by instance; ``delay_s`` is the time from a key to its picture."""

    def __init__(self, count: int, *, delay_s: float = 0.004, probe: bool = True) -> None:
        self.tiles = {
            f"instance-{slot}": TileView(
                slot=slot, id=f"instance-{slot}", name=f"PC {slot + 1}", state=TileState.LIVE,
                probe=(0, 0, 8, 8) if probe else None,
            )
            for slot in range(count)
        }  # fmt: skip
        self.delay_s = delay_s
        self.mute: set[str] = set()
        self.held: list[tuple[str, str]] = []
        self.most_held = 0
        self.pressed: Counter[str] = Counter()
        self.released_control: list[str] = []
        self._shown = {identity: Shown() for identity in self.tiles}
        self.watchers: dict[str, Callable[[int], None]] = {}

    def views(self) -> Sequence[TileView]:
        return tuple(self.tiles.values())

    def change(self, instance: str, **changes: object) -> None:
        self.tiles[instance] = replace(self.tiles[instance], **changes)  # type: ignore[arg-type]  # by field name

    def press(self, instance: str, code: str, down: bool) -> None:
        if not down:
            self.held.remove((instance, code))
            return
        self.held.append((instance, code))
        self.most_held = max(self.most_held, len(self.held))
        self.pressed[instance] += 1
        if instance not in self.mute:
            asyncio.get_running_loop().call_later(self.delay_s, self._answer, instance)

    def _answer(self, instance: str) -> None:
        shown = self._shown[instance]
        shown.presented += 1
        shown.capture_to_swap_ms.append(5.0)
        shown.drops["newer_picture"] += 1
        if instance in self.watchers and self.tiles[instance].probe is not None:
            self.watchers[instance](time.monotonic_ns() // 1000)
        else:
            self.change(instance, key_to_picture_ms=self.delay_s * 1000 + shown.presented / 1000)

    def request_control(self, instance: str) -> None:
        self.change(instance, mine=True)

    def release_control(self, instance: str) -> None:
        self.released_control.append(instance)

    def watch(self, instance: str, on_change: Callable[[int], None]) -> None:
        self.watchers[instance] = on_change

    def unwatch(self, instance: str) -> None:
        self.watchers.pop(instance)

    def presented(self, instance: str) -> Shown:
        return self._shown[instance]
