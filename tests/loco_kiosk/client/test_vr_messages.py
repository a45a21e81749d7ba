"""The lines between a feed and the headset's process."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.contract.control import PointerMode
from backend.contract.errors import WireError
from backend.contract.input import Button, Key, MoveBy, MoveTo, ReleaseAll, Wheel
from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import (
    MAX_LINE_BYTES,
    MAX_SCREENS,
    Control,
    Focus,
    FromVr,
    Input,
    Leave,
    Pointer,
    Pointers,
    Recover,
    Roster,
    ScreenView,
    SoundState,
    Statistics,
    Status,
    Stop,
    ToVr,
    Visible,
    from_vr_from_line,
    to_line,
    to_vr_from_line,
)

numbers = st.floats(-1e6, 1e6)
unit = st.floats(0, 1)
texts = st.text(max_size=60)
identities = st.from_regex(r"instance-[0-9]{1,2}", fullmatch=True)
u16, u32, i32 = st.integers(0, 65_535), st.integers(0, 2**32 - 1), st.integers(-(2**31), 2**31 - 1)

screens = st.builds(
    ScreenView,
    place=st.integers(-1, 31),
    tenancy=st.integers(0, 9999),
    slot=st.integers(0, 98),
    id=identities,
    name=texts,
    state=st.sampled_from(TileState),
    reason=texts,
    next_step=texts,
    pointer=st.sampled_from(PointerMode),
    mine=st.booleans(),
    holder=texts,
    fps=numbers,
    delay_ms=st.none() | numbers,
    level_dbfs=numbers,
    width_px=st.integers(0, 4096),
    height_px=st.integers(0, 4096),
)
sounds = st.builds(SoundState, unit, st.booleans(), st.booleans())
focuses = st.builds(Focus, st.none() | identities)
to_vr = st.one_of(
    st.builds(Roster, st.lists(screens, max_size=5).map(tuple), texts), sounds, focuses, st.builds(Stop, texts)
)
inputs = st.one_of(
    st.builds(Key, u32, st.sampled_from(["KeyA", "Enter", "F12"]), st.booleans()),
    st.builds(ReleaseAll, u32),
    st.builds(Button, u32, st.integers(0, 4), st.booleans(), st.none() | st.tuples(u16, u16)),
    st.builds(Wheel, u32, st.integers(-128, 127), st.integers(-128, 127)),
    st.builds(MoveTo, u32, u16, u16),
    st.builds(MoveBy, u32, i32, i32),
)
pointers = st.builds(Pointer, st.sampled_from(["left", "right"]), identities, unit, unit, st.booleans())
from_vr = st.one_of(
    focuses,
    sounds,
    st.builds(Visible, st.lists(identities, max_size=20).map(tuple)),
    st.builds(Input, identities, inputs),
    st.builds(Control, identities, st.booleans()),
    st.builds(Recover, identities, st.sampled_from(["reset", "restart"])),
    st.builds(Pointers, st.lists(pointers, max_size=4).map(tuple)),
    st.builds(Statistics, st.dictionaries(texts, numbers, max_size=8)),
    st.builds(Status, texts, texts),
    st.just(Leave()),
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TAGS = """
    wall sound focus stop visible input control recover pointers statistics status leave other
"""
FIELDS = """
    screens notice volume muted mono id reason ids message wanted level pointers figures state sentence
"""


@given(to_vr)
def test_what_a_feed_says_arrives_as_it_was_said(message: ToVr) -> None:
    line = to_line(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert to_vr_from_line(line) == message


@given(from_vr)
def test_what_the_headset_says_arrives_as_it_was_said(message: FromVr) -> None:
    assert from_vr_from_line(to_line(message)) == message


def test_a_full_roster_fits_a_line() -> None:
    screen = ScreenView(place=31, slot=98, id="instance-98", name="x" * 64, state=TileState.RECONNECTING)
    wordy = ScreenView(place=31, slot=98, id="instance-98", name="x" * 64, state=TileState.LOST, reason="y" * 400)
    assert len(to_line(Roster((screen,) * MAX_SCREENS))) < 50 * 1024
    assert len(to_line(Roster((wordy,) * MAX_SCREENS))) < MAX_LINE_BYTES


def test_an_unknown_tag_is_no_error() -> None:
    assert to_vr_from_line(b'{"type":"weather"}') is None
    assert from_vr_from_line(b'{"type":"weather"}') is None
    assert from_vr_from_line(b'{"type":"input","id":"instance-0","message":"/wAAAAAA"}') is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"type":1}',
        b'{"type":"input","id":"instance-0","message":"?"}',
        b'{"type":"input","id":"instance-0","message":"AQ=="}',
        b'{"type":"recover","id":"instance-0","level":"explode"}',
        b'{"type":"pointers","pointers":[{"hand":"third","id":"x","u":0,"v":0,"pressed":false}]}',
        b'{"type":"pointers","pointers":[1,2]}',
        b'{"type":"sound","volume":NaN,"muted":false,"mono":false}',
        b'{"type":"visible","ids":[1]}',
    ],
)
def test_what_does_not_fit_is_refused_in_words(line: bytes) -> None:
    with pytest.raises(WireError) as caught:
        from_vr_from_line(line)
    assert str(caught.value).endswith(".") or "JSON" in str(caught.value)


def test_more_figures_than_anybody_reads_are_refused() -> None:
    with pytest.raises(WireError, match="figures"):
        from_vr_from_line(to_line(Statistics({str(number): 1.0 for number in range(65)})))


def test_what_lies_beside_a_screen_is_drawn_to_its_edge() -> None:
    read = from_vr_from_line(b'{"type":"pointers","pointers":[{"hand":"left","id":"x","u":-3,"v":9,"pressed":true}]}')
    assert read == Pointers((Pointer("left", "x", 0.0, 1.0, True),))


@given(st.binary(max_size=80))
@example(b"\xff\xfe")
@example(b'{"type":"focus","id":"' + b"\xed\xa0\x80" + b'"}')
def test_any_bytes_are_read_or_refused(line: bytes) -> None:
    for read in (to_vr_from_line, from_vr_from_line):
        try:
            read(line)
        except WireError:
            continue


@given(st.sampled_from(TAGS.split()), st.dictionaries(st.sampled_from(FIELDS.split()), junk, max_size=6))
def test_any_fields_are_read_or_refused(tag: str, data: dict[str, Any]) -> None:
    line = json.dumps({**data, "type": tag}).encode()
    for read in (to_vr_from_line, from_vr_from_line):
        try:
            read(line)
        except WireError:
            continue


@given(screens, st.sampled_from(list(ScreenView.__slots__)), junk)
def test_a_screen_with_a_wrong_field_is_read_or_refused(screen: ScreenView, field: str, value: Any) -> None:
    data = json.loads(to_line(Roster((screen,))))
    data["screens"][0][field] = value
    try:
        to_vr_from_line(json.dumps(data).encode())
    except WireError:
        return
