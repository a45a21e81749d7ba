"""H.264 pictures from RTP payloads (RFC 6184): single NAL units, STAP-A and FU-A, to an Annex B byte stream."""

from collections.abc import Iterable

from loco_kiosk.media.errors import PayloadError

_START_CODE = b"\x00\x00\x00\x01"
_STAP_A = 24
_FU_A = 28
_FU_START = 0x80
_IDR = 5
_SPS = 7


def join(payloads: Iterable[bytes]) -> bytes:
    """The Annex B byte stream of one picture.

    Raises:
        PayloadError: a payload is cut off or of a type that WebRTC does not use.
    """
    parts: list[bytes] = []
    for payload in payloads:
        _append(parts, payload)
    return b"".join(parts)


def begins_key_frame(payload: bytes) -> bool:
    """Whether a picture that starts with this payload can be decoded without any before it."""
    if len(payload) < 2:
        return False
    kind = payload[0] & 0x1F
    if kind == _FU_A:
        return payload[1] & _FU_START != 0 and payload[1] & 0x1F in (_IDR, _SPS)
    if kind == _STAP_A:
        return len(payload) > 3 and payload[3] & 0x1F in (_IDR, _SPS)
    return kind in (_IDR, _SPS)


def _append(parts: list[bytes], payload: bytes) -> None:
    if len(payload) < 2:
        raise PayloadError(f"An H.264 payload has at least 2 bytes, not {len(payload)}.")
    kind = payload[0] & 0x1F
    if kind == _FU_A:
        if payload[1] & _FU_START:
            parts += (_START_CODE, bytes(((payload[0] & 0xE0) | (payload[1] & 0x1F),)))
        parts.append(payload[2:])
    elif 1 <= kind < _STAP_A:
        parts += (_START_CODE, payload)
    elif kind == _STAP_A:
        _append_aggregate(parts, payload)
    else:
        raise PayloadError(f"H.264 payloads of type {kind} are not supported.")


def _append_aggregate(parts: list[bytes], payload: bytes) -> None:
    at = 1
    while at < len(payload):
        end = at + 2 + int.from_bytes(payload[at : at + 2], "big")
        if at + 2 >= end or end > len(payload):
            raise PayloadError("A unit of an H.264 aggregation packet is cut off.")
        parts += (_START_CODE, payload[at + 2 : end])
        at = end
