import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lan.errors import FramingError
from backend.lan.framing import LONGEST_BYTES, Deframer, length_of

FRAMES = st.lists(st.binary(max_size=1600), max_size=12)


@given(FRAMES, st.data())
def test_frames_survive_however_the_stream_is_cut(frames: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(length_of(len(frame)) + frame for frame in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    deframer = Deframer()
    read = []
    for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        read += deframer.feed(stream[begin:end])
    assert read == frames


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_hostile_bytes_become_frames_or_an_error_and_are_not_hoarded(pieces: list[bytes]) -> None:
    deframer = Deframer()
    octets = 0
    try:
        for piece in pieces:
            octets += sum(4 + len(frame) for frame in deframer.feed(piece))
    except FramingError:
        return
    assert octets <= sum(map(len, pieces))


@given(st.integers(LONGEST_BYTES + 1, 2**32 - 1))
def test_a_length_that_qemu_never_writes_is_refused(length: int) -> None:
    with pytest.raises(FramingError, match=str(length)):
        Deframer().feed(struct.pack("!I", length))


def test_the_longest_frame_of_qemu_is_read() -> None:
    frame = bytes(LONGEST_BYTES)
    assert Deframer().feed(length_of(len(frame)) + frame) == [frame]
