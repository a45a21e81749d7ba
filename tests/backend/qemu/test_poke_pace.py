from backend.qemu.poke_pace import LOOK_S, PokePace


class Watched:
    """A guest that draws so many pictures a second, and QEMU that looks 33 times, or with pokes 93 times."""

    def __init__(self, fps: float) -> None:
        self.pace = PokePace()
        self.fps = fps
        self.now = 100.0
        self.pictures = 0.0
        self.steady_s = 0.0
        self.pace.watch_closely(True, self.now, 0)

    def run(self, seconds: float) -> float:
        """The share of the time with steady pokes."""
        end, self.steady_s = self.now + seconds, 0.0
        while self.now < end:
            due = self.pace.next_look()
            took = due - self.now
            self.steady_s += took * self.pace.steady
            self.pictures += min(self.fps, 93.0 if self.pace.steady else 33.3) * took
            self.now = due
            self.pace.look(due, int(self.pictures))
        return self.steady_s / seconds


def test_a_quick_guest_is_poked_as_long_as_somebody_looks_closely() -> None:
    guest = Watched(60)
    assert guest.pace.steady
    assert guest.run(10) > 0.99
    guest.pace.watch_closely(False, guest.now, int(guest.pictures))
    assert not guest.pace.steady
    assert guest.pace.next_look() == float("inf")


def test_a_slow_guest_or_a_still_one_is_tried_once() -> None:
    for fps in (0, 10, 25):
        guest = Watched(fps)
        guest.run(60)
        assert guest.run(60) == 0


def test_a_guest_that_becomes_quick_is_noticed_in_two_seconds() -> None:
    guest = Watched(0)
    guest.run(60)
    guest.fps = 60
    guest.run(2.5)
    assert guest.pace.steady


def test_in_vain_it_is_tried_ever_more_seldom() -> None:
    guest = Watched(30)
    guest.run(60)
    assert guest.run(60) < 0.08


def test_the_same_wish_again_changes_nothing() -> None:
    guest = Watched(30)
    guest.run(3)
    guest.pace.watch_closely(True, guest.now, int(guest.pictures))
    assert not guest.pace.steady
    assert guest.pace.next_look() <= guest.now + 2 * LOOK_S
