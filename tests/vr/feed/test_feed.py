"""The headset's end of a feed, with a scripted other end."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import (
    Focus,
    Roster,
    ScreenView,
    SoundState,
    Stop,
    ToVr,
    Visible,
    from_vr_from_line,
    to_line,
)
from loco_kiosk.media import shared_wall
from loco_kiosk.media.shared_wall import SharedWall
from loco_kiosk.media.shared_writer import PictureWriter, SoundWriter
from tests.loco_kiosk.media.pictures import grey, timing
from vr.errors import FeedEndedError
from vr.feed.feed import Feed


class Script:
    """The other end: what a test says."""

    def __init__(self) -> None:
        self.memory = shared_wall.create()
        near, self.far = socket.socketpair()
        self.feed = Feed(near, self.memory)
        wall = SharedWall(self.memory)
        self.pictures, self.sounds = PictureWriter(wall), SoundWriter(wall)

    def say(self, *messages: ToVr) -> None:
        self.far.sendall(b"".join(map(to_line, messages)))
        self.feed.poll()

    def close(self) -> None:
        self.feed.close()
        self.far.close()
        os.close(self.memory)


@pytest.fixture
def script() -> Iterator[Script]:
    made = Script()
    yield made
    made.close()


def screen(place: int, tenancy: int = 1) -> ScreenView:
    return ScreenView(place=place, tenancy=tenancy, slot=0, id="instance-0", name="PC 1", state=TileState.LIVE)


def test_before_anything_came_there_is_an_empty_wall(script: Script) -> None:
    script.feed.poll()
    assert script.feed.screens == ()
    assert script.feed.newest(0) is None
    assert script.feed.newest(-1) is None
    assert script.feed.samples(-1, 480) is None


def test_a_picture_is_shown_once_its_tenant_is_known(script: Script) -> None:
    script.pictures.write(5, 1, grey(50), timing())
    assert script.feed.newest(5) is None
    script.say(Roster((screen(5),)))
    with script.feed.newest(5) as picture:  # type: ignore[union-attr]  # None would fail the test as well
        assert picture.sequence == 1
    assert script.feed.newest(5) is None
    script.feed.repeat(5)
    assert script.feed.newest(5) is not None


def test_a_new_tenant_does_not_show_the_picture_of_the_old_one(script: Script) -> None:
    script.say(Roster((screen(5, tenancy=1),)))
    script.pictures.write(5, 1, grey(50), timing())
    script.sounds.write(5, np.full((480, 2), 9, np.int16))
    script.say(Roster((screen(5, tenancy=2),)))
    assert script.feed.newest(5) is None
    assert script.feed.samples(5, 480) is None
    script.pictures.write(5, 2, grey(60), timing())
    assert script.feed.newest(5) is not None


def test_sound_and_focus_are_those_of_the_last_word_of_either_side(script: Script) -> None:
    script.say(SoundState(0.5), Focus("instance-0"))
    assert (script.feed.sound, script.feed.focus) == (SoundState(0.5), "instance-0")
    script.feed.focus_on(None)
    script.feed.set_sound(1.0, muted=True, mono=False)
    assert (script.feed.sound, script.feed.focus) == (SoundState(1.0, muted=True), None)


def test_the_end_is_told_with_its_reason(script: Script) -> None:
    with pytest.raises(FeedEndedError, match="No wall"):
        script.say(Focus("instance-3"), Stop("No wall answers."))
    assert script.feed.focus == "instance-3"


def test_what_was_said_last_counts_even_where_the_other_side_is_gone(script: Script) -> None:
    script.far.sendall(to_line(Stop("It broke down.")))
    script.far.close()
    with pytest.raises(FeedEndedError, match="broke down"):
        script.feed.poll()


def test_an_end_without_a_word_is_an_end_too(script: Script) -> None:
    script.far.close()
    with pytest.raises(FeedEndedError, match="has ended"):
        script.feed.poll()
    script.feed.report_status("lost")
    assert script.feed.drops["line not sent"] == 1


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_bytes_are_counted_and_lose_nothing(junk: list[bytes]) -> None:
    script = Script()
    lines = b"\n".join(junk).split(b"\n") if junk else []
    script.far.sendall(b"".join(line + b"\n" for line in lines))
    script.say(Focus("instance-7"))
    assert script.feed.focus == "instance-7"
    assert script.feed.drops["malformed line"] + script.feed.drops["unknown line"] == len(lines)
    script.close()


def test_the_frame_loop_loads_no_codec_no_network_and_no_window() -> None:
    heavy = "('av', 'aiortc', 'aiohttp', 'asyncio', 'zeroconf', 'PySide6')"
    program = f"import sys, vr.feed.feed, vr.feed.standalone; sys.exit(any(name in sys.modules for name in {heavy}))"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_is_shown_is_remembered_while_nobody_looks(script: Script) -> None:
    feed = script.feed
    feed.show(["instance-0"])
    feed.rest()
    feed.rest()
    feed.show(["instance-1"])
    feed.wake()
    feed.wake()
    said = [from_vr_from_line(line) for line in script.far.recv(4096).splitlines()]
    assert said == [Visible(("instance-0",)), Visible(()), Visible(("instance-1",))]
