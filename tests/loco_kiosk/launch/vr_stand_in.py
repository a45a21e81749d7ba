"""Stands in for the program of the headset: ``vr_stand_in.py MODE --feed-socket FD --feed-memory FD``.

It speaks the feed's lines as the real one does, and then ends in the way of its mode.
"""

import argparse
import json
import os
import signal
import socket
import sys

SENTENCES = {
    2: "[vr] has no setting 'pth'; did you mean 'path'?",
    3: "No OpenXR runtime is chosen on this machine.",
    4: "The OpenXR runtime is installed, but its service does not run.",
    5: "The runtime sees no headset.",
    6: "No way to draw.",
    7: "The runtime ended in the middle.",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("mode")
    parser.add_argument("--feed-socket", type=int, required=True)
    parser.add_argument("--feed-memory", type=int, required=True)
    given = parser.parse_args()
    os.fstat(given.feed_memory)
    if given.mode == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with socket.socket(fileno=given.feed_socket) as feed:
        play(given.mode, feed)


def tell(feed: socket.socket, **message: object) -> None:
    feed.sendall(json.dumps(message).encode() + b"\n")


def play(mode: str, feed: socket.socket) -> None:
    if mode.isdigit():
        print("a line of the log", file=sys.stderr)
        print(f"loco-vr: {SENTENCES[int(mode)]}", file=sys.stderr)
        sys.exit(int(mode))
    if mode == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if mode == "mute":
        sys.exit(1)
    tell(feed, type="statistics", figures={"sound": 1.0})
    tell(feed, type="status", state="waiting", sentence="")
    tell(feed, type="status", state="worn", sentence="")
    hand = {"hand": "right", "id": "instance-1", "u": 0.5, "v": 0.25, "pressed": True}
    tell(feed, type="pointers", pointers=[hand])
    if mode == "leave":
        tell(feed, type="leave")
        return
    if mode == "play":
        tell(feed, type="visible", ids=["instance-0", "instance-1"])
        tell(feed, type="focus", id="instance-1")
        tell(feed, type="sound", volume=0.25, muted=False, mono=False)
    if mode == "silent":
        tell(feed, type="statistics", figures={"sound": 0.0})
    if mode == "take-off":
        tell(feed, type="status", state="taken_off", sentence="Put it on again.")
    listen(mode, feed)


def listen(mode: str, feed: socket.socket) -> None:
    with feed.makefile("rb") as lines:
        for line in lines:
            message = json.loads(line)
            print(json.dumps(message), file=sys.stderr, flush=True)
            if message["type"] == "stop" and mode != "deaf":
                return
    if mode == "deaf":
        signal.pause()


if __name__ == "__main__":
    main()
