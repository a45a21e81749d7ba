"""One connection to one streamer, from offer to end: what it says, and what is told to it."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiortc import RTCIceServer

from backend.contract.control import (
    MAX_MESSAGE_BYTES,
    ClockPing,
    ClockPong,
    ControlState,
    GuestStateChanged,
    InputShown,
    PathReport,
    PictureFormat,
    PointerMode,
    RenditionChosen,
    StreamerHello,
    StreamerStatistics,
    ToStreamer,
    ToViewer,
)
from backend.contract.control_json import to_streamer_json, to_viewer_from_json
from backend.contract.errors import VersionError, WireError
from backend.contract.input import InputMessage, MoveBy, MoveTo, encode
from backend.contract.status import GuestReport
from loco_kiosk.client.errors import SessionError
from loco_kiosk.client.meters import KeyMeter
from loco_kiosk.client.tile import BEHIND_S, SILENT_S
from loco_kiosk.media.audio_receiver import Pcm
from loco_kiosk.media.clock import StreamerClock
from loco_kiosk.media.packet import timestamp_difference
from loco_kiosk.media.peer import Peer
from loco_kiosk.media.video_receiver import Picture

log = logging.getLogger(__name__)

GONE_S = 5.0
"""A streamer of which nothing at all has come for this long is gone; its successor needs a new session anyway."""
SUSPECT_S = 1.5
"""The same where the backend, too, says that it is in trouble; it speaks once a second."""
MUTE_S = 15.0
"""One that sends media but never speaks is broken; less would make an overloaded machine reconnect for ever."""
HOPELESS_S = 10.0
"""One that says it sends pictures, of which none has come for so long in spite of requests, is not heard any more."""
_TICK_S = 0.25
_EARLY_PINGS = 5
_EARLY_PING_S = 0.25
"""The first exchanges run into the bustle of the start, and all measured delays hang on the best of them."""
_PING_S = 5.0


@dataclass(slots=True)
class StreamerFacts:
    """What the streamer has said last."""

    hello: StreamerHello | None = None
    format: PictureFormat | None = None
    control: ControlState | None = None
    rendition: RenditionChosen | None = None
    guest: GuestReport | None = None
    statistics: StreamerStatistics | None = None


class Link:
    """Made for one attempt. Threading: one event loop."""

    def __init__(
        self,
        *,
        on_picture: Callable[[Picture, int | None], None],
        on_sound: Callable[[Pcm, bool], None],
        on_change: Callable[[], None],
        ice_servers: Sequence[RTCIceServer] = (),
        relay_only: bool = False,
        decoder_device: str | None = None,
    ) -> None:
        """Build the connection; no I/O yet.

        Args:
            on_picture: each decoded picture with its capture time.
            on_sound: each piece of sound.
            on_change: something that a tile shows at once has changed.
            ice_servers: STUN and TURN servers, none by default.
            relay_only: media goes through a TURN server even where it could go directly.
            decoder_device: hardware that decodes; None: the processor.
        """
        self.facts = StreamerFacts()
        self.clock = StreamerClock()
        self.keys = KeyMeter()
        self.drops: Counter[str] = Counter()
        self.path: PathReport | None = None
        """What the streamer was last told of the way."""
        self.peer = Peer(
            on_picture=self._picture,
            on_sound=on_sound,
            on_message=self._message,
            ice_servers=ice_servers,
            relay_only=relay_only,
            decoder_device=decoder_device,
        )
        self._on_picture = on_picture
        self._on_change = on_change
        self._heard_us = _now_us()
        self._media_us = self._heard_us
        self._packets = 0
        self._expected_timestamp: int | None = None
        self._behind_since_us: int | None = None
        self._refused: VersionError | None = None
        self._suspected = False
        self._pings = self._next_ping_us = 0

    def suspect(self) -> None:
        """The backend says that the streamer is in trouble: a short silence is enough to give it up."""
        self._suspected = True

    @property
    def silent_s(self) -> float:
        """Since the streamer last spoke."""
        return (_now_us() - self._heard_us) / 1e6

    @property
    def behind_s(self) -> float:
        """Since when a picture is missing that the streamer has sent; 0 when none is."""
        return 0.0 if self._behind_since_us is None else (_now_us() - self._behind_since_us) / 1e6

    @property
    def pointer(self) -> PointerMode:
        """How the guest takes the mouse."""
        return self.facts.format.pointer if self.facts.format else PointerMode.ABSOLUTE

    def tell(self, message: ToStreamer) -> None:
        """Send a control message; one that cannot be sent is counted."""
        if not self.peer.send_control(json.dumps(to_streamer_json(message))):
            self.drops["control message not sent"] += 1

    def send(self, message: InputMessage) -> None:
        """Send input; what cannot be sent is counted, never kept: an old key press is worse than none."""
        pointer = isinstance(message, MoveTo | MoveBy)
        send = self.peer.send_pointer if pointer else self.peer.send_key
        if not send(encode(message)):
            self.drops["pointer move not sent" if pointer else "key not sent"] += 1
        elif not pointer:
            self.keys.sent(message.sequence, _now_us())

    async def watch(self) -> None:
        """Ping, watch the heartbeat and the pictures, until the connection ends.

        Raises:
            SessionError: it ended, with the reason.
        """
        self._heard_us = self._media_us = _now_us()
        stale = False
        while True:
            self._ping()
            self._report_path()
            self._raise_if_over()
            if stale != (stale := self.silent_s >= SILENT_S or self.behind_s >= BEHIND_S):
                self._on_change()
                if self.behind_s >= BEHIND_S:
                    self.peer.video.request_key_frame()
            await self._tick()

    def _ping(self) -> None:
        now_us = _now_us()
        if now_us >= self._next_ping_us:
            self.tell(ClockPing(now_us))
            self._pings += 1
            self._next_ping_us = now_us + int(1e6 * (_EARLY_PING_S if self._pings < _EARLY_PINGS else _PING_S))

    def _report_path(self) -> None:
        if (report := self.peer.path_report(self.clock.round_trip_us, _now_us())) is not None:
            self.path = report
            self.tell(report)

    async def _tick(self) -> None:
        started_us = _now_us()
        await self._sleep()
        # While this loop stood still it heard nobody: that time is not the streamer's silence.
        late_us = max(0, _now_us() - started_us - int(2e6 * _TICK_S))
        self._heard_us += late_us
        self._media_us += late_us

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(_TICK_S):
                await self.peer.ended.wait()
        except TimeoutError:
            return

    def _raise_if_over(self) -> None:
        if self._refused is not None:
            raise SessionError(str(self._refused))
        if self.peer.ended.is_set():
            raise SessionError("The streamer closed the connection.")
        packets = self.peer.video.statistics.packets + self.peer.audio.statistics.packets
        if packets != self._packets:
            self._packets, self._media_us = packets, _now_us()
        media_s = (_now_us() - self._media_us) / 1e6
        gone_s = SUSPECT_S if self._suspected else GONE_S
        if min(self.silent_s, media_s) >= gone_s or self.silent_s >= MUTE_S:
            raise SessionError(f"The streamer has not spoken for {self.silent_s:.0f} s.")
        if self.behind_s >= HOPELESS_S:
            raise SessionError(f"No picture has come for {self.behind_s:.0f} s, though the streamer sends them.")

    def _picture(self, picture: Picture) -> None:
        self.keys.picture(picture.rtp_timestamp, picture.decoded_us)
        expected = self._expected_timestamp
        if expected is not None and timestamp_difference(picture.rtp_timestamp, expected) >= 0:
            self._expected_timestamp = self._behind_since_us = None
        captured_us = self.clock.captured_us(picture.rtp_timestamp, picture.decoded_us)
        # The first exchange of clocks may be off by half its round trip; no picture arrives before it was captured.
        self._on_picture(picture, None if captured_us is None else min(captured_us, picture.received_us))

    def _message(self, data: str | bytes) -> None:
        try:
            message = _read(data)
        except VersionError as error:
            self._refused = error
            return
        except WireError as error:
            if not self.drops["malformed control message"]:
                log.warning("a control message of the streamer is malformed: %s", error)
            self.drops["malformed control message"] += 1
            return
        self._heard_us = _now_us()
        self._suspected = False
        if message is None:
            self.drops["unknown control message"] += 1
        else:
            self._take(message)

    def _take(self, message: ToViewer) -> None:
        match message:
            case ClockPong():
                if not self.clock.add(message.viewer_us, message.streamer_us, self._heard_us, message.rtp_origin):
                    self.drops["impossible clock answer"] += 1
                self.peer.video.set_round_trip(self.clock.round_trip_us or 0)
            case InputShown():
                self.keys.shown(message.sequence, message.rtp_timestamp)
                self._expect(message.rtp_timestamp)
            case StreamerStatistics():
                self.facts.statistics = message
                if message.pictures:
                    self._expect(message.newest_rtp_timestamp)
            case _:
                self._learn(message)

    def _learn(
        self, message: StreamerHello | PictureFormat | ControlState | GuestStateChanged | RenditionChosen
    ) -> None:
        match message:
            case StreamerHello():
                self.facts.hello = message
            case PictureFormat():
                self.facts.format = message
            case ControlState():
                self.facts.control = message
            case GuestStateChanged():
                self.facts.guest = message.guest
            case RenditionChosen():
                self.facts.rendition = message
        self._on_change()

    def _expect(self, rtp_timestamp: int) -> None:
        newest = self.peer.video.newest_timestamp
        if newest is not None and timestamp_difference(rtp_timestamp, newest) <= 0:
            return
        self._expected_timestamp = rtp_timestamp
        if self._behind_since_us is None:
            self._behind_since_us = _now_us()
        self.peer.video.expect(rtp_timestamp)


def _read(data: str | bytes) -> ToViewer | None:
    if len(data) > MAX_MESSAGE_BYTES:
        raise WireError(f"A control message has at most {MAX_MESSAGE_BYTES} bytes, not {len(data)}.")
    return to_viewer_from_json(data)


def _now_us() -> int:
    return time.monotonic_ns() // 1000
