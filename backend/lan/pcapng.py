"""Writes captures that Wireshark opens: pcapng, draft-ietf-opsawg-pcapng. Pure.

Blocks (section 3.1): type, total length, body, total length again; all in the byte order of the section header.
"""

import struct

LINKTYPE_ETHERNET = 1
_SECTION_HEADER, _INTERFACE_DESCRIPTION, _ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
_OPT_END, _SHB_USERAPPL, _IF_NAME, _IF_TSRESOL, _EPB_FLAGS, _EPB_DROPCOUNT = 0, 4, 2, 9, 2, 4
_NANOSECONDS = b"\x09"
_INBOUND, _OUTBOUND = 1, 2
_UNKNOWN_LENGTH = -1


def section_header() -> bytes:
    """Begins a file (section 4.1)."""
    body = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, _UNKNOWN_LENGTH)
    return _block(_SECTION_HEADER, body + _options({_SHB_USERAPPL: b"loco-lan"}))


def interface(name: str) -> bytes:
    """Describes the next interface, counted from 0 (section 4.2); its times are in nanoseconds."""
    body = struct.pack("<HHI", LINKTYPE_ETHERNET, 0, 0)
    return _block(_INTERFACE_DESCRIPTION, body + _options({_IF_NAME: name.encode(), _IF_TSRESOL: _NANOSECONDS}))


def packet(number: int, at_ns: int, frame: bytes, *, came_in: bool, dropped: int = 0) -> bytes:
    """One frame of interface ``number`` at Unix time ``at_ns`` (section 4.3).

    Args:
        number: of the interface.
        at_ns: nanoseconds.
        frame: whole.
        came_in: from the guest into the switch, or else to the guest.
        dropped: frames that the capture missed since the last one.
    """
    head = struct.pack("<IIIII", number, at_ns >> 32, at_ns & 0xFFFFFFFF, len(frame), len(frame))
    options = {_EPB_FLAGS: struct.pack("<I", _INBOUND if came_in else _OUTBOUND)}
    if dropped:
        options[_EPB_DROPCOUNT] = struct.pack("<Q", dropped)
    return _block(_ENHANCED_PACKET, head + _padded(frame) + _options(options))


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def _options(options: dict[int, bytes]) -> bytes:
    """Section 3.5: code, length, value padded to 32 bits."""
    written = b"".join(struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options.items())
    return written + struct.pack("<HH", _OPT_END, 0)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
