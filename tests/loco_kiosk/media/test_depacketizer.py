import pytest
from aiortc.codecs.h264 import H264Encoder
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.media.depacketizer import begins_key_frame, join
from loco_kiosk.media.errors import PayloadError

START = b"\0\0\0\1"
nal_units = st.builds(
    lambda kind, rest: bytes((0x60 | kind,)) + rest, st.integers(1, 23), st.binary(min_size=1, max_size=4000)
)


@given(st.lists(nal_units, min_size=1, max_size=5))
def test_what_a_textbook_packetizer_splits_is_joined_again(units: list[bytes]) -> None:
    payloads = H264Encoder._packetize(iter(units))
    assert join(payloads) == b"".join(START + unit for unit in units)


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_any_payloads_are_joined_or_refused(payloads: list[bytes]) -> None:
    for payload in payloads:
        begins_key_frame(payload)
    try:
        join(payloads)
    except PayloadError:
        return


@pytest.mark.parametrize("payload", [b"", b"\x65", b"\x00\x00", b"\x7e\x00", b"\x78\x00\x09\x65", b"\x78\x00\x00"])
def test_malformed_payloads_are_refused(payload: bytes) -> None:
    with pytest.raises(PayloadError):
        join([payload])


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        (b"\x67\x42", True),  # parameter set
        (b"\x65\x88", True),  # IDR slice
        (b"\x41\x9a", False),  # P slice
        (b"\x78\x00\x02\x67\x42", True),  # aggregate that starts with a parameter set
        (b"\x78\x00\x02\x41\x9a", False),
        (b"\x7c\x85\x88", True),  # first fragment of an IDR slice
        (b"\x7c\x05\x88", False),  # a later one
        (b"\x7c\x81\x88", False),
        (b"\x67", False),
    ],
)
def test_key_frames_are_known_by_their_first_payload(payload: bytes, key: bool) -> None:
    assert begins_key_frame(payload) is key
