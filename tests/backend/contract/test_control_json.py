"""The JSON messages of the control channel."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract import control
from backend.contract.control import (
    ClockPing,
    ClockPong,
    ControlRelease,
    ControlRequest,
    ControlState,
    FocusTier,
    GuestStateChanged,
    InputShown,
    PathReport,
    PictureFormat,
    PictureWish,
    PointerMode,
    Preference,
    RenditionChosen,
    StreamerHello,
    StreamerStatistics,
    Tier,
    ToStreamer,
    ToViewer,
    ViewerHello,
)
from backend.contract.control_json import to_streamer_from_json, to_streamer_json, to_viewer_from_json, to_viewer_json
from backend.contract.errors import VersionError, WireError
from backend.contract.status import GuestReport, GuestState

TO_STREAMER: list[ToStreamer] = [
    ViewerHello("kiosk in the hall"),
    ControlRequest(),
    ControlRelease(),
    FocusTier(Tier.ZOOMED),
    FocusTier(Tier.GRID, 284, 213),
    ClockPing(123),
    PictureWish(Preference.SHARP, pixel_exact=True),
    PathReport(0.02, 12.5, 30.0, 900_000),
]
TO_VIEWER: list[ToViewer] = [
    StreamerHello("instance-3", "abc", (16, 16, 64, 48)),
    StreamerHello("instance-3", "abc"),
    PictureFormat(640, 480, PointerMode.RELATIVE),
    ControlState(None, "", yours=False, viewers=2),
    ControlState("abc", "kiosk", yours=True, viewers=1),
    GuestStateChanged(GuestReport(GuestState.HUNG, "Press reset.")),
    ClockPong(1, 2, 3),
    InputShown(9, 4_000_000_000),
    RenditionChosen(320, 240, False, 15.0, 600_000, "The network carries 0.7 Mb/s."),
    StreamerStatistics(1, 2, 29.9, 1_000_000, -20.5, {"encode": 0.6}, {"no_viewer": 3}),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("message", TO_STREAMER, ids=lambda message: type(message).__name__)
def test_what_a_viewer_says_is_read_back(message: ToStreamer) -> None:
    assert to_streamer_from_json(json.dumps(to_streamer_json(message))) == message


@pytest.mark.parametrize("message", TO_VIEWER, ids=lambda message: type(message).__name__)
def test_what_a_streamer_says_is_read_back(message: ToViewer) -> None:
    assert to_viewer_from_json(json.dumps(to_viewer_json(message))) == message


def test_every_message_type_is_among_those_tested() -> None:
    assert {type(message) for message in TO_STREAMER} == set(control.ToStreamer.__args__)
    assert {type(message) for message in TO_VIEWER} == set(control.ToViewer.__args__)


@given(st.sampled_from([*TO_STREAMER, *TO_VIEWER]), st.data())
def test_a_message_with_any_field_replaced_is_read_or_refused_in_words(
    message: ToStreamer | ToViewer, data: st.DataObject
) -> None:
    plain = to_streamer_json(message) if isinstance(message, ToStreamer) else to_viewer_json(message)
    plain[data.draw(st.sampled_from(sorted(plain)))] = data.draw(JSON)
    for read in (to_streamer_from_json, to_viewer_from_json):
        try:
            read(json.dumps(plain))
        except WireError as error:
            assert str(error)


@given(st.text() | st.binary())
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    for read in (to_streamer_from_json, to_viewer_from_json):
        with pytest.raises(WireError):
            read(text)


def test_nesting_beyond_reason_is_refused() -> None:
    with pytest.raises(WireError):
        to_viewer_from_json("[" * 100_000)


def test_an_unknown_tag_is_not_an_error() -> None:
    assert to_streamer_from_json('{"type": "future/thing"}') is None
    assert to_viewer_from_json('{"type": "future/thing"}') is None


def test_another_version_is_refused_with_words_that_say_which_side_to_update() -> None:
    hello = to_streamer_json(ViewerHello("old"))
    with pytest.raises(VersionError, match="update this program"):
        to_streamer_from_json(json.dumps(hello | {"version": 2}))
    with pytest.raises(VersionError, match="update the viewer"):
        to_streamer_from_json(json.dumps(hello | {"version": None}))


def test_a_long_viewer_name_is_cut() -> None:
    hello = to_streamer_from_json(json.dumps(to_streamer_json(ViewerHello("x" * 1000))))
    assert hello == ViewerHello("x" * 64)
