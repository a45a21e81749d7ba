"""Moving pictures and tile views without any stream: what the window is tried with."""

import threading
import time
from collections.abc import Callable

import av
import numpy as np

from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.media.frames import FrameTiming

NAMES = (
    "Castle Yard",
    "Harbour",
    "Mountain Line",
    "Old Town",
    "Market",
    "Forest Halt",
    "Depot",
    "Night Express",
    "Polar Stop",
)
STATES = (
    (TileState.LIVE, "", ""),
    (TileState.DEGRADED, "No sound since 15:40; the picture is fine.", "Start it anew if it does not get better."),
    (TileState.BOOTING, "The machine starts", "The first picture comes in about 3 s."),
    (TileState.PENDING, "No node has room for it", "It starts by itself as soon as there is one."),
    (TileState.STALE, "No new picture for 7 s", "Reset it from the menu if it does not come back."),
    (TileState.LEAVING, "Scaled down: it is being stopped.", "Its place is kept."),
    (TileState.RECONNECTING, "The stream broke off", "Tries again in 2 s."),
    (TileState.LOST, "The machine does not answer", "The backend starts it again; last seen 15:42."),
    (TileState.GONE, "The machine was switched off", "It appears here again when it comes back."),
)


def view(
    slot: int, state: TileState = TileState.LIVE, reason: str = "", next_step: str = "", **changes: object
) -> TileView:
    """A tile with plausible figures."""
    figures: dict[str, object] = {
        "fps": 29.7, "delay_ms": 8.4 + slot, "viewers": slot % 3, "holder": "Anna" if slot == 1 else "",
        "mine": slot == 3, "width_px": 640, "height_px": 480, "bit_rate_bps": 1_830_000, "jitter_ms": 1.2,
        "round_trip_ms": 0.4, "stages_ms": {"capture": 0.6, "convert": 0.9, "encode": 3.1, "send": 0.3, "decode": 1.4},
        "drops": {"newer_picture": 3}, "key_to_picture_ms": 11.2,
    }  # fmt: skip
    empty = state is TileState.EMPTY
    return TileView(
        slot=slot,
        id="" if empty else f"instance-{slot}",
        name="" if empty else NAMES[slot % 9],
        state=state,
        reason=reason,
        next_step=next_step,
        **(figures | changes),  # type: ignore[arg-type]  # fields by name
    )


def all_live(count: int = 9) -> tuple[TileView, ...]:
    return tuple(view(slot) for slot in range(count))


def all_states() -> tuple[TileView, ...]:
    return tuple(view(slot, *STATES[slot]) for slot in range(9))


def picture(slot: int, number: int, width: int = 640, height: int = 480) -> av.VideoFrame:
    """A sky, a ground, and a train that moves 8 pixels a picture."""
    luma = np.empty((height, width), np.uint8)
    luma[:] = np.linspace(190, 130, height, dtype=np.uint8)[:, None]
    luma[height * 3 // 4 :] = 90
    x = (number * 8 + slot * 40) % (width - 160)
    luma[height * 3 // 4 - 70 : height * 3 // 4, x : x + 150] = 60
    luma[40:100, 60 + 8 * slot : 120 + 8 * slot] = 230
    u = np.full((height // 2, width // 2), 100 + 13 * slot, np.uint8)
    v = np.full((height // 2, width // 2), 190 - 13 * slot, np.uint8)
    flat = np.concatenate([luma.ravel(), u.ravel(), v.ravel()]).reshape(height * 3 // 2, width)
    return av.VideoFrame.from_ndarray(flat, format="yuv420p")


def timing(number: int = 0) -> FrameTiming:
    now = time.monotonic_ns() // 1000
    return FrameTiming(rtp_timestamp=number * 3000, captured_us=now, received_us=now, decoded_us=now)


class Source:
    """A thread that puts prepared pictures at ``fps`` into nine sinks, one after the other."""

    def __init__(self, put: Callable[[int, av.VideoFrame, FrameTiming], None], slots: range, fps: float = 30.0) -> None:
        self._put, self._slots, self._fps = put, slots, fps
        self._frames = {slot: [picture(slot, number) for number in range(8)] for slot in slots}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="synthetic", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        step, number, start = 1 / (self._fps * len(self._slots)), 0, time.monotonic()
        while not self._stop.wait(max(0.0, start + number * step - time.monotonic())):
            slot = self._slots[number % len(self._slots)]
            turn = number // len(self._slots)
            self._put(slot, self._frames[slot][turn % 8], timing(turn))
            number += 1
