"""Real WebRTC over loopback with a textbook viewer."""

import asyncio
import functools
import json

import numpy as np
import pytest

from backend.contract.control import (
    PIXEL_EXACT,
    ClockPing,
    ClockPong,
    FocusTier,
    GuestStateChanged,
    PathReport,
    PictureFormat,
    PictureWish,
    PointerMode,
    Preference,
    RenditionChosen,
    StreamerHello,
    StreamerStatistics,
    Tier,
)
from backend.contract.status import GuestReport, GuestState
from backend.streamer.picture import Picture
from backend.streamer.rendition import Rendition
from backend.streamer.viewer import Viewer
from tests.backend.streamer.conftest import Served, served_viewer, settle
from tests.backend.streamer.textbook_viewer import TextbookViewer, is_rtp, until


def has_sent_a_picture(viewer: Viewer) -> bool:
    return viewer.newest_timestamp != 0


async def test_pictures_come_in_order_and_the_last_is_the_newest(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: len(viewer.frames) > 20)
        await settle(served, viewer)
        numbers = viewer.numbers
        assert numbers == sorted(numbers)
        # The stock receiver holds the last picture back until the next one comes.
        newest = served.guest.number
        served.guest.draw()
        await until(lambda: viewer.numbers[-1] == newest)


async def test_a_joiner_sees_a_still_screen_at_once_in_the_right_colours(served: Served) -> None:
    served.guest.fps = 0
    served.guest.screen.pixels[300:400, 200:300] = (200, 60, 30, 0)
    served.guest.screen.touch(300, 400)
    async with TextbookViewer(served.base) as first, TextbookViewer(served.base) as second:
        for viewer in (first, second):
            await until(functools.partial(has_sent_a_picture, served_viewer(served, viewer)))
        # The stock receiver holds a picture back until the next one comes.
        served.guest.draw()
        await until(lambda: first.frames and second.frames)
        for viewer in (first, second):
            pixels = viewer.frames[-1].to_ndarray(format="rgb24")[350, 250].astype(int)
            assert np.abs(pixels - (30, 60, 200)).max() < 12


async def test_nothing_is_encoded_while_nothing_changes_and_nothing_when_nobody_watches(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        await settle(served, viewer)
        before = served.streamer.pictures()
        await until(lambda: len(viewer.all(StreamerStatistics)) >= 3)
        assert served.streamer.pictures() == before
    await until(lambda: served.streamer.status().viewers == 0)
    served.guest.fps = 30
    before = served.streamer.pictures()
    number = served.guest.number
    await until(lambda: served.guest.number > number + 5)
    assert served.streamer.pictures() == before


async def test_a_second_viewer_shares_the_encode(served: Served) -> None:
    async with TextbookViewer(served.base) as first, TextbookViewer(served.base) as second:
        await until(lambda: second.frames)
        start = served.streamer.pictures()
        seen = len(first.frames), len(second.frames)
        await until(lambda: len(second.frames) > seen[1] + 20)
        encoded = served.streamer.pictures() - start
        assert len(first.frames) - seen[0] <= encoded + 1
        assert len(second.frames) - seen[1] <= encoded + 1


async def test_key_frames_on_request_are_limited_and_serve_everybody(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with TextbookViewer(served.base) as first, TextbookViewer(served.base) as second:
        await until(lambda: first.frames and second.frames)
        await asyncio.sleep(0.4)
        keys: list[Picture] = []
        send = served.streamer._fan_out.picture

        def watch(rendition: Rendition, picture: Picture) -> None:
            if picture.key:
                keys.append(picture)
            send(rendition, picture)

        monkeypatch.setattr(served.streamer._loop, "_on_picture", watch)
        for _ in range(10):
            for viewer in (first, second):
                source = viewer.video.receiver.getSynchronizationSources()[0].source
                await viewer.video.receiver._send_rtcp_pli(source)
        await until(lambda: served.streamer.drops().get("key_frame_requests", 0) >= 20)
        await until(lambda: keys)
        assert len(keys) <= 2


async def test_lost_packets_are_sent_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    send = served.streamer._loop._on_picture

    def watch(rendition: Rendition, picture: Picture) -> None:
        sent.append(picture.rtp_timestamp)
        send(rendition, picture)

    monkeypatch.setattr(served.streamer._loop, "_on_picture", watch)
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: len(viewer.frames) > 3)
        count = 0
        lost = 0

        def drop(datagram: bytes) -> bool:
            nonlocal count, lost
            if not is_rtp(datagram):
                return False
            count += 1
            lost += count % 10 == 0
            return count % 10 == 0

        viewer.drop_datagrams(drop)
        seen = len(viewer.frames)
        await until(lambda: len(viewer.frames) > seen + 60, 10)
        assert lost > 5
        arrived = [frame.pts for frame in viewer.frames[seen:] if frame.pts is not None]
        # aiortc counts from the first picture.
        counted = [(timestamp - sent[0]) & 0xFFFF_FFFF for timestamp in sent]
        missing = set(counted[counted.index(arrived[0]) : counted.index(arrived[-1])]).difference(arrived)
        assert len(missing) <= lost // 5, "pictures were lost for good"


async def test_a_tone_arrives_and_silence_is_not_sent(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        served.guest.tone = True
        await until(lambda: len(viewer.sound) > 50)
        pcm = np.concatenate([frame.to_ndarray()[0, ::2] for frame in viewer.sound[20:50]]).astype(float)
        spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
        pitch = spectrum.argmax() * 48_000 / len(pcm)
        assert abs(pitch - 440) < 10
        await until(lambda: served.streamer.status().audio_dbfs > -20)
        packets: list[bytes] = []

        def note(datagram: bytes) -> bool:
            if is_rtp(datagram) and (datagram[1] & 0x7F) == viewer.audio._codecs[0].payloadType:
                packets.append(datagram)
            return False

        served.guest.tone = False
        await until(lambda: served.streamer.status().audio_dbfs < -100)
        viewer.drop_datagrams(note)
        for _ in range(100):
            served.guest.sound.play(np.zeros((960, 2), np.int16))
            served.streamer._sound_changed()
        served.guest.play_tone(1920)
        await until(lambda: packets and packets[-1][1] & 0x80, what="the marker of the first packet after silence")
        # The block in which the tone ends, a hangover of 15, and the first of the new tone.
        assert len(packets) <= 17


async def test_a_joiner_is_told_everything_and_changes_are_told_to_all(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.last(PictureFormat) and viewer.last(GuestStateChanged))
        assert viewer.last(PictureFormat) == PictureFormat(640, 480, PointerMode.ABSOLUTE)
        hello = viewer.last(StreamerHello)
        assert isinstance(hello, StreamerHello)
        assert (hello.instance, hello.probe) == ("instance-0", served.guest.probe)
        report = GuestReport(GuestState.RESTARTING, "QEMU went away; it is started again.")
        served.guest.change_report(report)
        await until(lambda: viewer.last(GuestStateChanged) == GuestStateChanged(report))
        served.guest.pointer = PointerMode.RELATIVE
        await until(lambda: viewer.last(PictureFormat) == PictureFormat(640, 480, PointerMode.RELATIVE))


async def test_who_joined_before_the_guest_was_there_is_told_of_its_probe_area(served: Served) -> None:
    probe, served.guest.probe = served.guest.probe, None
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.last(StreamerHello))
        served.guest.probe = probe
        served.guest.change_report(GuestReport(GuestState.BOOTING))
        await until(lambda: viewer.last(StreamerHello).probe == probe)  # type: ignore[union-attr]


async def test_a_mode_change_goes_on_with_the_new_size(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        served.guest.screen.resize(801, 601)
        await until(lambda: viewer.frames[-1].width == 802)
        assert viewer.frames[-1].height == 602
        assert viewer.last(PictureFormat) == PictureFormat(801, 601, PointerMode.ABSOLUTE)


async def test_the_clock_exchange_gives_the_capture_time(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        viewer.say(ClockPing(7))
        await until(lambda: viewer.last(ClockPong))
        pong = viewer.last(ClockPong)
        assert isinstance(pong, ClockPong)
        assert pong.viewer_us == 7
        await until(lambda: viewer.last(StreamerStatistics))
        statistics = viewer.last(StreamerStatistics)
        assert isinstance(statistics, StreamerStatistics)
        captured = (statistics.newest_rtp_timestamp - pong.rtp_origin) & 0xFFFF_FFFF
        age_ticks = (pong.streamer_us * 9 // 100 - captured + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
        assert abs(age_ticks) < 2 * 90_000


async def test_the_tier_sets_the_pace_at_once(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        viewer.say(FocusTier(Tier.HIDDEN))
        await until(lambda: served_viewer(served, viewer).tier is Tier.HIDDEN)
        before, start = served.streamer.pictures(), asyncio.get_running_loop().time()
        await asyncio.sleep(1.2)
        assert 1 <= served.streamer.pictures() - before <= 2 + 1.15 * (asyncio.get_running_loop().time() - start)
        number, before = served.guest.number, served.streamer.pictures()
        viewer.say(FocusTier(Tier.ZOOMED))
        start = asyncio.get_running_loop().time()
        await until(lambda: served.streamer.pictures() >= before + 3)
        assert asyncio.get_running_loop().time() - start < 0.4
        await until(lambda: viewer.numbers[-1] > number + 5)


async def test_the_guest_is_told_how_it_is_watched(served: Served) -> None:
    expected = (False, False)

    def told() -> bool:
        return (served.guest.watched, served.guest.watched_closely) == expected

    assert told()
    async with TextbookViewer(served.base) as viewer:
        expected = (True, False)
        await until(told)
        for tier, then in ((Tier.ZOOMED, (True, True)), (Tier.HIDDEN, (False, False)), (Tier.SMALL, (True, False))):
            viewer.say(FocusTier(tier))
            expected = then
            await until(told)
    expected = (False, False)
    await until(told)


@pytest.mark.parametrize("tier", [Tier.GRID, Tier.SMALL])
async def test_a_small_tile_gets_small_pictures_until_it_is_zoomed(served: Served, tier: Tier) -> None:
    async with TextbookViewer(served.base) as viewer:

        def comes(width: int, height: int) -> bool:
            chosen = viewer.last(RenditionChosen)
            told = isinstance(chosen, RenditionChosen) and (chosen.width_px, chosen.height_px) == (width, height)
            return (
                told and bool(viewer.frames) and (viewer.frames[-1].width, viewer.frames[-1].height) == (width, height)
            )

        viewer.say(FocusTier(tier, 284, 213))
        await until(functools.partial(comes, 320, 240))
        viewer.say(FocusTier(Tier.ZOOMED))
        await until(functools.partial(comes, 640, 480))
        viewer.say(FocusTier(tier, 284, 213))
        await until(functools.partial(comes, 320, 240))


async def test_a_large_picture_is_spread_and_sound_overtakes_it(served: Served) -> None:
    served.guest.fps = 0
    kinds: list[tuple[float, str]] = []

    def note(datagram: bytes) -> bool:
        if is_rtp(datagram):
            kind = "video" if (datagram[1] & 0x7F) == viewer.video._codecs[0].payloadType else "other"
            kinds.append((asyncio.get_running_loop().time(), kind))
        return False

    async with TextbookViewer(served.base) as viewer:
        side = served_viewer(served, viewer)
        await until(functools.partial(has_sent_a_picture, side))
        viewer.drop_datagrams(note)
        side.limit_rate(2_000_000)
        served.guest.screen.pixels[:] = np.random.default_rng(1).integers(0, 256, (480, 640, 4), np.uint8)
        served.guest.screen.touch(0, 480)
        await until(lambda: kinds)
        served.guest.play_tone(4800)
        await until(lambda: kinds[-1][1] == "video" and kinds[-1][0] - kinds[0][0] > 0.08)
        names = [kind for _, kind in kinds]
        assert "other" in names
        assert names[names.index("other") :].count("video") > 10


async def test_two_tiers_of_one_quality_are_two_paces(served: Served) -> None:
    async with TextbookViewer(served.base) as front, TextbookViewer(served.base) as hidden:
        hidden.say(FocusTier(Tier.HIDDEN))
        await until(lambda: len(served.streamer._renditions.running) == 2)
        await until(lambda: served_viewer(served, hidden).rendition is served_viewer(served, hidden).wanted)
        await until(lambda: front.frames)
        seen = len(front.frames), len(hidden.frames)
        await until(lambda: len(front.frames) > seen[0] + 40)
        assert len(hidden.frames) - seen[1] < 10
        hidden.say(FocusTier(Tier.GRID))
        await until(lambda: len(served.streamer._renditions.running) == 1)
        seen = len(front.frames), len(hidden.frames)
        await until(lambda: len(hidden.frames) > seen[1] + 20)


async def test_a_viewer_with_a_narrow_way_gets_less_alone_and_is_told_why(served: Served) -> None:
    async with TextbookViewer(served.base) as narrow, TextbookViewer(served.base) as wide:
        await until(lambda: narrow.frames and wide.frames)
        await until(lambda: narrow.last(RenditionChosen))
        full = RenditionChosen(640, 480, False, 30.0, 6_000_000, "")
        assert narrow.last(RenditionChosen) == full
        narrow.say(PathReport(0.0, 500.0, 20.0, 10_000))
        await until(lambda: narrow.frames[-1].width == 320)
        chosen = narrow.last(RenditionChosen)
        assert isinstance(chosen, RenditionChosen)
        assert (chosen.width_px, chosen.height_px, chosen.max_bit_rate_bps) == (320, 240, 150_000)
        assert "packets wait" in chosen.reason
        seen = len(wide.frames)
        await until(lambda: len(wide.frames) > seen + 10)
        assert wide.frames[-1].width == 640
        assert wide.last(RenditionChosen) == full
        await settle(served, narrow)


async def test_pixel_exact_pictures_come_for_the_wish_of_those_who_offered_them(served: Served) -> None:
    exact, other = TextbookViewer(served.base), TextbookViewer(served.base)
    exact.session_lines.append(PIXEL_EXACT)
    async with exact, other:
        await until(lambda: exact.frames and other.frames)
        for viewer in (exact, other):
            viewer.say(PictureWish(Preference.FIXED, pixel_exact=True))
        below_its_bar = slice(340, 440)
        served.guest.screen.pixels[below_its_bar, 100:201:2] = (0, 0, 255, 0)
        served.guest.screen.pixels[below_its_bar, 101:201:2] = (255, 0, 0, 0)
        served.guest.screen.touch(340, 440)

        def striped() -> bool:
            pixels = exact.frames[-1].to_ndarray(format="rgb24")[390, 110:114].astype(int)
            return bool(np.abs(pixels - [(255, 0, 0), (0, 0, 255)] * 2).max() < 24)

        await until(lambda: exact.frames[-1].format.name == "yuv444p" and striped())
        seen = len(other.frames)
        await until(lambda: len(other.frames) > seen + 10)
        assert other.frames[-1].format.name == "yuv420p"
        chosen = other.last(RenditionChosen)
        assert isinstance(chosen, RenditionChosen)
        assert "did not offer" in chosen.reason
        exact.say(PictureWish())
        await until(lambda: exact.frames[-1].format.name == "yuv420p")


async def test_a_slow_viewer_does_not_slow_the_other(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async with TextbookViewer(served.base) as slow, TextbookViewer(served.base) as quick:
        await until(lambda: slow.frames and quick.frames)
        stuck = served_viewer(served, slow)
        monkeypatch.setattr(stuck._video, "_writer", lambda: None)
        seen = len(quick.frames)
        await until(lambda: served.streamer.drops().get("slow_viewer"))
        await until(lambda: len(quick.frames) > seen + 20)
        monkeypatch.undo()
        resumed = len(slow.frames)
        await until(lambda: len(slow.frames) > resumed + 5)


async def test_a_viewer_of_another_version_is_refused_in_words(served: Served) -> None:
    viewer = TextbookViewer(served.base)
    await viewer.connect(hello=False)
    viewer.channels["control"].send(json.dumps({"type": "viewer/hello", "version": 99, "name": "Eve"}))
    await until(lambda: any("speaks protocol 99" in text for text in viewer.raw))
    await until(lambda: served.streamer.status().viewers == 0)
    await viewer.close()


async def test_statistics_are_the_heartbeat_of_a_still_screen(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        await settle(served, viewer)
        seen = len(viewer.all(StreamerStatistics))
        await until(lambda: len(viewer.all(StreamerStatistics)) >= seen + 2)
        statistics = viewer.all(StreamerStatistics)[-2:]
        assert len({s.newest_rtp_timestamp for s in statistics if isinstance(s, StreamerStatistics)}) == 1
