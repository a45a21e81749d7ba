from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vr.audio.listening import PIECE, tone
from vr.audio import openal
from vr.audio.device import LoopbackDevice
from vr.audio.stream import LEAD, LIMIT, MAX_LEAD, StreamSource


class Rig:
    """A source on a loopback device, heard without filters' delay: straight ahead."""

    def __init__(self) -> None:
        self.library: Any = openal.load()
        self.device = LoopbackDevice(self.library)
        self.source = StreamSource(self.library)
        self.source.place(0.0, 0.0, -1.0, relative=True)
        self.now_s = 0.0

    def hear(self, frames: int = PIECE) -> np.ndarray[Any, np.dtype[np.float32]]:
        self.source.pump(self.now_s)
        self.now_s += frames / 48_000
        return self.device.render(frames)[:, 0]

    def errors(self) -> int:
        return int(self.library.alGetError())


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    assert made.errors() == 0
    made.source.close()
    made.device.close()


def test_sound_starts_one_lead_after_its_first_sample(rig: Rig) -> None:
    rig.source.push(np.full(PIECE, 8_000, np.int16))
    heard = np.concatenate([rig.hear() for _ in range(5)])
    first = int(np.argmax(np.abs(heard) > 0.01))
    assert LEAD <= first <= LEAD + 120


def test_steady_sound_keeps_its_short_queue_and_has_no_gap(rig: Rig) -> None:
    for _ in range(500):
        rig.source.push(tone(1))
        rig.hear()
        assert rig.source.waiting <= LEAD
    assert rig.source.late == rig.source.dropped == 0


def test_packets_that_wait_for_a_slow_frame_are_not_heard(rig: Rig) -> None:
    for _ in range(50):
        rig.hear()
        rig.source.push(tone(2))
        rig.hear()
    assert rig.source.late == rig.source.dropped == 0


def test_gaps_make_the_lead_longer_until_the_same_jitter_makes_no_other(rig: Rig) -> None:
    """Every tenth packet of 20 ms is 38 ms late, and what follows it waits for it."""
    due_ms = [20 * number + (38 if number % 10 == 9 else 0) for number in range(300)]
    for now_ms in range(0, 6_000, 10):
        while due_ms and due_ms[0] <= now_ms:
            rig.source.push(tone(1))
            due_ms.pop(0)
        rig.hear(PIECE // 2)
        assert rig.source.waiting <= LIMIT
        if now_ms == 1_000:
            gaps = rig.source.late
    assert 1 <= gaps <= 2
    assert rig.source.late == gaps
    assert rig.source.dropped <= 3 * PIECE


def test_the_lead_is_bounded_and_shrinks_again_after_a_calm_while(rig: Rig) -> None:
    for _ in range(6):
        rig.source.push(tone(1))
        for _ in range(5):
            rig.hear()
    assert rig.source.late == 5
    assert _silence_before_sound(rig) == pytest.approx(MAX_LEAD, abs=120)
    for lead in (MAX_LEAD - 480, LEAD, LEAD):
        rig.now_s += 11.0
        assert _silence_before_sound(rig) == pytest.approx(lead, abs=120)


def _silence_before_sound(rig: Rig) -> int:
    rig.source.push(np.full(PIECE, 8_000, np.int16))
    heard = np.concatenate([rig.hear() for _ in range(20)])
    return int(np.argmax(np.abs(heard) > 0.01))


def test_sound_that_comes_faster_than_it_plays_is_cut_back_and_counted(rig: Rig) -> None:
    for _ in range(200):
        rig.source.push(tone(1))
        rig.hear(PIECE - 50)
        assert rig.source.waiting <= LIMIT
    assert rig.source.dropped == pytest.approx(200 * 50, abs=LIMIT)


def test_a_second_of_backlog_is_skipped_at_once(rig: Rig) -> None:
    rig.source.push(tone(2))
    rig.hear()
    rig.source.push(tone(50))
    rig.hear()
    assert rig.source.waiting <= LEAD + PIECE
    assert rig.source.dropped > 40 * PIECE


def test_a_skip_makes_no_click(rig: Rig) -> None:
    signal = tone(60, 300.0)
    steepest = float(np.abs(np.diff(signal)).max()) / 32_768
    heard = []
    for number in range(20):
        rig.source.push(signal[number * PIECE : (number + 1) * PIECE])
        heard.append(rig.hear())
    rig.source.push(signal[20 * PIECE : 24 * PIECE + 137])
    heard += [rig.hear() for _ in range(3)]
    assert rig.source.dropped > 0
    jumps = np.abs(np.diff(np.concatenate(heard)[4 * PIECE : 22 * PIECE]))
    assert float(jumps.max()) < 4 * steepest


def test_silence_is_no_fault_and_sound_after_it_plays_in_full(rig: Rig) -> None:
    rig.source.push(tone(3))
    for _ in range(20):
        rig.hear()
    assert rig.source.late == 0
    rig.source.push(tone(3))
    heard = np.concatenate([rig.hear() for _ in range(10)])
    assert rig.source.dropped == 0
    assert np.count_nonzero(np.abs(heard) > 0.005) > 2.5 * PIECE


def test_without_a_pump_the_queue_is_bounded_too(rig: Rig) -> None:
    for _ in range(100):
        rig.source.push(tone(1))
    assert rig.source.waiting == LIMIT
    assert rig.source.dropped == 100 * PIECE - LIMIT


def test_tiny_pieces_play_without_a_gap(rig: Rig) -> None:
    signal = tone(50)
    heard = []
    for start in range(0, len(signal), 48):
        rig.source.push(signal[start : start + 48])
        heard.append(rig.hear(48))
    assert rig.source.late == 0
    loud = np.abs(np.concatenate(heard)[3 * PIECE :]).reshape(-1, 240).max(axis=1)
    assert float(loud.min()) > 0.01


def test_a_pushed_array_is_copied(rig: Rig) -> None:
    """It may be a view of shared memory that is written again."""
    shared = tone(2)
    before = shared.copy()
    rig.source.push(shared)
    rig.source.pump(0.0)
    assert np.array_equal(shared, before)
    shared[:] = 0
    assert float(np.abs(np.concatenate([rig.hear() for _ in range(3)])).max()) > 0.01


def test_buffers_are_used_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    make = rig.library.alGenBuffers

    def count(number: int, names: object) -> None:
        made.append(number)
        make(number, names)

    monkeypatch.setattr(rig.library, "alGenBuffers", count)
    for _ in range(5_000):
        rig.source.push(tone(1))
        rig.hear()
    assert len(made) <= 4


PUSH = st.tuples(st.just("push"), st.integers(1, 6_000))
HEAR = st.tuples(st.just("hear"), st.integers(1, 4_000))


@given(st.lists(st.one_of(PUSH, HEAR), max_size=40))
@settings(max_examples=60)
def test_whatever_comes_and_whenever_the_queue_is_bounded_and_plays_on(steps: list[tuple[str, int]]) -> None:
    rig = Rig()
    pushed = 0
    for what, count in steps:
        if what == "push":
            rig.source.push(np.full(count, 8_000, np.int16))
            pushed += count
        else:
            rig.hear(count)
            assert rig.source.waiting <= LIMIT
    for _ in range(10):
        rig.hear()
    assert rig.source.waiting == 0
    assert rig.source.dropped <= pushed
    rig.source.push(np.full(PIECE, 8_000, np.int16))
    heard = np.concatenate([rig.hear() for _ in range(6)])
    assert float(np.abs(heard).max()) > 0.01
    assert rig.errors() == 0
    rig.source.close()
    rig.device.close()
