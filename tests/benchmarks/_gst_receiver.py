"""Receives all streams by GStreamer's webrtcbin in one process; in the system's Python.

``python -m tests.benchmarks._gst_receiver STREAMS`` reads an offer a stream and writes its answer, JSON lines all; then
``"live"`` when each has a picture, and a report of all arrivals when its input ends. No jitter buffer time; decoded by
FFmpeg in one thread, as the product does.
"""

import functools
import json
import sys
import threading
import time
from typing import Any

from tests.benchmarks._gst_sender import BITS, BLOCK_PX, HEIGHT, WIDTH, described, description, gstreamer

DECODE = """
queue max-size-buffers=0 ! rtph264depay ! h264parse ! avdec_h264 max-threads=1 name=decoder
! appsink name=sink emit-signals=true sync=false max-buffers=4
"""
ROW = HEIGHT - BLOCK_PX // 2
Arrivals = list[tuple[int, float]]


def arrived(arrivals: Arrivals, sink: Any) -> int:
    """Read the number of a picture from its luma plane."""
    buffer = sink.emit("pull-sample").get_buffer()
    row = buffer.extract_dup(ROW * WIDTH, BITS * BLOCK_PX)
    number = sum(1 << bit for bit in range(BITS) if row[bit * BLOCK_PX + BLOCK_PX // 2] > 127)
    arrivals.append((number, time.monotonic()))
    return 0


def linked(gi: Any, pipeline: Any, arrivals: Arrivals, _rtc: Any, pad: Any) -> None:
    """A stream came up: decode it."""
    if pad.get_direction() != gi.Gst.PadDirection.SRC:
        return
    part = gi.Gst.parse_bin_from_description(DECODE, True)
    part.get_by_name("sink").connect("new-sample", functools.partial(arrived, arrivals))
    pipeline.add(part)
    part.sync_state_with_parent()
    pad.link(part.get_static_pad("sink"))


def main() -> None:
    """Answer, receive, report."""
    gi = gstreamer()
    threading.Thread(target=gi.GLib.MainLoop().run, daemon=True).start()
    streams: list[Arrivals] = [[] for _ in range(int(sys.argv[1]))]
    pipelines = []
    offered_s = []
    for arrivals in streams:
        offer = json.loads(sys.stdin.readline())
        offered_s.append(time.monotonic())
        pipeline = gi.Gst.Pipeline.new(None)
        rtc = gi.Gst.ElementFactory.make("webrtcbin")
        rtc.set_property("bundle-policy", gi.GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        rtc.set_property("latency", 0)
        pipeline.add(rtc)
        rtc.connect("pad-added", functools.partial(linked, gi, pipeline, arrivals))
        pipeline.set_state(gi.Gst.State.PLAYING)
        pipelines.append(pipeline)
        promise = gi.Gst.Promise.new()
        theirs = description(gi, "OFFER", offer)
        rtc.emit("set-remote-description", theirs, promise)
        promise.wait()
        print(json.dumps(described(gi, rtc, "answer")), flush=True)
    while not all(streams):
        time.sleep(0.01)
    print(json.dumps("live"), flush=True)
    sys.stdin.read()
    print(json.dumps({"arrivals": streams, "offered_s": offered_s}), flush=True)


if __name__ == "__main__":
    main()
