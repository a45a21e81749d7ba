import numpy as np

from loco_kiosk.media.stream_input import MAX_TARGET_MS, MIN_TARGET_MS, StreamInput

PIECE = np.full((960, 2), 1000, np.int16)


def test_it_plays_once_the_target_is_there_and_then_gives_exactly_what_is_asked() -> None:
    stream = StreamInput()
    assert stream.take(480) is None
    stream.push(PIECE)
    block = stream.take(480)
    assert block is not None
    assert block.shape == (480, 2)
    assert block.min() == 1000
    assert stream.buffered_ms == 10


def test_a_piece_that_comes_too_late_is_an_underrun_and_raises_the_target() -> None:
    stream = StreamInput()
    stream.push(PIECE)
    assert stream.take(1200) is not None
    assert stream.take(480) is None
    stream.push(PIECE)
    assert stream.underruns == 1
    assert stream.target_ms == MIN_TARGET_MS + 10
    assert stream.take(480) is None  # waits for the new target
    for _ in range(20):
        stream.push(PIECE)
        stream.take(5000)
    assert stream.target_ms == MAX_TARGET_MS


def test_sound_after_silence_is_no_underrun() -> None:
    stream = StreamInput()
    stream.push(PIECE)
    stream.take(1200)
    stream.push(PIECE, continuous=False)
    assert stream.underruns == 0
    assert stream.target_ms == MIN_TARGET_MS


def test_a_lagging_stream_catches_up_and_never_grows() -> None:
    stream = StreamInput()
    for _ in range(100):
        stream.push(PIECE)
        assert stream.buffered_ms <= MIN_TARGET_MS + 60
    assert stream.drops["caught up"] > 50


def test_a_calm_stream_tries_a_smaller_target_again() -> None:
    stream = StreamInput()
    stream.push(PIECE)
    stream.take(1200)
    stream.push(PIECE)
    stream.push(PIECE)
    raised = stream.target_ms
    for _ in range(600):
        stream.push(PIECE)
        stream.take(960)
    assert raised > MIN_TARGET_MS
    assert stream.target_ms == MIN_TARGET_MS
