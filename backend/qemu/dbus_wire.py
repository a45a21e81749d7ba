"""D-Bus messages as bytes: the small part of the protocol that QEMU's display speaks. Pure.

Source: D-Bus Specification 0.43, "Message Protocol" and "Marshaling". Only little endian, which is what QEMU on every
host of ours sends; only header fields of the types u, s, o and g, which are all there are.
"""

import enum
import struct
from dataclasses import dataclass, field

from backend.qemu.errors import DisplayError

FIXED_BYTES = 16
"""Length of the part that tells how long the rest is."""
MAX_FIELDS_BYTES = 4096
"""QEMU's longest has about 200 bytes."""
MAX_BODY_BYTES = 80 * 1024 * 1024
"""A picture of 4096 x 4096 pixels fits; the protocol itself allows 128 MiB."""
NO_REPLY = 1

_FIXED = struct.Struct("<BBBBIII")
_U32 = struct.Struct("<I")


class Kind(enum.IntEnum):
    """Message types."""

    CALL = 1
    RETURN = 2
    ERROR = 3
    SIGNAL = 4


class FieldCode(enum.IntEnum):
    """Header fields."""

    PATH = 1
    INTERFACE = 2
    MEMBER = 3
    ERROR_NAME = 4
    REPLY_SERIAL = 5
    SENDER = 7
    SIGNATURE = 8
    UNIX_FDS = 9


_TYPES = {
    FieldCode.PATH: "o",
    FieldCode.INTERFACE: "s",
    FieldCode.MEMBER: "s",
    FieldCode.ERROR_NAME: "s",
    FieldCode.REPLY_SERIAL: "u",
    FieldCode.SENDER: "s",
    FieldCode.SIGNATURE: "g",
    FieldCode.UNIX_FDS: "u",
}


@dataclass(frozen=True, slots=True)
class Fixed:
    """The first 16 bytes of a message."""

    kind: int
    flags: int
    body_bytes: int
    serial: int
    fields_bytes: int

    @property
    def padded_fields_bytes(self) -> int:
        """Length of the header fields with the padding before the body."""
        return self.fields_bytes + -self.fields_bytes % 8


@dataclass(frozen=True, slots=True)
class Message:
    """One received message; ``body`` is valid only until the next one where the connection says so."""

    kind: int
    flags: int
    serial: int
    fields: dict[int, str | int]
    body: bytes | memoryview = b""
    fds: list[int] = field(default_factory=list)

    @property
    def interface(self) -> str:
        """Interface, empty where not given."""
        return str(self.fields.get(FieldCode.INTERFACE, ""))

    @property
    def member(self) -> str:
        """Method or signal name, empty for replies."""
        return str(self.fields.get(FieldCode.MEMBER, ""))

    @property
    def wants_reply(self) -> bool:
        """Whether the sender waits for an answer."""
        return self.kind == Kind.CALL and not self.flags & NO_REPLY

    @property
    def reply_to(self) -> int | None:
        """Serial of the call that this answers."""
        serial = self.fields.get(FieldCode.REPLY_SERIAL)
        return serial if isinstance(serial, int) else None

    def unpack(self, layout: struct.Struct) -> tuple[int, ...]:
        """The first values of the body.

        Raises:
            DisplayError: the body is shorter.
        """
        try:
            return layout.unpack_from(self.body)
        except struct.error as error:
            raise DisplayError(f"A D-Bus {self.member or 'reply'} carries only {len(self.body)} bytes.") from error

    def array_at(self, offset: int) -> memoryview:
        """The byte array whose length stands at ``offset`` of the body; not copied.

        Raises:
            DisplayError: it is cut off.
        """
        view = memoryview(self.body)
        if len(view) < offset + 4:
            raise DisplayError(f"A D-Bus {self.member} carries only {len(view)} bytes.")
        (length,) = _U32.unpack_from(view, offset)
        data = view[offset + 4 : offset + 4 + length]
        if len(data) != length:
            raise DisplayError(f"A D-Bus {self.member} announces {length} bytes of data and carries {len(data)}.")
        return data


def encode(kind: Kind, serial: int, fields: dict[FieldCode, str | int], body: bytes = b"", flags: int = 0) -> bytes:
    """Bytes of one message."""
    array = b""
    for code, value in fields.items():
        type_ = _TYPES[code]
        array += bytes(-len(array) % 8) + bytes((code, 1)) + type_.encode() + b"\0"
        array += bytes(-len(array) % 4) if type_ != "g" else b""
        array += _value(type_, value)
    # The array starts at offset 16, so it is aligned by its own length.
    return _FIXED.pack(ord("l"), kind, flags, 1, len(body), serial, len(array)) + array + bytes(-len(array) % 8) + body


def _value(type_: str, value: str | int) -> bytes:
    if isinstance(value, int):
        return _U32.pack(value)
    text = value.encode()
    length = bytes((len(text),)) if type_ == "g" else _U32.pack(len(text))
    return length + text + b"\0"


def read_fixed(data: bytes) -> Fixed:
    """Read the first 16 bytes.

    Raises:
        DisplayError: not a message, or one longer than any that QEMU sends.
    """
    endian, kind, flags, version, body_bytes, serial, fields_bytes = _FIXED.unpack(data)
    if endian != ord("l") or version != 1:
        raise DisplayError(f"Not a little-endian D-Bus message of version 1: {data.hex()}.")
    if body_bytes > MAX_BODY_BYTES or fields_bytes > MAX_FIELDS_BYTES:
        raise DisplayError(f"A D-Bus message of {fields_bytes} + {body_bytes} bytes is too long.")
    return Fixed(kind, flags, body_bytes, serial, fields_bytes)


def read_fields(data: bytes) -> dict[int, str | int]:
    """Read the header fields, without their trailing padding; unknown codes are kept.

    Raises:
        DisplayError: they are cut off or of an unknown type.
    """
    fields: dict[int, str | int] = {}
    offset = 0
    try:
        while offset < len(data):
            offset += -offset % 8
            code, type_ = data[offset], data[offset + 1 : offset + 4]
            offset += 4
            fields[code], offset = _read_value(data, offset, type_)
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise DisplayError(f"The header of a D-Bus message is broken: {data.hex()}.") from error
    return fields


def _read_value(data: bytes, offset: int, type_: bytes) -> tuple[str | int, int]:
    if type_ == b"\1u\0":
        return _U32.unpack_from(data, offset)[0], offset + 4
    if type_ == b"\1g\0":
        length, offset = data[offset], offset + 1
    elif type_ in (b"\1s\0", b"\1o\0"):
        length, offset = _U32.unpack_from(data, offset)[0], offset + 4
    else:
        raise DisplayError(f"A D-Bus header field has the unknown type {type_!r}.")
    if offset + length >= len(data) + 1:
        raise DisplayError("A D-Bus header field is cut off.")
    return data[offset : offset + length].decode(), offset + length + 1


def string_body(*texts: str) -> bytes:
    """A body of strings, signature ``s`` times their number."""
    body = b""
    for text in texts:
        body += bytes(-len(body) % 4) + _value("s", text)
    return body


def properties_body(properties: dict[str, list[str]]) -> bytes:
    """The body of a ``Properties.GetAll`` reply, signature ``a{sv}``, of properties that are lists of strings."""
    entries = b""
    for name, texts in properties.items():
        strings = string_body(*texts)
        entries += bytes(-len(entries) % 8) + _value("s", name) + b"\x02as\0"
        entries += bytes(-len(entries) % 4) + _U32.pack(len(strings)) + strings
    # Entries start at offset 8; the string array inside needs only 4, so alignment by the own length holds.
    return _U32.pack(len(entries)) + bytes(4) + entries
