"""Offers that pass the first look, or not, on their way through the real library."""

import asyncio
import logging
import random

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from backend.contract.control import PathReport, Tier
from backend.streamer import rtc
from backend.streamer.counters import Drops
from backend.streamer.errors import OfferError, UnsupportedError
from backend.streamer.offer import read_offer
from backend.streamer.picture import Picture
from backend.streamer.viewer import Viewer, ViewerEvents
from tests.backend.streamer.conftest import Served, served_viewer
from tests.backend.streamer.textbook_viewer import TextbookViewer, until


def new_viewer() -> Viewer:
    def ignore(*_: object) -> None:
        pass

    events = ViewerEvents(connected=ignore, key_frame=ignore, drained=ignore, control=ignore, input=ignore)
    return Viewer("0123456789", rtc.connection((), "", ""), events=events, drops=Drops())


async def good_offer() -> str:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", "recvonly")
    peer.addTransceiver("audio", "recvonly")
    peer.createDataChannel("keys")
    await peer.setLocalDescription()
    offer = peer.localDescription.sdp
    await peer.close()
    return offer


def mutated(offer: str, dice: random.Random) -> str:
    lines = offer.split("\r\n")
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(lines))
        match dice.randrange(5):
            case 0:
                lines[place] = ""
            case 1:
                lines.insert(place, lines[place])
            case 2:
                other = dice.randrange(len(lines))
                lines[place], lines[other] = lines[other], lines[place]
            case 3:
                lines[place] = lines[place][: dice.randint(0, len(lines[place]))]
            case _:
                lines[place] = lines[place].replace(dice.choice("0123456789:/ =abcdefg"), dice.choice("0 x:-\u2603"))
    return "\r\n".join(line for line in lines if line) + "\r\n"


@pytest.mark.parametrize("seed", range(8))
async def test_a_mutated_offer_is_answered_or_refused_in_words(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    offer = await good_offer()
    dice = random.Random(seed)
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failures.append(context))
    for _ in range(25):
        viewer = new_viewer()
        try:
            assert "m=" in await viewer.answer(read_offer(mutated(offer, dice)), ("127.0.0.1",))
        except (OfferError, UnsupportedError) as error:
            assert str(error)
        await viewer.close()
    assert not failures
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_viewer_that_is_not_connected_wants_nothing_and_loses_nothing() -> None:
    viewer = new_viewer()
    assert not viewer.wants_pictures
    assert not viewer.wants_sound
    assert viewer.send_picture(Picture(b"\0\0\1x", 1, 1, True))
    assert viewer.tier is Tier.GRID
    await viewer.close()
    assert viewer.gone.is_set()


async def test_a_full_way_is_left_to_drain_before_the_smaller_picture_comes(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with TextbookViewer(served.base) as narrow:
        await until(lambda: narrow.frames)
        viewer = served_viewer(served, narrow)
        sent_while_draining: list[bool] = []
        send = viewer.send_picture

        def watch(picture: Picture) -> bool:
            sent_while_draining.append(viewer.draining)
            return send(picture)

        monkeypatch.setattr(viewer, "send_picture", watch)
        narrow.say(PathReport(0.0, 400.0, 20.0, 10_000))
        await until(lambda: viewer.draining)
        await until(lambda: narrow.frames[-1].width == 320)
        assert served.streamer.drops()["waits_for_way"] > 0
        assert sent_while_draining
        assert not any(sent_while_draining)
