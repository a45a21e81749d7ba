"""Pictures on their way to the window, and to a headset."""

from av.video.frame import VideoFrame

from loco_kiosk.client.taps import Kept, Taps
from loco_kiosk.media.frames import FrameTiming
from tests.loco_kiosk.watching import KeptFrames

TIMING = FrameTiming(1, 2, 3, 4)


def test_the_window_gets_every_picture_whether_anybody_listens_or_not() -> None:
    window = KeptFrames()
    taps = Taps(lambda identity: window)
    heard: list[tuple[str, VideoFrame, FrameTiming]] = []
    frames = [VideoFrame(64, 48, "yuv420p") for _ in range(3)]
    sink = taps.sink("instance-0")
    sink.put(frames[0], TIMING)
    taps.listener = lambda *put: heard.append(put)
    sink.put(frames[1], TIMING)
    taps.listener = None
    sink.put(frames[2], TIMING)
    assert window.frames == frames
    assert heard == [("instance-0", frames[1], TIMING)]
    assert taps.newest == {"instance-0": Kept(frames[2], TIMING)}


def test_without_a_window_the_newest_picture_is_kept_all_the_same() -> None:
    taps = Taps()
    frame = VideoFrame(64, 48, "yuv420p")
    taps.sink("instance-3").put(frame, TIMING)
    assert taps.newest["instance-3"].frame is frame
