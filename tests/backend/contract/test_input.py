"""The binary input codec."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.errors import WireError
from backend.contract.input import BUTTONS, Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel, decode, encode
from backend.contract.keys import KEYS

SEQUENCE = st.integers(0, 0xFFFF_FFFF)
U16 = st.integers(0, 0xFFFF)
I32 = st.integers(-(2**31), 2**31 - 1)
STEPS = st.integers(-128, 127)
MESSAGES: st.SearchStrategy[InputMessage] = st.one_of(
    st.builds(Key, SEQUENCE, st.sampled_from([key.code for key in KEYS]), st.booleans()),
    st.builds(ReleaseAll, SEQUENCE),
    st.builds(
        Button, SEQUENCE, st.integers(0, len(BUTTONS) - 1), st.booleans(), st.one_of(st.none(), st.tuples(U16, U16))
    ),
    st.builds(Wheel, SEQUENCE, STEPS, STEPS),
    st.builds(MoveTo, SEQUENCE, U16, U16),
    st.builds(MoveBy, SEQUENCE, I32, I32),
)


@given(MESSAGES)
def test_what_is_encoded_is_decoded(message: InputMessage) -> None:
    assert decode(encode(message)) == message


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_unknown_or_a_wire_error(data: bytes) -> None:
    try:
        message = decode(data)
    except WireError:
        return
    assert message is None or isinstance(message, InputMessage)


@given(MESSAGES, st.data())
def test_a_message_cut_short_is_refused_unless_it_is_a_key_with_a_shorter_code(
    message: InputMessage, data: st.DataObject
) -> None:
    whole = encode(message)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    if isinstance(message, Key) and len(cut) > 6:
        shorter = decode(cut)
        assert isinstance(shorter, Key)
        assert message.code.startswith(shorter.code)
    else:
        with pytest.raises(WireError):
            decode(cut)


def test_an_unknown_kind_is_not_an_error() -> None:
    assert decode(bytes((99, 0, 0, 0, 0, 0))) is None


def test_the_bytes_on_the_wire_stay_what_they_are() -> None:
    assert encode(Key(7, "KeyA", down=True)) == b"\x01\x01\x07\x00\x00\x00KeyA"
    assert encode(ReleaseAll(8)) == b"\x02\x00\x08\x00\x00\x00"
    assert encode(Button(9, 2, down=True, position=(1, 0x1234))) == b"\x03\x03\x09\x00\x00\x00\x02\x01\x00\x34\x12"
    assert encode(Wheel(10, -1, 2)) == b"\x04\x00\x0a\x00\x00\x00\xff\x02"
    assert encode(MoveTo(11, 1, 2)) == b"\x05\x00\x0b\x00\x00\x00\x01\x00\x02\x00"
    assert encode(MoveBy(12, -1, 2)) == b"\x06\x00\x0c\x00\x00\x00\xff\xff\xff\xff\x02\x00\x00\x00"


@pytest.mark.parametrize("code", [b"", b"Key A", b"K\xe4y", b"x" * 25])
def test_what_is_no_key_code_is_refused(code: bytes) -> None:
    with pytest.raises(WireError, match="is not a key code"):
        decode(b"\x01\x01\x00\x00\x00\x00" + code)


def test_a_button_that_no_mouse_has_is_refused() -> None:
    with pytest.raises(WireError, match="no mouse button 5"):
        decode(b"\x03\x01\x00\x00\x00\x00\x05\x00\x00\x00\x00")
