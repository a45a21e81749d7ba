"""The clip by GStreamer's webrtcbin. Runs in the system's Python: no other library than PyGObject.

``python -m tests.benchmarks._gst_sender CLIP CLOCK`` writes its offer as a JSON line, reads the answer as one, and
plays until it is ended. The encoder is set as the product's: x264 ultrafast, constant quantizer, one thread.
"""

import importlib
import itertools
import json
import mmap
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, RATE_HZ, PICTURES = 640, 480, 30, 64
FRAME_BYTES = WIDTH * HEIGHT * 4
BITS, BLOCK_PX, SLOTS = 24, 16, 4096
PIPELINE = f"""
appsrc name=source is-live=true format=time do-timestamp=false max-buffers=4 block=true
  caps=video/x-raw,format=BGRx,width={WIDTH},height={HEIGHT},framerate={RATE_HZ}/1
! videoconvert n-threads=1 ! video/x-raw,format=I420
! x264enc speed-preset=ultrafast tune=zerolatency pass=quant quantizer=20 threads=1 sliced-threads=false
  key-int-max=3000 byte-stream=true aud=false
! video/x-h264,profile=constrained-baseline
! rtph264pay pt=96 config-interval=-1 aggregate-mode=zero-latency mtu=1200
! application/x-rtp,media=video,encoding-name=H264,payload=96
! webrtcbin name=rtc bundle-policy=max-bundle
"""


def gstreamer() -> Any:
    """The bindings."""
    gi = importlib.import_module("gi")
    for name in ("Gst", "GstWebRTC", "GstSdp"):
        gi.require_version(name, "1.0")
    repository = importlib.import_module("gi.repository")
    for name in ("Gst", "GstWebRTC", "GstSdp", "GLib"):
        importlib.import_module(f"gi.repository.{name}")
    repository.Gst.init(None)
    return repository


def description(gi: Any, kind: str, sdp: str) -> Any:
    """An SDP as webrtcbin takes it."""
    _, message = gi.GstSdp.SDPMessage.new_from_text(sdp)
    return gi.GstWebRTC.WebRTCSessionDescription.new(getattr(gi.GstWebRTC.WebRTCSDPType, kind), message)


def described(gi: Any, rtc: Any, kind: str) -> str:
    """Create the offer or answer, set it, and wait for its candidates."""
    promise = gi.Gst.Promise.new()
    rtc.emit(f"create-{kind}", None, promise)
    promise.wait()
    reply = promise.get_reply()  # owns what it holds: it must outlive the call below
    ours = reply.get_value(kind)
    rtc.emit("set-local-description", ours, gi.Gst.Promise.new())
    while rtc.get_property("ice-gathering-state") != gi.GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        time.sleep(0.005)
    text: str = rtc.get_property("local-description").sdp.as_text()
    return text


def play(gi: Any, source: Any, clip: Path, clock: Path) -> None:
    """Push the pictures at their rate, numbered; the buffers are made once and never copied."""
    data = clip.read_bytes()
    buffers = [
        gi.Gst.Buffer.new_wrapped(data[number * FRAME_BYTES : (number + 1) * FRAME_BYTES]) for number in range(PICTURES)
    ]
    blocks = (b"\x00" * 4 * BLOCK_PX, b"\xff" * 4 * BLOCK_PX)
    with clock.open("r+b") as file:
        times = mmap.mmap(file.fileno(), 0)
    began_s = time.monotonic()
    for number in itertools.count(1):
        buffer = buffers[number % PICTURES]
        strip = b"".join(blocks[number >> bit & 1] for bit in range(BITS))
        for row in range(HEIGHT - BLOCK_PX, HEIGHT):
            buffer.fill(row * WIDTH * 4, strip)
        made_s = time.monotonic()
        buffer.pts = int((made_s - began_s) * 1e9)
        struct.pack_into("<Qd", times, number % SLOTS * 16, number, made_s)
        source.emit("push-buffer", buffer)
        time.sleep(max(0.0, began_s + number / RATE_HZ - time.monotonic()))


def main() -> None:
    """Offer, take the answer, play."""
    clip, clock = map(Path, sys.argv[1:])
    gi = gstreamer()
    pipeline = gi.Gst.parse_launch(PIPELINE)
    rtc, source = pipeline.get_by_name("rtc"), pipeline.get_by_name("source")
    loop = gi.GLib.MainLoop()
    threading.Thread(target=loop.run, daemon=True).start()
    transceiver = rtc.emit("get-transceiver", 0)
    transceiver.set_property("direction", gi.GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
    transceiver.set_property("do-nack", True)
    pipeline.set_state(gi.Gst.State.PLAYING)
    print(json.dumps(described(gi, rtc, "offer")), flush=True)
    answer = description(gi, "ANSWER", json.loads(sys.stdin.readline()))
    rtc.emit("set-remote-description", answer, gi.Gst.Promise.new())
    play(gi, source, clip, clock)


if __name__ == "__main__":
    main()
