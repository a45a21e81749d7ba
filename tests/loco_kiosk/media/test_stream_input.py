import numpy as np
import pytest

from loco_kiosk.media.stream_input import LIMIT_MS, MAX_RESERVE_MS, MIN_RESERVE_MS, StreamInput

PIECE = np.full((960, 2), 1000, np.int16)
BLOCK = 480


def tone(pieces: int, samples: int = 960) -> list[np.ndarray[tuple[int, int], np.dtype[np.int16]]]:
    wave = (np.sin(np.arange(pieces * samples) * 2 * np.pi * 440 / 48_000) * 16_000).astype(np.int16)
    return list(np.stack((wave, wave), axis=1).reshape(pieces, samples, 2))


def run(
    stream: StreamInput, seconds: float, *, piece_ms: int = 20, rate: float = 1.0, late_ms: tuple[float, ...] = (0.0,)
) -> list[float]:
    """Blocks of 10 ms are taken; pieces come at ``rate``, late in turn by ``late_ms``. What waits, block by block."""
    buffered: list[float] = []
    pieces = tone(round(seconds * rate * 1000 / piece_ms), piece_ms * 48)
    due = sorted((index * piece_ms / rate + late_ms[index % len(late_ms)], index) for index in range(len(pieces)))
    for now_ms in range(5, round(seconds * 1000), 10):
        while due and due[0][0] <= now_ms:
            stream.push(pieces[due.pop(0)[1]])
        stream.take(BLOCK)
        buffered.append(stream.buffered_ms)
    return buffered


def test_it_plays_at_once_after_the_reserve_and_gives_exactly_what_is_asked() -> None:
    stream = StreamInput()
    assert stream.take(BLOCK) is None
    stream.push(PIECE)
    assert stream.buffered_ms == MIN_RESERVE_MS + 20
    silence, sound = stream.take(BLOCK), stream.take(BLOCK)
    assert silence is not None
    assert sound is not None
    assert silence.shape == sound.shape == (BLOCK, 2)
    assert not silence.any()
    assert sound[-1, 0] == 1000
    assert stream.buffered_ms == 10


def test_it_begins_and_ends_without_a_click() -> None:
    stream = StreamInput()
    stream.push(PIECE)
    blocks = [block for _ in range(5) if (block := stream.take(BLOCK)) is not None]
    assert np.abs(np.diff(np.concatenate(blocks)[:, 0].astype(int))).max() < 20


def test_a_piece_that_comes_too_late_is_an_underrun_and_raises_the_reserve() -> None:
    stream = StreamInput()
    stream.push(PIECE)
    stream.take(2000)
    assert stream.take(BLOCK) is None
    stream.push(PIECE)
    assert stream.underruns == 1
    assert stream.reserve_ms == MIN_RESERVE_MS + 10
    assert stream.take(BLOCK) is not None  # plays on at once: it is late enough
    for _ in range(20):
        stream.push(PIECE)
        stream.take(5000)
    assert stream.reserve_ms == MAX_RESERVE_MS


def test_sound_after_silence_is_no_underrun() -> None:
    stream = StreamInput()
    stream.push(PIECE)
    stream.take(2000)
    stream.push(PIECE, continuous=False)
    assert stream.underruns == 0
    assert stream.reserve_ms == MIN_RESERVE_MS


def test_what_comes_at_once_and_is_too_much_is_dropped() -> None:
    stream = StreamInput()
    for _ in range(100):
        stream.push(PIECE)
        assert stream.buffered_ms <= MIN_RESERVE_MS + LIMIT_MS + 20
    assert stream.drops["caught up"] > 50


@pytest.mark.parametrize("piece_ms", [10, 20, 40])
def test_on_a_steady_way_there_is_little_delay_and_no_underrun(piece_ms: int) -> None:
    stream = StreamInput()
    buffered = run(stream, 5.0, piece_ms=piece_ms)
    assert stream.underruns == 0
    assert max(buffered[100:]) <= MIN_RESERVE_MS + piece_ms + 10
    assert not stream.drops


def test_jitter_is_learnt_and_then_not_heard() -> None:
    stream = StreamInput()
    late_ms = (0.0, 15.0, 3.0, 19.0, 8.0, 1.0)
    run(stream, 3.0, late_ms=late_ms)
    before = stream.underruns
    assert 1 <= before <= 4
    buffered = run(stream, 5.0, late_ms=late_ms)
    assert stream.underruns <= before + 1
    assert max(buffered[100:]) <= stream.reserve_ms + 50


@pytest.mark.parametrize("rate", [0.999, 1.001, 1.01])
def test_no_delay_grows_whatever_the_clocks_do(rate: float) -> None:
    stream = StreamInput()
    buffered = run(stream, 30.0, rate=rate)
    assert max(buffered) <= 60
    assert not stream.drops
    assert stream.underruns <= 4


def test_after_a_stall_the_delay_is_gone_again_within_seconds() -> None:
    stream = StreamInput()
    run(stream, 1.0)
    for piece in tone(5):
        stream.push(piece)  # 100 ms at once
    buffered = run(stream, 5.0)
    assert buffered[0] > 60
    assert buffered[-1] <= stream.reserve_ms + 30


def test_a_calm_stream_tries_a_smaller_reserve_again() -> None:
    stream = StreamInput()
    stream.push(PIECE)
    stream.take(2000)
    stream.push(PIECE)
    assert stream.reserve_ms > MIN_RESERVE_MS
    run(stream, 25.0)
    assert stream.reserve_ms == MIN_RESERVE_MS
