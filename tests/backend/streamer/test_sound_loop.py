import numpy as np
import pytest
from numpy.typing import NDArray

from backend.streamer.sound_loop import SILENCE_DBFS, SoundLoop, level_dbfs
from backend.streamer.synthetic import SyntheticSound


class Bench:
    def __init__(self) -> None:
        self.sound = SyntheticSound()
        self.now_s = 100.0
        self.heard = True
        self.near = True
        self.packets: list[tuple[int, bool]] = []
        self.loop = SoundLoop(
            self.sound,
            rtp_origin=0,
            now_s=lambda: self.now_s,
            heard=lambda: self.heard,
            near=lambda: self.near,
            on_encoded=lambda packet, timestamp, first: self.packets.append((timestamp, first)),
        )

    def play(self, pcm: NDArray[np.int16]) -> None:
        self.now_s += len(pcm) / 48_000
        self.sound.play(pcm)
        self.loop.changed()


def wave(frames: int, amplitude: int = 8000) -> NDArray[np.int16]:
    one = (np.sin(np.arange(frames) / 17) * amplitude).astype(np.int16)
    return np.stack((one, one), axis=1)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_each_block_of_10_ms_is_a_packet_for_who_plays(bench: Bench) -> None:
    bench.play(wave(240))
    assert bench.packets == []
    bench.play(wave(240))
    assert len(bench.packets) == 1
    bench.play(wave(1024 * 3))
    assert len(bench.packets) == 7


def test_packets_are_longer_while_nobody_plays(bench: Bench) -> None:
    bench.near = False
    bench.play(wave(6 * 960))
    assert [timestamp - bench.packets[0][0] for timestamp, _ in bench.packets] == [0, 2880]
    bench.near = True
    bench.play(wave(2 * 960))
    assert [timestamp - bench.packets[0][0] for timestamp, _ in bench.packets] == [0, 2880, 5760, 6240, 6720, 7200]


def test_silence_is_not_sent_and_time_stamps_go_on(bench: Bench) -> None:
    bench.play(wave(960))
    bench.play(np.zeros((48_000, 2), np.int16))
    sent = len(bench.packets)
    assert sent == 2 + 20
    bench.play(wave(960))
    assert [first for _, first in bench.packets[sent - 1 :]] == [False, True, False]
    gap = bench.packets[sent][0] - bench.packets[0][0]
    assert abs(gap - 49_920) <= 1920


def test_a_pause_of_the_guest_s_own_stream_counts_too(bench: Bench) -> None:
    bench.play(wave(960))
    before = bench.packets[-1][0]
    bench.play(np.zeros((20 * 960, 2), np.int16))
    bench.now_s += 10
    bench.play(wave(960))
    assert bench.packets[-1][0] - before > 10 * 48_000


def test_nothing_is_encoded_while_nobody_listens_but_the_level_is_known(bench: Bench) -> None:
    bench.heard = False
    bench.play(wave(4800))
    assert bench.packets == []
    assert -16 < bench.loop.level_dbfs() < -14
    assert bench.loop.level_dbfs() == SILENCE_DBFS


def test_the_idle_level_of_a_sound_card_is_silence() -> None:
    assert level_dbfs(np.full((960, 2), -128, np.int16)) == SILENCE_DBFS
    assert level_dbfs(wave(960, 32_767)) == pytest.approx(-3, abs=0.2)
