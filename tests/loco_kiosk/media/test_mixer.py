import threading

import numpy as np
import pytest

from loco_kiosk.media.audio_receiver import Pcm
from loco_kiosk.media.mixer import SILENCE_DBFS, Mixer


def tone(level: int, count: int = 960) -> Pcm:
    return np.full((count, 2), level, np.int16)


def settled(mixer: Mixer, streams: dict[str, int]) -> Pcm:
    """The second block, once gains have glided to their places."""
    for _ in range(2):
        for identity, level in streams.items():
            mixer.stream(identity).push(tone(level))
        block = mixer.pull(960)
    return block


def test_silence_is_silent() -> None:
    mixer = Mixer()
    mixer.stream("a")
    assert not mixer.pull(480).any()
    assert mixer.pull(480).shape == (480, 2)


def test_all_streams_are_heard() -> None:
    assert settled(Mixer(), {"a": 1000, "b": 2000}).mean() == pytest.approx(3000, abs=2)


def test_the_one_in_focus_is_in_front_and_the_others_are_twelve_decibels_behind() -> None:
    mixer = Mixer()
    mixer.focus = "a"
    assert settled(mixer, {"a": 1000, "b": 4000}).mean() == pytest.approx(1000 + 4000 * 10 ** (-12 / 20), abs=3)


def test_volume_and_mute() -> None:
    mixer = Mixer()
    mixer.volume = 0.5
    assert settled(mixer, {"a": 1000}).mean() == pytest.approx(500, abs=2)
    mixer.muted = True
    assert not settled(mixer, {"a": 1000}).any()
    assert mixer.levels_dbfs()["a"] > -40


def test_mono_puts_both_sides_in_both_ears() -> None:
    mixer = Mixer()
    mixer.mono = True
    for _ in range(2):
        left = tone(2000)
        left[:, 1] = 0
        mixer.stream("a").push(left)
        block = mixer.pull(960)
    assert block.mean(axis=0) == pytest.approx([1000, 1000], abs=2)


def test_nine_loud_streams_bend_instead_of_wrapping_around() -> None:
    block = settled(Mixer(), {str(number): 20_000 for number in range(9)})
    assert block.min() > 30_000


def test_a_change_of_focus_glides() -> None:
    mixer = Mixer()
    settled(mixer, {"a": 8000, "b": 0})
    mixer.focus = "b"
    mixer.stream("a").push(tone(8000))
    steps = np.abs(np.diff(mixer.pull(960)[:, 0].astype(int)))
    assert steps.max() < 20


def test_meters_show_the_level_and_fall_slowly() -> None:
    mixer = Mixer()
    settled(mixer, {"a": 16_384})
    assert mixer.levels_dbfs()["a"] == pytest.approx(-6.02, abs=0.1)
    mixer.pull(960)
    after = mixer.levels_dbfs()["a"]
    assert -10 < after < -6.02
    for _ in range(200):
        mixer.pull(960)
    assert mixer.levels_dbfs()["a"] == SILENCE_DBFS


def test_a_removed_stream_is_silent_and_may_still_push() -> None:
    mixer = Mixer()
    stream = mixer.stream("a")
    mixer.remove("a")
    stream.push(tone(1000))
    assert not mixer.pull(960).any()
    assert mixer.levels_dbfs() == {}


def test_losses_are_summed_over_all_streams() -> None:
    mixer = Mixer()
    for identity in "ab":
        for _ in range(20):
            mixer.stream(identity).push(tone(1))
    assert mixer.statistics.drops["caught up"] > 20
    assert mixer.statistics.underruns == 0


def test_threads_may_push_while_one_pulls() -> None:
    mixer = Mixer()
    stop = threading.Event()

    def push(identity: str) -> None:
        while not stop.is_set():
            mixer.stream(identity).push(tone(100))

    threads = [threading.Thread(target=push, args=(str(number),)) for number in range(3)]
    for thread in threads:
        thread.start()
    blocks = [mixer.pull(480) for _ in range(200)]
    stop.set()
    for thread in threads:
        thread.join()
    assert all(np.abs(block).max() <= 300 for block in blocks)


def test_a_listener_hears_each_stream_apart_and_the_mix_misses_nothing() -> None:
    mixer = Mixer()
    heard: list[tuple[str, int]] = []
    mixer.listener = lambda identity, pcm: heard.append((identity, int(pcm[0, 0])))
    settled(mixer, {"a": 100, "b": 50})
    assert heard == [("a", 100), ("b", 50)] * 2
    mixer.listener = None
    assert abs(settled(mixer, {"a": 100})[0, 0] - 100) <= 1
    assert len(heard) == 4
