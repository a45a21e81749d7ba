"""A WHEP player made of GStreamer's webrtcbin alone; runs in the system's Python, which has its bindings.

``python -m tests.integration.gstreamer_player WHEP_URL SECONDS`` offers, plays until there is enough of both or the
time is over, and writes one JSON line: pictures, their size, how many differed from the one before, blocks of sound and
their loudest sample.
"""

import functools
import json
import sys
import threading
import time
import urllib.request
from typing import Any

from tests.benchmarks._gst_sender import described, description, gstreamer

FORMAT = "packetization-mode=(string)1,profile-level-id=(string)42e01f,level-asymmetry-allowed=(string)1"
VIDEO = f"application/x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000,{FORMAT}"
AUDIO = "application/x-rtp,media=audio,encoding-name=OPUS,payload=97,clock-rate=48000,encoding-params=(string)2"
SINK = "appsink name=sink emit-signals=true sync=false"
SHOW = f"queue ! rtph264depay ! h264parse ! avdec_h264 ! videoconvert ! video/x-raw,format=GRAY8 ! {SINK}"
HEAR = f"queue ! rtpopusdepay ! opusdec ! audioconvert ! audio/x-raw,format=S16LE ! {SINK}"


class Player:
    """Counts what is played."""

    def __init__(self, gi: Any) -> None:
        self.report = {"pictures": 0, "width": 0, "height": 0, "changes": 0, "sounds": 0, "loudest": 0}
        self._gi = gi
        self._picture = b""
        self._pipeline = gi.Gst.Pipeline.new(None)
        self._rtc = gi.Gst.ElementFactory.make("webrtcbin")
        self._rtc.set_property("bundle-policy", gi.GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self._pipeline.add(self._rtc)
        self._rtc.connect("pad-added", self._linked)
        self._pipeline.set_state(gi.Gst.State.PLAYING)

    def play(self, url: str) -> None:
        """Offer, and take the answer."""
        receive = self._gi.GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
        for caps in (VIDEO, AUDIO):
            self._rtc.emit("add-transceiver", receive, self._gi.Gst.Caps.from_string(caps))
        offer = described(self._gi, self._rtc, "offer")
        request = urllib.request.Request(url, offer.encode(), {"Content-Type": "application/sdp"})
        with urllib.request.urlopen(request, timeout=20) as response:
            answer = description(self._gi, "ANSWER", response.read().decode())
        self._rtc.emit("set-remote-description", answer, self._gi.Gst.Promise.new())

    def _linked(self, _rtc: Any, pad: Any) -> None:
        if pad.get_direction() != self._gi.Gst.PadDirection.SRC:
            return
        is_video = pad.get_current_caps().get_structure(0).get_string("media") == "video"
        part = self._gi.Gst.parse_bin_from_description(SHOW if is_video else HEAR, True)
        part.get_by_name("sink").connect("new-sample", self._shown if is_video else self._heard)
        self._pipeline.add(part)
        part.sync_state_with_parent()
        pad.link(part.get_static_pad("sink"))

    def _shown(self, sink: Any) -> int:
        sample = sink.emit("pull-sample")
        caps = sample.get_caps().get_structure(0)
        buffer = sample.get_buffer()
        picture = buffer.extract_dup(0, buffer.get_size())
        self.report["changes"] += picture != self._picture
        self._picture = picture
        self.report["pictures"] += 1
        self.report |= {side: caps.get_value(side) for side in ("width", "height")}
        return 0

    def _heard(self, sink: Any) -> int:
        buffer = sink.emit("pull-sample").get_buffer()
        samples = memoryview(buffer.extract_dup(0, buffer.get_size())).cast("h")
        self.report["sounds"] += 1
        self.report["loudest"] = max(self.report["loudest"], *map(abs, samples))
        return 0


def main() -> None:
    """Play for a while, or until there is enough of both."""
    url, seconds = sys.argv[1], float(sys.argv[2])
    gi = gstreamer()
    threading.Thread(target=gi.GLib.MainLoop().run, daemon=True).start()
    player = Player(gi)
    player.play(url)
    until_s = time.monotonic() + seconds
    enough = functools.partial(_enough, player.report)
    while not enough() and time.monotonic() < until_s:
        time.sleep(0.05)
    print(json.dumps(player.report), flush=True)


def _enough(report: dict[str, int]) -> bool:
    return report["changes"] >= 60 and report["sounds"] >= 60


if __name__ == "__main__":
    main()
