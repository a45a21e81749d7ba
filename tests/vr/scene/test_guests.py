import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.input import FULL_SCALE, Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel
from vr.scene.guests import Guests

FRAME_S = 1 / 72
SIZE = (640, 480)


class Sent:
    def __init__(self) -> None:
        self.messages: list[tuple[str, InputMessage]] = []
        self.guests = Guests(lambda name, message: self.messages.append((name, message)))
        self.now_s = 0.0

    def point(self, u: float, v: float, size_px: tuple[int, int] | None = None) -> None:
        self.now_s += FRAME_S
        self.guests.point(u, v, size_px, self.now_s)

    def take(self) -> list[InputMessage]:
        messages = [message for _, message in self.messages]
        self.messages.clear()
        return messages


@given(st.integers(0, 639), st.integers(0, 479))
def test_a_point_of_the_picture_is_that_pixel_of_the_guest(column: int, row: int) -> None:
    sent = Sent()
    sent.guests.bring("pc")
    sent.point((column + 0.5) / 640, (row + 0.5) / 480)
    (move,) = sent.take()
    assert isinstance(move, MoveTo)
    # As the streamer maps it.
    assert abs(round(move.x * 639 / FULL_SCALE) - column) <= 1
    assert abs(round(move.y * 479 / FULL_SCALE) - row) <= 1


def test_without_a_guest_in_front_nothing_is_said() -> None:
    sent = Sent()
    sent.point(0.5, 0.5)
    sent.guests.button(0, down=True, absolute=True, now_s=1.0)
    sent.guests.wheel((0.0, 1.0), 1.0, 1.0)
    sent.guests.type([("KeyA", True)])
    sent.guests.tick(1.0)
    sent.guests.release_all()
    assert sent.take() == []


def test_a_pointer_that_rests_says_nothing() -> None:
    sent = Sent()
    sent.guests.bring("pc")
    sent.point(0.5, 0.5)
    sent.take()
    sent.point(0.5, 0.5)
    assert sent.take() == []


def test_a_click_carries_its_position() -> None:
    sent = Sent()
    sent.guests.bring("pc")
    sent.point(1.0, 0.0)
    sent.guests.button(0, down=True, absolute=True, now_s=sent.now_s)
    sent.guests.button(0, down=False, absolute=True, now_s=sent.now_s)
    assert sent.take()[1:] == [Button(2, 0, True, (FULL_SCALE, 0)), Button(3, 0, False, (FULL_SCALE, 0))]


def test_a_guest_that_takes_movements_is_told_how_far_the_ray_went_on_its_screen() -> None:
    sent = Sent()
    sent.guests.bring("pc")
    sent.point(0.5, 0.5, SIZE)
    assert sent.take() == []
    sent.point(0.6, 0.4, SIZE)
    sent.guests.button(0, down=True, absolute=False, now_s=sent.now_s)
    assert sent.take() == [MoveBy(1, 64, -48), Button(2, 0, True, None)]
    sent.guests.leave()
    sent.point(0.1, 0.1, SIZE)
    assert sent.take() == []


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2))
def test_sums_of_movements_lose_nothing(points: list[tuple[float, float]]) -> None:
    sent = Sent()
    sent.guests.bring("pc")
    for u, v in points:
        sent.point(u, v, SIZE)
    sent.guests.tick(sent.now_s + 1)
    moves = [message for message in sent.take() if isinstance(message, MoveBy)]
    last = moves[-1] if moves else MoveBy(0, 0, 0)
    assert last.x == pytest.approx((points[-1][0] - points[0][0]) * 640, abs=0.51)
    assert last.y == pytest.approx((points[-1][1] - points[0][1]) * 480, abs=0.51)


def test_another_guest_in_front_leaves_nothing_down_in_the_one_before() -> None:
    sent = Sent()
    sent.guests.bring("pc-1")
    sent.guests.type([("ShiftLeft", True)])
    sent.guests.bring("pc-2")
    sent.guests.bring("pc-2")
    assert sent.messages == [("pc-1", Key(1, "ShiftLeft", True)), ("pc-1", ReleaseAll(2))]
    assert sent.guests.front == "pc-2"


@pytest.mark.parametrize(("stick", "expected"), [((0.0, 1.0), (-1, 0)), ((0.0, -1.0), (1, 0)), ((1.0, 0.3), (0, 1))])
def test_the_stick_turns_the_wheel(stick: tuple[float, float], expected: tuple[int, int]) -> None:
    sent = Sent()
    sent.guests.bring("pc")
    for frame in range(72):
        sent.guests.wheel(stick, FRAME_S, frame * FRAME_S)
    steps = [(message.down, message.right) for message in sent.take() if isinstance(message, Wheel)]
    assert set(steps) == {expected}
    assert 12 <= len(steps) <= 14


def test_a_slight_push_turns_slowly_and_a_resting_stick_not_at_all() -> None:
    counts = []
    for push in (0.19, 0.4, 0.7, 1.0):
        sent = Sent()
        sent.guests.bring("pc")
        for frame in range(144):
            sent.guests.wheel((0.0, push), FRAME_S, frame * FRAME_S)
        counts.append(len(sent.take()))
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[1] < counts[3] / 4
