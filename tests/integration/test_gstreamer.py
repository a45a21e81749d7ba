"""GStreamer, which shares no line of code with us, plays a tile by WHEP."""

from tests.benchmarks._children import SYSTEM_PYTHON, child
from tests.loco_kiosk.real_streamer import RealStreamer

PATIENCE_S = 40


async def test_gstreamer_plays_picture_and_sound() -> None:
    # libnice leaves 127.0.0.1 out; what goes to another address of this machine does not leave it either.
    async with RealStreamer(media_addresses="") as streamer:
        url = f"{streamer.url}/whep"
        async with child("tests.integration.gstreamer_player", url, PATIENCE_S, python=SYSTEM_PYTHON) as player:
            report = await player.read(2 * PATIENCE_S)
    assert (report["width"], report["height"]) == (640, 480)
    assert report["changes"] >= 60, report
    assert report["sounds"] >= 60, report
    assert 4000 < report["loudest"] < 16_000, "the tone has an amplitude of 8192"
