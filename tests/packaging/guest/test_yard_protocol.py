"""The codec of the yards' messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.packaging.guest.yard_protocol import FRAME_BYTES, MESSAGE_BYTES, Kind, Message, decode


def unsigned(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, (1 << bits) - 1)


messages = st.builds(
    Message,
    kind=st.sampled_from(Kind), sender=st.binary(min_size=6, max_size=6), to=st.binary(min_size=6, max_size=6),
    life=unsigned(32), number=unsigned(16), trains=unsigned(8), id=unsigned(64), your_life=unsigned(32),
    train=unsigned(16), colour=unsigned(8), cars=unsigned(8), speed=st.integers(-128, 127),
)  # fmt: skip


@given(messages)
def test_what_is_written_is_read(message: Message) -> None:
    frame = message.encode()
    assert len(frame) == FRAME_BYTES
    assert decode(frame) == message


@given(st.binary(max_size=100))
def test_anything_else_is_refused_in_an_orderly_way(frame: bytes) -> None:
    with pytest.raises(ValueError, match=r"too short|another protocol"):
        decode(frame)


@pytest.mark.parametrize("length", [0, MESSAGE_BYTES - 1, FRAME_BYTES - 13, 0xFFFF])
def test_a_length_that_lies_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="lies"):
        decode(Message(kind=Kind.HELLO, sender=bytes(6)).encode(length=length))


def test_the_layout_is_the_one_in_the_readme() -> None:
    message = Message(
        kind=Kind.TRAIN, sender=bytes.fromhex("024c4f430003"), to=bytes.fromhex("024c4f430004"), life=0x01020304,
        number=4, trains=2, id=0x1112131415161718, your_life=0x21222324, train=7, colour=6, cars=3, speed=-3,
    )  # fmt: skip
    assert message.encode().hex(" ", 2) == (
        "024c 4f43 0004 024c 4f43 0003 88b5 4c6f 636f 0106 0028 0102 0304 0004 0200 1112 1314 1516 1718 2122 2324 "
        "0007 0603 fd00 0000 0000 0000 0000 0000 0000"
    )
