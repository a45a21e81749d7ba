from dataclasses import dataclass, field

from backend.streamer.counters import Drops
from backend.streamer.fan_out import FanOut
from backend.streamer.picture import Picture


@dataclass
class FakeViewer:
    works: bool = True
    wants_pictures: bool = True
    wants_sound: bool = True
    needs_key_frame: bool = True
    got: list[bool] = field(default_factory=list)

    def send_picture(self, picture: Picture) -> bool:
        if self.works:
            self.got.append(picture.key)
        return self.works

    def send_sound(self, packet: bytes, timestamp: int, *, first: bool) -> bool:
        return self.works


KEY, PLAIN = (Picture(b"\0\0\1x", 1, 1, key) for key in (True, False))


class Bench:
    def __init__(self, *viewers: FakeViewer) -> None:
        self.drops = Drops()
        self.asked = 0
        self.fan_out = FanOut(viewers, on_key_frame_needed=self._ask, drops=self.drops)  # type: ignore[arg-type]  # a fake

    def _ask(self) -> None:
        self.asked += 1


def test_a_viewer_starts_with_a_key_frame() -> None:
    viewer = FakeViewer()
    bench = Bench(viewer)
    bench.fan_out.picture(PLAIN)
    bench.fan_out.picture(KEY)
    bench.fan_out.picture(PLAIN)
    assert viewer.got == [True, False]
    assert bench.asked == 1


def test_a_slow_viewer_drops_alone_until_a_key_frame() -> None:
    slow, quick = FakeViewer(), FakeViewer()
    bench = Bench(slow, quick)
    bench.fan_out.picture(KEY)
    slow.works = False
    bench.fan_out.picture(PLAIN)
    slow.works = True
    bench.fan_out.picture(PLAIN)
    bench.fan_out.picture(KEY)
    assert quick.got == [True, False, False, True]
    assert slow.got == [True, True]
    assert bench.drops.totals() == {"slow_viewer": 1, "waits_for_key_frame": 1}


def test_a_hidden_viewer_gets_nothing_and_asks_for_nothing() -> None:
    viewer = FakeViewer(wants_pictures=False)
    bench = Bench(viewer)
    bench.fan_out.picture(KEY)
    assert (viewer.got, bench.asked, bench.fan_out.watched) == ([], 0, False)


def test_sound_that_cannot_be_sent_is_counted() -> None:
    bench = Bench(FakeViewer(works=False), FakeViewer(), FakeViewer(wants_sound=False, works=False))
    bench.fan_out.sound(b"x", 0, first=True)
    assert bench.drops.totals() == {"slow_listener": 1}
    assert bench.fan_out.heard
