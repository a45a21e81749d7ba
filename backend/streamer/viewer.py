"""One viewer: its peer connection, its streams, its data channels and what it needs next."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiortc import RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError

from backend.contract.control import InputShown, PathReport, PictureWish, RenditionChosen, Tier, ToStreamer
from backend.contract.input import InputMessage
from backend.streamer import rtc
from backend.streamer.copies import Copies
from backend.streamer.counters import Drops
from backend.streamer.data_channels import DataChannels
from backend.streamer.errors import OfferError, UnsupportedError
from backend.streamer.ladder import Cause, Ladder
from backend.streamer.offer import Offer, TrickleFragment
from backend.streamer.picture import Picture
from backend.streamer.push_sender import PushSender
from backend.streamer.reception import Reception, ReceptionMeter
from backend.streamer.rendition import Rendition
from backend.streamer.shown_inputs import ShownInputs

log = logging.getLogger(__name__)

_LONGEST_DRAIN_S = 0.5
"""A longer pause looks like a fault, and of a queue that needs it the rest drains under smaller pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerEvents:
    """What a viewer tells its streamer; each is called in the event loop with the viewer."""

    connected: Callable[["Viewer"], None]
    key_frame: Callable[["Viewer"], None]
    drained: Callable[["Viewer"], None]
    control: Callable[["Viewer", ToStreamer], None]
    input: Callable[["Viewer", InputMessage], None]


class Viewer:
    """One WHEP session.

    Args:
        session: its id, also a secret: who knows it may end the session.
        peer: an unused connection.
        events: see :class:`ViewerEvents`.
        drops: counters of the streamer.
    """

    def __init__(self, session: str, peer: RTCPeerConnection, *, events: ViewerEvents, drops: Drops) -> None:
        self.session = session
        self.name = ""
        """As the viewer introduced itself; empty before its hello."""
        self.tier = Tier.GRID
        self.shown_px = (0, 0)
        """How large it shows the picture; zeros: unknown, or as large as it gets."""
        self.wish = PictureWish()
        self.ladder = Ladder()
        self._copies = Copies()
        self._reception: ReceptionMeter | None = ReceptionMeter()
        self.decodes_exact = False
        """Its offer has :data:`backend.contract.control.PIXEL_EXACT`."""
        self.wanted: Rendition | None = None
        """What it shall get."""
        self.rendition: Rendition | None = None
        """What it gets; another one than wanted until that has a key frame."""
        self.chosen: RenditionChosen | None = None
        """What it was told of that."""
        self.needs_key_frame = True
        """To go on with its rendition."""
        self.draining = False
        """Its way is full and gets no pictures until it is empty: a key frame at the end of the queue would be late and
        lose the packets for which the queue has no room."""
        self.newest_timestamp = 0
        """RTP time stamp of the newest picture sent to it; 0 before the first."""
        self.settled = asyncio.Event()
        """Connected or gone."""
        self.gone = asyncio.Event()
        self.inputs = ShownInputs()
        self._peer = peer
        self._events = events
        self._drops = drops
        self._username = ""
        self._large_packets = False
        self._counted = (0, 0.0)
        self._video: PushSender | None = None
        self._audio: PushSender | None = None
        self.channels = DataChannels(
            on_control=self._told,
            on_input=lambda message: events.input(self, message),
            on_refused=self._refuse,
            drops=drops,
        )
        peer.on("datachannel", self.channels.attach)
        peer.on("connectionstatechange", self._state_changed)

    @property
    def label(self) -> str:
        """For logs; not the session id, which is a secret."""
        return f"{self.name or 'viewer'} ({self.session[:4]}...)"

    async def answer(self, offer: Offer, media_addresses: Sequence[str]) -> str:
        """Apply the offer; the SDP answer with all candidates.

        Raises:
            OfferError: aiortc cannot apply the offer.
            UnsupportedError: there is no common codec.
        """
        for kind in offer.kinds:
            rtc.prefer(self._peer.addTransceiver(rtc.IdleTrack(kind), "sendonly"))
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
            for transceiver in self._peer.getTransceivers():
                rtc.slim(transceiver)
            rtc.back_off_data_channels(self._peer)
            rtc.gather_on(self._peer, media_addresses)
            rtc.refuse_empty_datagrams(self._peer, lambda: self._drops.count("empty_datagram"))
            await self._peer.setLocalDescription()
        except OperationError as error:
            raise UnsupportedError(
                "No common codec: the streamer sends H.264 (constrained baseline, packetization-mode=1) and Opus."
            ) from error
        except (ValueError, KeyError, IndexError, AttributeError, AssertionError, TypeError) as error:
            raise OfferError(f"The offer cannot be applied ({type(error).__name__}: {error}).") from error
        except (InternalError, InvalidAccessError, InvalidStateError) as error:
            raise OfferError(f"The offer cannot be applied: {error}.") from error
        self._username = offer.username
        self._large_packets = offer.large_packets
        self.decodes_exact = offer.pixel_exact
        return self._peer.localDescription.sdp

    async def add_candidates(self, fragment: TrickleFragment) -> None:
        """Candidates that came after the offer.

        Raises:
            UnsupportedError: the fragment asks for an ICE restart.
        """
        if fragment.username not in (None, self._username):
            raise UnsupportedError("ICE restart is not supported: end this session and POST a new offer.")
        for candidate in fragment.candidates:
            await self._peer.addIceCandidate(candidate)
        if fragment.complete:
            await self._peer.addIceCandidate(None)

    @property
    def retransmitted(self) -> int:
        """Video packets sent again because the viewer asked."""
        return 0 if self._video is None else self._video.retransmitted

    def end(self) -> None:
        """The session is over; its owner closes it."""
        if self._video is not None:
            self._video.spreader.clear()
        self.gone.set()
        self.settled.set()

    async def close(self) -> None:
        """Close the connection."""
        self.end()
        await self._peer.close()

    def send_picture(self, picture: Picture) -> bool:
        """Send a picture; False when it could not be sent and the viewer needs a key frame to go on."""
        if self._video is None:
            return True
        payloads = picture.payloads if self._video.spread else picture.large_payloads
        if not self._video.send(payloads, picture.rtp_timestamp):
            return False
        self.newest_timestamp = picture.rtp_timestamp
        for sequence in self.inputs.shown_by(picture.changed_us):
            self.channels.send(InputShown(sequence, picture.rtp_timestamp))
        return True

    def limit_rate(self, bit_rate_bps: float) -> None:
        """What its way is known to carry, roughly."""
        if self._video is not None:
            self._video.limit_rate(bit_rate_bps)

    def report(self, report: PathReport, now_s: float) -> bool:
        """Take what it measured of its way; whether it should get something else now."""
        if self._video is not None:
            self._video.expect_round_trip(report.round_trip_ms / 1000)
        level = self.ladder.level
        sent_bps = self._sent_bps(now_s)
        changed = self.ladder.report(report, now_s, sent_bps=sent_bps)
        if self.ladder.level > level and self.ladder.cause is Cause.DELAY and sent_bps is not None:
            self._drain(report.delay_ms / 1000)
        self._copies.report(report, self.ladder.loss, full_quality=self.ladder.level == 0, now_s=now_s)
        for sender, copied in ((self._video, self._copies.pictures), (self._audio, self._copies.sound)):
            if sender is not None:
                sender.copies = copied
        return changed

    def _sent_bps(self, now_s: float) -> float | None:
        """Since the last call; None on the own machine, where what waits is a viewer without a processor."""
        octets = self._octets()
        (octets_before, before_s), self._counted = self._counted, (octets, now_s)
        if self._video is None or not self._video.spread or now_s <= before_s:
            return None
        return (octets - octets_before) * 8 / (now_s - before_s)

    def _octets(self) -> int:
        return sum(sender.octets for sender in (self._video, self._audio) if sender is not None)

    def _told(self, message: ToStreamer) -> None:
        if isinstance(message, PathReport):
            self._reception = None  # it measures by itself, more often and more exactly
        self._events.control(self, message)

    def _received(self, reception: Reception) -> None:
        if self._reception is None:
            return
        report = self._reception.report(reception._replace(octets=self._octets()))
        if report is not None:
            self._events.control(self, report)

    def _drain(self, queue_s: float) -> None:
        if self._video is None or self.draining:
            return
        self._video.forget()
        self.draining, self.rendition, self.needs_key_frame = True, None, True
        asyncio.get_running_loop().call_later(min(queue_s, _LONGEST_DRAIN_S), self._drained)

    def _drained(self) -> None:
        self.draining = False
        if not self.gone.is_set():
            self._events.drained(self)

    def send_sound(self, packet: bytes, timestamp: int, *, first: bool) -> bool:
        """Send an Opus packet; ``first`` after silence. False when it could not be sent."""
        return self._audio is None or self._audio.send((packet,), timestamp, marker=first)

    @property
    def wants_pictures(self) -> bool:
        """Connected with a video section."""
        return self._video is not None

    @property
    def wants_sound(self) -> bool:
        """Connected with an audio section."""
        return self._audio is not None

    def _state_changed(self) -> None:
        state = self._peer.connectionState
        if state == "connected" and not self.settled.is_set():
            self._start_streams()
            self.settled.set()
            self._events.connected(self)
        elif state in {"failed", "closed"}:
            self.end()

    def _start_streams(self) -> None:
        self._counted = 0, asyncio.get_running_loop().time()
        for transceiver in self._peer.getTransceivers():
            if transceiver.currentDirection == "sendonly":
                self._start(transceiver)

    def _start(self, transceiver: RTCRtpTransceiver) -> None:
        sender = PushSender(transceiver, lambda: self._events.key_frame(self))
        if transceiver.kind == "video":
            sender.spread = not (self._large_packets and sender.on_this_machine)
            sender.on_reception = self._received
            self._video = sender
        else:
            self._audio = sender

    def _refuse(self, reason: str) -> None:
        log.warning("%s is refused: %s", self.label, reason)
        self.channels.refuse(reason)
        # Time for the words to arrive before the connection closes.
        asyncio.get_running_loop().call_later(0.5, self.end)
