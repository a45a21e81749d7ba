import asyncio
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from backend.contract.control import PictureWish, Preference, Tier
from loco_kiosk.client.lan_view import LanView
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.media.thread import MediaThread
from loco_kiosk.ui.bridge import Bridge
from loco_kiosk.ui.frame_presenter import FramePresenter

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def media() -> Iterator[MediaThread]:
    thread = MediaThread()
    thread.start()
    yield thread
    assert thread.stop()


def test_a_backend_that_is_not_there_is_told_and_left(qtbot: QtBot, media: MediaThread) -> None:
    bridge = Bridge(media, FramePresenter().mailbox, Mixer(), "test")
    bridge.set_tiers({"instance-0": Tier.GRID})
    bridge.set_wish(PictureWish(Preference.SHARP, pixel_exact=True))
    bridge.follow(NOBODY)
    news = []

    def heard() -> bool:
        if (backend := bridge.take_backend()) is not None:
            news.append(backend)
        return bool(news)

    qtbot.waitUntil(heard, timeout=20_000)
    assert not news[0].connected
    assert bridge.wall is not None
    assert bridge.wall._wish == PictureWish(Preference.SHARP, pixel_exact=True)
    bridge.set_wish(PictureWish())
    media.submit(asyncio.sleep(0)).result(5)
    assert bridge.wall._wish == PictureWish()
    bridge.leave()
    qtbot.waitUntil(lambda: bridge.wall is None, timeout=5000)


def test_the_network_comes_up_while_it_is_watched(qtbot: QtBot, media: MediaThread) -> None:
    bridge = Bridge(media, FramePresenter().mailbox, Mixer(), "test")
    bridge.watch_lan(True)
    bridge.follow(NOBODY)
    news: list[LanView] = []

    def heard() -> bool:
        if (lan := bridge.take_lan()) is not None:
            news.append(lan)
        return bool(news)

    qtbot.waitUntil(heard, timeout=20_000)
    assert "cannot be reached" in news[0].reason
    bridge.watch_lan(False)
    bridge.leave()


def test_commands_before_a_wall_are_harmless(qtbot: QtBot, media: MediaThread) -> None:
    bridge = Bridge(media, FramePresenter().mailbox, Mixer(), "test")
    bridge.request_control("instance-0")
    bridge.release_control("instance-0")
    bridge.recover("instance-0", "reset")
    bridge.leave()
    assert bridge.take_tiles() is None
    media.submit(asyncio.sleep(0)).result(5)
