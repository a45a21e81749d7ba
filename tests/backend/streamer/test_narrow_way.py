"""A viewer that knows nothing of this project, behind a line that carries a part of what the guest shows."""

import numpy as np

from backend.streamer.ladder import Cause
from tests.backend.streamer.conftest import Served, served_viewer
from tests.backend.streamer.textbook_viewer import TextbookViewer, until
from tests.relay.impairment import Impairment
from tests.relay.relay import Relay

LINE = Impairment(rate_bps=500_000, queue_ms=300, delay_ms=5)


def show_noise(served: Served) -> None:
    """A screen that takes some 3 Mbit/s at the best quality."""
    dice = np.random.default_rng(1)
    screen = served.guest.screen

    def draw() -> None:
        rows = screen.pixels[200:264, :320, :3]
        rows[:] = dice.integers(0, 256, (8, 40, 3), np.uint8).repeat(8, axis=0).repeat(8, axis=1)
        screen.touch(200, 264)

    served.guest.draw = draw  # type: ignore[method-assign]  # of this guest only


async def test_a_textbook_viewer_gets_what_its_line_carries(served: Served) -> None:
    show_noise(served)
    async with (
        Relay(Impairment(), Impairment()) as relay,
        TextbookViewer(served.base, channels=False, bend=relay.bend) as viewer,
    ):
        await until(lambda: viewer.frames)
        ladder = served_viewer(served, viewer).ladder
        await until(lambda: ladder.round_trip_ms > 0, 20.0)
        relay.change(LINE, Impairment(delay_ms=5))
        await until(lambda: ladder.level >= 2, 20.0, "less is sent")
        assert ladder.cause is Cause.DELAY
        path = relay.links[0].to_viewer
        await until(lambda: ladder.delay_ms < 80, 20.0, "the queue has drained")
        lost, passed = path.overflowed, path.passed
        await until(lambda: path.passed > passed + 100, 20.0, "pictures go on")
        assert path.overflowed == lost
