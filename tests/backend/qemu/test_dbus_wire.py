import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.qemu.dbus_wire import (
    FIXED_BYTES,
    MAX_BODY_BYTES,
    NO_REPLY,
    FieldCode,
    Kind,
    Message,
    encode,
    properties_body,
    read_fields,
    read_fixed,
    string_body,
)
from backend.qemu.errors import DisplayError

NAMES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)


def decoded(data: bytes) -> Message:
    fixed = read_fixed(data[:FIXED_BYTES])
    at = FIXED_BYTES + fixed.padded_fields_bytes
    fields = read_fields(data[FIXED_BYTES : FIXED_BYTES + fixed.fields_bytes])
    assert len(data) == at + fixed.body_bytes
    return Message(fixed.kind, fixed.flags, fixed.serial, fields, data[at:])


@given(
    st.sampled_from(Kind),
    st.integers(1, 2**32 - 1),
    st.fixed_dictionaries(
        {},
        optional={
            FieldCode.PATH: NAMES,
            FieldCode.INTERFACE: NAMES,
            FieldCode.MEMBER: NAMES,
            FieldCode.REPLY_SERIAL: st.integers(0, 2**32 - 1),
            FieldCode.SENDER: NAMES,
            FieldCode.SIGNATURE: st.sampled_from(["", "u", "uuuuay", "a{sv}"]),
            FieldCode.UNIX_FDS: st.integers(0, 3),
        },
    ),
    st.binary(max_size=100),
)
def test_what_is_encoded_reads_back(kind: Kind, serial: int, fields: dict[FieldCode, str | int], body: bytes) -> None:
    message = decoded(encode(kind, serial, fields, body, NO_REPLY))
    assert (message.kind, message.flags, message.serial) == (kind, NO_REPLY, serial)
    assert message.fields == fields
    assert message.body == body


def test_a_call_has_the_bytes_of_the_specification() -> None:
    fields: dict[FieldCode, str | int] = {FieldCode.PATH: "/a", FieldCode.MEMBER: "Press", FieldCode.SIGNATURE: "u"}
    data = encode(Kind.CALL, 7, fields, b"\x1e\0\0\0", NO_REPLY)
    assert data.hex(" ") == (
        "6c 01 01 01 04 00 00 00 07 00 00 00 27 00 00 00 "  # little endian, call, no reply, version 1
        "01 01 6f 00 02 00 00 00 2f 61 00 00 00 00 00 00 "  # path, o, "/a"
        "03 01 73 00 05 00 00 00 50 72 65 73 73 00 00 00 "  # member, s, "Press"
        "08 01 67 00 01 75 00 00 "  # signature, g, "u", padding to 8
        "1e 00 00 00"
    )


@given(st.binary(min_size=FIXED_BYTES, max_size=FIXED_BYTES))
def test_any_16_bytes_are_a_message_or_a_clear_error(data: bytes) -> None:
    try:
        fixed = read_fixed(data)
    except DisplayError as error:
        assert "D-Bus message" in str(error)
    else:
        assert fixed.body_bytes <= MAX_BODY_BYTES


@given(st.binary(max_size=200))
def test_any_header_fields_are_read_or_refused_with_a_clear_error(data: bytes) -> None:
    try:
        read_fields(data)
    except DisplayError as error:
        assert "D-Bus" in str(error)


@given(st.data())
def test_a_broken_real_header_is_read_or_refused(data: st.DataObject) -> None:
    fields: dict[FieldCode, str | int] = {
        FieldCode.PATH: "/org/qemu",
        FieldCode.REPLY_SERIAL: 3,
        FieldCode.SIGNATURE: "u",
    }
    whole = bytearray(encode(Kind.RETURN, 1, fields)[FIXED_BYTES:])
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_fields(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    except DisplayError as error:
        assert "D-Bus" in str(error)


def test_a_message_of_the_other_byte_order_is_refused() -> None:
    with pytest.raises(DisplayError, match="little-endian"):
        read_fixed(b"B" + encode(Kind.CALL, 1, {})[1:16])


def test_a_message_longer_than_any_picture_is_refused() -> None:
    with pytest.raises(DisplayError, match="too long"):
        read_fixed(struct.pack("<BBBBIII", ord("l"), 1, 0, 1, MAX_BODY_BYTES + 1, 1, 0))


def test_a_short_body_is_named_with_its_member() -> None:
    message = Message(Kind.CALL, 0, 1, {FieldCode.MEMBER: "Update"}, b"1234")
    with pytest.raises(DisplayError, match="Update carries only 4 bytes"):
        message.unpack(struct.Struct("<iiii"))


@given(st.binary(max_size=40), st.integers(0, 44))
def test_an_array_lies_within_its_message(body: bytes, offset: int) -> None:
    message = Message(Kind.CALL, 0, 1, {FieldCode.MEMBER: "Write"}, body)
    try:
        data = message.array_at(offset)
    except DisplayError:
        return
    assert bytes(data) == body[offset + 4 : offset + 4 + len(data)]


def test_strings_follow_each_other_on_boundaries_of_four() -> None:
    assert string_body("ab", "c") == b"\2\0\0\0ab\0\0\1\0\0\0c\0"


def test_the_properties_reply_names_the_interfaces() -> None:
    body = properties_body({"Interfaces": ["a.b"]})
    length, padding = struct.unpack_from("<II", body)
    assert length == len(body) - 8
    assert padding == 0
    assert body[8:].startswith(b"\x0a\0\0\0Interfaces\0\x02as\0")
    assert body.endswith(b"\3\0\0\0a.b\0")
    assert properties_body({}) == bytes(8)
