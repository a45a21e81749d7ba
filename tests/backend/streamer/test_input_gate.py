import pytest

from backend.contract.control import PointerMode
from backend.contract.input import Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel
from backend.streamer.counters import Drops
from backend.streamer.input_gate import InputGate
from backend.streamer.synthetic import SyntheticGuest


class Bench:
    def __init__(self) -> None:
        self.guest = SyntheticGuest(on_picture=lambda: None, on_sound=lambda: None, on_report=lambda _: None)
        self.drops = Drops()
        self.hand_overs = 0
        self.gate = InputGate(
            self.guest, screen_size=lambda: (640, 480), drops=self.drops, on_control=self._control_changed
        )

    def _control_changed(self) -> None:
        self.hand_overs += 1

    def seen(self) -> list[tuple[object, ...]]:
        seen = list(self.guest.inputs)
        self.guest.inputs.clear()
        return seen


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_press_takes_free_control_once(bench: Bench) -> None:
    assert bench.gate.handle("a", Key(1, "KeyA", True))
    assert bench.gate.handle("a", Key(2, "KeyA", False))
    assert (bench.gate.holder, bench.hand_overs) == ("a", 1)
    assert bench.seen() == [("key", "KeyA", True), ("key", "KeyA", False)]


@pytest.mark.parametrize(
    "message", [MoveTo(1, 5, 5), MoveBy(1, 5, 5), Wheel(1, 1), ReleaseAll(1), Key(1, "KeyA", False)]
)
def test_other_input_does_not_take_control(bench: Bench, message: InputMessage) -> None:
    assert not bench.gate.handle("a", message)
    assert bench.gate.holder is None
    assert bench.drops.totals() == {"input_without_control": 1}
    assert bench.seen() == []


def test_leaving_releases_what_was_held(bench: Bench) -> None:
    bench.gate.handle("a", Button(1, 2, True, (65535, 0)))
    bench.gate.handle("a", Key(2, "KeyA", True))
    bench.seen()
    bench.gate.leave("a")
    assert bench.seen() == [("button", 2, False), ("key", "KeyA", False)]
    assert bench.gate.holder is None


def test_an_unknown_key_is_counted(bench: Bench) -> None:
    assert not bench.gate.handle("a", Key(1, "NoSuchKey", True))
    assert bench.drops.totals() == {"unknown_key": 1}


def test_a_button_carries_its_place_and_overtakes_older_moves(bench: Bench) -> None:
    bench.gate.handle("a", Button(7, 0, True, (65535, 65535)))
    bench.gate.handle("a", MoveTo(6, 0, 0))
    assert bench.seen() == [("move_to", 639, 479), ("button", 0, True)]


def test_movements_made_without_control_do_not_jump_later(bench: Bench) -> None:
    bench.guest.pointer = PointerMode.RELATIVE
    bench.gate.handle("a", MoveBy(1, 500, 500))
    bench.gate.request("a")
    bench.gate.handle("a", MoveBy(2, 503, 499))
    assert bench.seen() == [("move_by", 3, -1)]


def test_messages_of_the_wrong_pointer_mode_are_counted(bench: Bench) -> None:
    bench.gate.request("a")
    bench.gate.handle("a", MoveBy(1, 5, 5))
    bench.guest.pointer = PointerMode.RELATIVE
    bench.gate.handle("a", MoveTo(2, 5, 5))
    assert bench.drops.totals() == {"pointer_mode": 2}
    assert bench.seen() == []


def test_wheel_steps_are_bounded(bench: Bench) -> None:
    bench.gate.request("a")
    bench.gate.handle("a", Wheel(1, 127, -128))
    assert bench.seen() == [("wheel", 10, -10)]


def test_release_all_keeps_control(bench: Bench) -> None:
    bench.gate.handle("a", Key(1, "KeyA", True))
    bench.gate.handle("a", ReleaseAll(2))
    assert bench.seen() == [("key", "KeyA", True), ("key", "KeyA", False)]
    assert bench.gate.holder == "a"
