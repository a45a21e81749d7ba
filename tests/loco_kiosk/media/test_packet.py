import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.media.errors import PayloadError
from loco_kiosk.media.packet import nearest_sequence, parse, timestamp_difference, unwrap_retransmission


def rtp(first: int = 0x80, second: int = 97, payload: bytes = b"abc", middle: bytes = b"") -> bytes:
    return struct.pack("!BBHII", first, second, 7, 90_000, 5) + middle + payload


def test_a_plain_packet_is_read() -> None:
    packet = parse(rtp(second=97 | 0x80))
    assert packet == (7, 90_000, 5, 97, True, b"abc")


def test_contributing_sources_extensions_and_padding_are_not_payload() -> None:
    middle = b"csrc" + b"\xbe\xde\x00\x01" + b"ext!"
    assert parse(rtp(0x80 | 0x20 | 0x10 | 1, middle=middle, payload=b"abc\x00\x02")).payload == b"abc"


@pytest.mark.parametrize(
    "data", [b"", b"\x80" * 11, rtp(0x40), rtp(0xA0, payload=b"\xff"), rtp(0x90, payload=b"\0"), rtp(0x8F, payload=b"")]
)
def test_malformed_packets_are_refused(data: bytes) -> None:
    with pytest.raises(PayloadError):
        parse(data)


@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        packet = parse(data)
    except PayloadError:
        return
    assert len(packet.payload) <= len(data)


def test_a_retransmission_gives_the_original() -> None:
    original = unwrap_retransmission(parse(rtp(second=98, payload=b"\x01\x02xyz")), 97, 9)
    assert (original.sequence, original.payload_type, original.ssrc, original.payload) == (0x0102, 97, 9, b"xyz")
    with pytest.raises(PayloadError):
        unwrap_retransmission(parse(rtp(payload=b"x")), 97, 9)


@given(st.integers(0, 1 << 40), st.integers(-32_768, 32_767))
def test_sequence_numbers_unwrap_to_the_nearest(reference: int, distance: int) -> None:
    assert nearest_sequence((reference + distance) & 0xFFFF, reference) == reference + distance


@given(st.integers(0, (1 << 32) - 1), st.integers(-(1 << 31), (1 << 31) - 1))
def test_timestamps_compare_across_the_wrap(earlier: int, distance: int) -> None:
    assert timestamp_difference((earlier + distance) & 0xFFFF_FFFF, earlier) == distance
