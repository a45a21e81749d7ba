"""H.264 access units to RTP payloads (RFC 6184, packetization-mode 1)."""

from collections.abc import Iterator

MAX_PAYLOAD_BYTES = 1200
"""Room for RTP, RTX and SRTP below the 1280 bytes that every IPv6 path carries."""
LARGE_PAYLOAD_BYTES = 16_000
"""For the loopback interface: nearly every picture is one packet, and a lost one costs no more than a burst."""

_SEI, _ACCESS_UNIT_DELIMITER = 6, 9
_STAP_A, _FU_A = 24, 28
_FU_START, _FU_END = 0x80, 0x40


def packetize(access_unit: bytes, limit_bytes: int = MAX_PAYLOAD_BYTES) -> list[bytes]:
    """Payloads of one Annex B access unit, in order, none over the limit; the marker bit belongs on the last one.

    Delimiters and SEI are left out: RTP itself frames the access unit. Small units travel together (STAP-A), large ones
    in pieces (FU-A).
    """
    payloads: list[bytes] = []
    small: list[bytes] = []
    size = 1
    for unit in nal_units(access_unit):
        fits = size + 2 + len(unit) <= limit_bytes
        if small and not fits:
            payloads.append(_aggregate(small))
            small, size = [], 1
        if len(unit) > limit_bytes:
            payloads.extend(_fragments(unit, limit_bytes))
        else:
            small.append(unit)
            size += 2 + len(unit)
    if small:
        payloads.append(_aggregate(small))
    return payloads


def nal_units(access_unit: bytes) -> Iterator[bytes]:
    """The NAL units between start codes, without delimiters and SEI."""
    start = access_unit.find(b"\x00\x00\x01")
    while start >= 0:
        start += 3
        following = access_unit.find(b"\x00\x00\x01", start)
        unit = access_unit[start:following] if following >= 0 else access_unit[start:]
        if following >= 0:
            unit = unit.rstrip(b"\x00")
        if unit and unit[0] & 0x1F not in (_SEI, _ACCESS_UNIT_DELIMITER):
            yield unit
        start = following


def _aggregate(units: list[bytes]) -> bytes:
    if len(units) == 1:
        return units[0]
    importance = max(unit[0] & 0x60 for unit in units)
    return bytes([importance | _STAP_A]) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


def _fragments(unit: bytes, limit_bytes: int) -> Iterator[bytes]:
    indicator = (unit[0] & 0xE0) | _FU_A
    kind = unit[0] & 0x1F
    step = limit_bytes - 2
    for offset in range(1, len(unit), step):
        piece = unit[offset : offset + step]
        flags = (_FU_START if offset == 1 else 0) | (_FU_END if offset + step >= len(unit) else 0)
        yield bytes((indicator, flags | kind)) + piece
