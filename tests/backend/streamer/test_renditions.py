from dataclasses import dataclass, field

import pytest

from backend.contract.control import PathReport, PictureWish, Preference, RenditionChosen, Tier, ToViewer
from backend.streamer.counters import Drops
from backend.streamer.ladder import Ladder
from backend.streamer.picture import Picture
from backend.streamer.picture_loop import PictureLoop
from backend.streamer.rendition import Rendition
from backend.streamer.renditions import TIER_FPS, Renditions, fitting_shrink
from backend.streamer.settings import StreamerSettings
from backend.streamer.synthetic import SyntheticScreen


@dataclass
class Channels:
    sent: list[ToViewer] = field(default_factory=list)

    def send(self, message: ToViewer) -> None:
        self.sent.append(message)


@dataclass(eq=False)
class FakeViewer:
    tier: Tier = Tier.GRID
    shown_px: tuple[int, int] = (0, 0)
    wish: PictureWish = field(default_factory=PictureWish)
    ladder: Ladder = field(default_factory=Ladder)
    decodes_exact: bool = False
    wanted: Rendition | None = None
    rendition: Rendition | None = None
    chosen: RenditionChosen | None = None
    wants_pictures: bool = True
    channels: Channels = field(default_factory=Channels)
    rate_bps: float = 0.0

    def limit_rate(self, bit_rate_bps: float) -> None:
        self.rate_bps = bit_rate_bps


class Bench:
    def __init__(self, *viewers: FakeViewer, settings: StreamerSettings | None = None) -> None:
        self.viewers = list(viewers)
        self.loop = PictureLoop(
            SyntheticScreen(64, 48, lambda: None),
            rtp_origin=0,
            on_picture=self._deliver,
            on_resize=lambda _width, _height: None,
            gather_s=0.0,
        )
        self.renditions = Renditions(
            self.viewers,  # type: ignore[arg-type]  # fakes
            loop=self.loop,
            settings=settings or StreamerSettings(),
            drops=Drops(),
        )
        self.renditions.plan()

    def _deliver(self, rendition: Rendition, _picture: Picture) -> None:
        for viewer in self.viewers:
            if viewer.wanted is rendition:
                viewer.rendition = rendition


@pytest.mark.parametrize("tier", Tier)
async def test_one_viewer_is_one_rendition_at_the_pace_of_its_tier(tier: Tier) -> None:
    bench = Bench(FakeViewer(tier))
    (rendition,) = bench.renditions.running
    assert TIER_FPS[tier] < rendition.fps < 1.2 * TIER_FPS[tier]


async def test_a_change_of_tier_changes_the_pace_and_not_the_encoder() -> None:
    viewer = FakeViewer(Tier.HIDDEN)
    bench = Bench(viewer)
    (before,) = bench.renditions.running
    viewer.tier = Tier.ZOOMED
    bench.renditions.plan()
    (after,) = bench.renditions.running
    assert after is before
    assert after.fps == pytest.approx(69)


async def test_the_limits_of_the_settings_hold() -> None:
    bench = Bench(
        FakeViewer(Tier.ZOOMED), settings=StreamerSettings(max_fps=10, quantizer=40, max_bit_rate_bps=400_000)
    )
    (rendition,) = bench.renditions.running
    assert rendition.fps == pytest.approx(11.5)
    assert (rendition.quality.quantizer, rendition.quality.max_bit_rate_bps) == (40, 400_000)


async def test_nobody_needs_no_encoder() -> None:
    viewer = FakeViewer()
    bench = Bench(viewer)
    bench.viewers.clear()
    bench.renditions.plan()
    assert not bench.renditions.running


async def test_a_viewer_is_told_what_it_gets_once_and_why_when_that_is_less() -> None:
    viewer = FakeViewer()
    bench = Bench(viewer)
    bench.renditions.plan()
    bench.renditions.plan()
    assert viewer.channels.sent == [RenditionChosen(64, 48, False, 30.0, 6_000_000, "")]
    viewer.ladder.report(PathReport(0.0, 1000.0, 20.0, 450_000), 1.0, sent_bps=3_000_000)
    viewer.wish = PictureWish(Preference.SMOOTH, pixel_exact=True)
    viewer.decodes_exact = True
    bench.renditions.plan()
    chosen = viewer.channels.sent[-1]
    assert isinstance(chosen, RenditionChosen)
    assert (chosen.width_px, chosen.max_bit_rate_bps, chosen.max_fps) == (32, 300_000, 20.0)
    assert "packets wait" in chosen.reason
    assert "until the way carries more" in chosen.reason
    assert viewer.rate_bps == 900_000


async def test_the_old_rendition_works_until_its_viewer_has_the_new_one() -> None:
    viewer = FakeViewer(decodes_exact=True)
    bench = Bench(viewer)
    (plain,) = bench.renditions.running
    viewer.wish = PictureWish(pixel_exact=True)
    bench.renditions.plan()
    assert viewer.rendition is not plain
    assert viewer.rendition is viewer.wanted
    bench.renditions.plan()
    assert list(bench.renditions.running) == [viewer.wanted]


async def test_the_second_of_the_busiest_counts() -> None:
    bench = Bench(FakeViewer())
    assert bench.renditions.close_second(1.0).fps == 1.0
    assert bench.renditions.close_second(1.0).fps == 0.0


@pytest.mark.parametrize(
    ("shown_px", "shrink"),
    [((0, 0), 1), ((640, 480), 1), ((321, 240), 1), ((320, 241), 1), ((320, 240), 2), ((161, 120), 2), ((160, 120), 4)],
)
def test_a_picture_is_never_sent_smaller_than_it_is_shown(shown_px: tuple[int, int], shrink: int) -> None:
    assert fitting_shrink((640, 480), shown_px) == shrink


def test_before_the_size_of_the_screen_is_known_nothing_is_taken_for_too_large() -> None:
    assert fitting_shrink((0, 0), (320, 240)) == 1
