"""What a link makes of the messages of a streamer, without a network."""

import json
from collections.abc import AsyncIterator

import pytest

from backend.contract.control import (
    ClockPing,
    ClockPong,
    ControlState,
    InputShown,
    PictureFormat,
    PointerMode,
    StreamerHello,
    StreamerStatistics,
    ToViewer,
)
from backend.contract.control_json import to_viewer_json
from backend.contract.input import Key, MoveTo
from loco_kiosk.client.errors import SessionError
from loco_kiosk.client.link import Link


class Kept:
    def __init__(self) -> None:
        self.changes = 0
        self.link = Link(on_picture=lambda *_: None, on_sound=lambda *_: None, on_change=self.changed)

    def changed(self) -> None:
        self.changes += 1

    def hear(self, message: ToViewer) -> None:
        self.link._message(json.dumps(to_viewer_json(message)))


@pytest.fixture
async def kept() -> AsyncIterator[Kept]:
    kept = Kept()
    yield kept
    await kept.link.peer.close()


async def test_what_the_streamer_says_is_kept_and_told_at_once(kept: Kept) -> None:
    kept.hear(StreamerHello("instance-0", "a", (1, 2, 3, 4)))
    kept.hear(PictureFormat(640, 480, PointerMode.RELATIVE))
    kept.hear(ControlState("b", "Anna", False, 2))
    assert kept.changes == 3
    assert kept.link.pointer is PointerMode.RELATIVE
    assert kept.link.facts.control == ControlState("b", "Anna", False, 2)


async def test_a_picture_that_was_sent_and_did_not_come_counts_as_behind(kept: Kept) -> None:
    kept.hear(StreamerStatistics(90_000, 0, 0.0, 0, -120.0))
    assert kept.link.behind_s == 0
    kept.hear(StreamerStatistics(90_000, 1, 0.0, 0, -120.0))
    assert kept.link.behind_s > 0


async def test_an_acknowledged_input_announces_its_picture(kept: Kept) -> None:
    kept.hear(InputShown(1, 90_000))
    assert kept.link.behind_s > 0


async def test_an_impossible_clock_answer_is_counted(kept: Kept) -> None:
    kept.hear(ClockPong(1 << 60, 0, 0))
    assert kept.link.drops == {"impossible clock answer": 1}


async def test_what_cannot_be_sent_is_counted_by_kind(kept: Kept) -> None:
    kept.link.tell(ClockPing(1))
    kept.link.send(Key(1, "KeyA", True))
    kept.link.send(MoveTo(2, 3, 4))
    assert kept.link.drops == {"control message not sent": 1, "key not sent": 1, "pointer move not sent": 1}


async def test_a_streamer_of_another_version_is_left_with_words(kept: Kept) -> None:
    kept.link._message('{"type": "streamer/hello", "version": 99, "instance": "i", "viewer": "v"}')
    with pytest.raises(SessionError, match="protocol 99"):
        await kept.link.watch()


async def test_a_closed_connection_ends_the_watch(kept: Kept) -> None:
    await kept.link.peer.close()
    with pytest.raises(SessionError, match="closed the connection"):
        await kept.link.watch()
