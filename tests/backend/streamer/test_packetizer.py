from hypothesis import given
from hypothesis import strategies as st

from backend.streamer.packetizer import MAX_PAYLOAD_BYTES, nal_units, packetize

START = b"\x00\x00\x00\x01"


def unpack(payloads: list[bytes]) -> list[bytes]:
    """The NAL units again, by the letter of RFC 6184."""
    units: list[bytes] = []
    for payload in payloads:
        kind = payload[0] & 0x1F
        if kind == 24:
            rest = payload[1:]
            while rest:
                size = int.from_bytes(rest[:2], "big")
                units.append(rest[2 : 2 + size])
                rest = rest[2 + size :]
        elif kind == 28:
            if payload[1] & 0x80:
                units.append(bytes([(payload[0] & 0xE0) | (payload[1] & 0x1F)]))
            units[-1] += payload[2:]
        else:
            units.append(payload)
    return units


@st.composite
def nal_unit(draw: st.DrawFn) -> bytes:
    kind = draw(st.sampled_from([1, 5, 7, 8]))
    size = draw(st.integers(1, 5000))
    # No byte is 0, so that no start code can come about; the encoder escapes them.
    return bytes([0x60 | kind]) + bytes(1 + (n * 7 + size) % 255 for n in range(size))


@given(st.lists(nal_unit(), min_size=1, max_size=8))
def test_every_unit_arrives_whole_and_in_order(units: list[bytes]) -> None:
    payloads = packetize(b"".join(START + unit for unit in units))
    assert unpack(payloads) == units
    assert max(map(len, payloads)) <= MAX_PAYLOAD_BYTES


def test_parameter_sets_and_a_small_picture_travel_in_one_packet() -> None:
    units = [b"\x67abc", b"\x68d", b"\x65" + b"e" * 500]
    (payload,) = packetize(b"".join(START + unit for unit in units))
    assert payload[0] == 0x60 | 24
    assert unpack([payload]) == units


def test_delimiters_and_sei_are_left_out() -> None:
    assert packetize(START + b"\x09\xf0" + START + b"\x06xyz" + b"\x00\x00\x01" + b"\x41abc") == [b"\x41abc"]


def test_a_long_unit_is_cut_with_start_and_end_flags() -> None:
    payloads = packetize(START + b"\x65" + b"x" * 3000)
    assert [payload[1] & 0xC0 for payload in payloads] == [0x80, 0, 0x40]


@given(st.binary(max_size=200))
def test_rubbish_gives_no_error(data: bytes) -> None:
    assert all(nal_units(data))
    packetize(data)
