from collections.abc import AsyncIterator

import pytest

from backend.contract.control import (
    ControlState,
    PathReport,
    PictureFormat,
    PointerMode,
    RenditionChosen,
    StreamerStatistics,
)
from backend.contract.instance import Instance, InstanceState
from loco_kiosk.client.link import Link
from loco_kiosk.client.meters import PictureMeter
from loco_kiosk.client.readings import Readings
from loco_kiosk.client.tile import Condition, TileState, TileView

INSTANCE = Instance(id="instance-2", slot=2, name="PC 3", state=InstanceState.READY)


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    link = Link(on_picture=lambda *_: None, on_sound=lambda *_: None, on_change=lambda: None)
    yield link
    await link.peer.close()


def view(readings: Readings, link: Link | None, now_us: int, drops: dict[str, int] | None = None) -> TileView:
    state = Condition(TileState.LIVE if link else TileState.LOST, "why", "what next")
    return readings.view(
        INSTANCE, state, link, PictureMeter(), drops or {}, level_dbfs=-30.0, sound_buffer_ms=20.0, now_us=now_us
    )


def test_without_a_link_only_words_and_counts_are_shown() -> None:
    shown = view(Readings(), None, 0, {"lost packet": 3})
    assert (shown.slot, shown.id, shown.name, shown.state) == (2, "instance-2", "PC 3", TileState.LOST)
    assert (shown.reason, shown.next_step, shown.level_dbfs) == ("why", "what next", -30.0)
    assert shown.drops == {"lost packet": 3}
    assert shown.fps == 0


async def test_rates_and_losses_are_those_of_the_last_second(link: Link) -> None:
    readings = Readings()
    view(readings, link, 0)
    for sequence in range(100):
        if sequence % 10:
            link.peer.video.statistics.add(1, sequence, sequence * 3000, 1000, sequence)
    shown = view(readings, link, 1_000_000)
    assert shown.bit_rate_bps == 90 * 1000 * 8
    assert shown.loss == pytest.approx(0.09, abs=0.01)


async def test_drops_of_all_stages_are_shown_with_those_of_links_before(link: Link) -> None:
    link.drops["key not sent"] = 1
    link.peer.audio.drops["late packet"] = 2
    link.facts.statistics = StreamerStatistics(0, 1, 30.0, 1, -120.0, {"encode": 1.5}, {"slow viewer": 4})
    shown = view(Readings(), link, 0, {"key not sent": 10})
    assert shown.drops == {"key not sent": 11, "sound: late packet": 2, "streamer: slow viewer": 4}
    assert shown.stages_ms == {"encode": 1.5}


async def test_what_comes_and_how_good_the_way_is_are_shown(link: Link) -> None:
    link.facts.rendition = RenditionChosen(320, 240, False, 30.0, 1_000_000, "The network is narrow.")
    link.path = PathReport(0.02, 35.0, 1.0, 900_000)
    shown = view(Readings(), link, 0)
    assert (shown.picture_width_px, shown.picture_height_px, shown.pixel_exact) == (320, 240, False)
    assert (shown.quality_reason, shown.path_delay_ms, shown.sound_buffer_ms) == ("The network is narrow.", 35.0, 20.0)
    assert (shown.freezes, shown.frozen_ms, shown.longest_freeze_ms) == (0, 0.0, 0.0)


async def test_control_and_format_are_shown(link: Link) -> None:
    link.facts.control = ControlState("x", "Anna", True, 3)
    link.facts.format = PictureFormat(800, 600, PointerMode.RELATIVE)
    shown = view(Readings(), link, 0)
    assert (shown.holder, shown.mine, shown.viewers) == ("Anna", True, 3)
    assert (shown.width_px, shown.height_px, shown.pointer) == (800, 600, PointerMode.RELATIVE)
    link.facts.control = ControlState(None, "", False, 1)
    assert view(Readings(), link, 0).holder == ""
