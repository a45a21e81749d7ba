"""The feeder process of a headset without a kiosk."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loco_kiosk.waiting import until
from vr import settings as vr_settings
from vr.errors import FeedEndedError
from vr.feed.standalone import Standalone, flags
from vr.settings import VrSettings

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def standalone() -> Iterator[Standalone]:
    made = Standalone(VrSettings(backend=NOBODY, log_level="error"))
    yield made
    made.end()


async def test_a_backend_that_does_not_answer_is_told_in_words(standalone: Standalone) -> None:
    def told() -> bool:
        standalone.feed.poll()
        return bool(standalone.feed.notice)

    await until(told, 20.0)
    assert NOBODY in standalone.feed.notice
    assert "does not answer" in standalone.feed.notice


async def test_a_feeder_that_dies_is_noticed_at_once(standalone: Standalone) -> None:
    os.kill(standalone.pid, 9)

    def ended() -> bool:
        try:
            standalone.feed.poll()
        except FeedEndedError:
            return True
        return False

    started_s = time.monotonic()
    await until(ended)
    assert time.monotonic() - started_s < 1.0


async def test_without_a_name_and_without_looking_it_says_what_to_do() -> None:
    made = Standalone(VrSettings(zeroconf=False, log_level="error"))
    sentence = ""

    def ended() -> bool:
        nonlocal sentence
        try:
            made.feed.poll()
        except FeedEndedError as error:
            sentence = str(error)
        return bool(sentence)

    await until(ended, 20.0)
    assert "--backend" in sentence
    made.end()


def test_it_ends_with_the_headset() -> None:
    made = Standalone(VrSettings(backend=NOBODY, log_level="error"))
    pid = made.pid
    made.end()
    assert not Path(f"/proc/{pid}").exists()


def test_the_feeder_reads_the_settings_that_it_is_given() -> None:
    given = VrSettings(backend="http://wall.local:8480", wall="North", zeroconf=False, volume=33, mono=True)
    read = vr_settings.load(flags(given), {})
    assert (read.backend, read.wall, read.zeroconf, read.volume, read.mono) == (
        "http://wall.local:8480",
        "North",
        False,
        33,
        True,
    )
