from dataclasses import dataclass, field

from backend.streamer.counters import Drops
from backend.streamer.fan_out import FanOut
from backend.streamer.picture import Picture
from backend.streamer.quality import Quality
from backend.streamer.rendition import Rendition

A, B = (Rendition(Quality(quantizer=20, max_bit_rate_bps=rate), 60, Drops()) for rate in (1_000_000, 2_000_000))


@dataclass
class FakeViewer:
    works: bool = True
    wants_sound: bool = True
    needs_key_frame: bool = True
    draining: bool = False
    wanted: Rendition | None = A
    rendition: Rendition | None = None
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
        self.moves = 0
        self.fan_out = FanOut(viewers, on_moved=self._moved, drops=self.drops)  # type: ignore[arg-type]  # a fake

    def _moved(self) -> None:
        self.moves += 1


def test_a_viewer_starts_with_a_key_frame() -> None:
    viewer = FakeViewer()
    bench = Bench(viewer)
    bench.fan_out.picture(A, PLAIN)
    bench.fan_out.picture(A, KEY)
    bench.fan_out.picture(A, PLAIN)
    assert viewer.got == [True, False]
    assert A._key_wanted
    assert bench.moves == 0


def test_a_slow_viewer_drops_alone_until_a_key_frame() -> None:
    slow, quick = FakeViewer(), FakeViewer()
    bench = Bench(slow, quick)
    bench.fan_out.picture(A, KEY)
    slow.works = False
    bench.fan_out.picture(A, PLAIN)
    slow.works = True
    bench.fan_out.picture(A, PLAIN)
    bench.fan_out.picture(A, KEY)
    assert quick.got == [True, False, False, True]
    assert slow.got == [True, True]
    assert bench.drops.totals() == {"slow_viewer": 1, "waits_for_key_frame": 1}


def test_a_viewer_goes_on_with_the_old_rendition_until_the_new_one_has_a_key_frame() -> None:
    viewer, other = FakeViewer(), FakeViewer()
    bench = Bench(viewer, other)
    bench.fan_out.picture(A, KEY)
    viewer.wanted = B
    bench.fan_out.picture(A, PLAIN)
    bench.fan_out.picture(B, PLAIN)
    assert B._key_wanted
    assert viewer.rendition is A
    bench.fan_out.picture(B, KEY)
    assert (viewer.rendition, other.rendition, bench.moves) == (B, A, 1)
    bench.fan_out.picture(A, PLAIN)
    assert (viewer.got, other.got) == ([True, False, True], [True, False, False])


def test_a_viewer_whose_way_is_full_gets_nothing_until_it_is_empty() -> None:
    full, other = FakeViewer(draining=True), FakeViewer()
    bench = Bench(full, other)
    bench.fan_out.picture(A, KEY)
    bench.fan_out.picture(A, PLAIN)
    full.draining = False
    bench.fan_out.picture(A, PLAIN)
    bench.fan_out.picture(A, KEY)
    assert full.got == [True]
    assert other.got == [True, False, False, True]
    assert bench.drops.totals() == {"waits_for_way": 2}


def test_a_viewer_who_shall_have_nothing_yet_gets_nothing() -> None:
    viewer = FakeViewer(wanted=None)
    bench = Bench(viewer)
    bench.fan_out.picture(A, KEY)
    assert viewer.got == []


def test_sound_that_cannot_be_sent_is_counted() -> None:
    bench = Bench(FakeViewer(works=False), FakeViewer(), FakeViewer(wants_sound=False, works=False))
    bench.fan_out.sound(b"x", 0, first=True)
    assert bench.drops.totals() == {"slow_listener": 1}
    assert bench.fan_out.heard
