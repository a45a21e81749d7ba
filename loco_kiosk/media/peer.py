"""The viewer's end of one WebRTC connection: video, audio and the three data channels."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)

from backend.contract.control import (
    CONTROL_CHANNEL,
    KEYS_CHANNEL,
    LARGE_PACKETS,
    PIXEL_EXACT,
    POINTER_CHANNEL,
    PathReport,
)
from backend.contract.tasks import TaskScope, within
from loco_kiosk.media import rtc
from loco_kiosk.media.audio_receiver import AudioReceiver, Pcm
from loco_kiosk.media.errors import PeerError
from loco_kiosk.media.insistence import Insistence
from loco_kiosk.media.path_meter import PathMeter
from loco_kiosk.media.video_receiver import Picture, VideoReceiver

log = logging.getLogger(__name__)

_REPORT_S = 1.0
_CONNECT_S = 20.0
"""An unreachable streamer is noticed by ICE after about 6 s; the rest is for two overloaded machines."""
_CLOSE_S = 2.0
_MOST_AGAIN = 8
"""Messages at once; more wait for SCTP, which knows how to behave where the way is jammed."""
_MAX_BUFFERED_BYTES = 64 * 1024
"""A data channel that holds more is stuck: several thousand key presses."""


class Peer:
    """Made for one session and closed after it; never reused. Threading: one event loop."""

    def __init__(
        self,
        *,
        on_picture: Callable[[Picture], None],
        on_sound: Callable[[Pcm, bool], None],
        on_message: Callable[[str | bytes], None],
        ice_servers: Sequence[RTCIceServer] = (),
        relay_only: bool = False,
        decoder_device: str | None = None,
    ) -> None:
        """Build the connection; no I/O yet.

        Args:
            on_picture: each decoded picture.
            on_sound: each decoded piece of sound, and whether it continues the one before.
            on_message: each message of the ``control`` channel.
            ice_servers: STUN and TURN servers. None by default: streamers are reached directly, and aiortc's own
                default is a public server with a time-out of 5 s.
            relay_only: offer the TURN server's addresses alone.
            decoder_device: hardware that decodes; None: the processor.
        """
        self.ended = asyncio.Event()
        """Set when the connection failed or was closed by the other side."""
        self._scope = TaskScope("peer")
        configuration = RTCConfiguration(
            iceServers=list(ice_servers),
            iceTransportPolicy=RTCIceTransportPolicy.RELAY if relay_only else RTCIceTransportPolicy.ALL,
            bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
        )
        self._connection = RTCPeerConnection(configuration)
        self.video = VideoReceiver(self, on_picture, decoder_device=decoder_device)
        self.audio = AudioReceiver(on_sound)
        self._path = PathMeter()
        self._video_rtc = self._add_video()
        self._audio_rtc = rtc.InlineReceiver(
            self._connection.addTransceiver("audio", direction="recvonly"), self.audio.received
        )
        self._keys = self._connection.createDataChannel(KEYS_CHANNEL)
        self._pointer = self._connection.createDataChannel(POINTER_CHANNEL, ordered=False, maxRetransmits=0)
        self._control = self._connection.createDataChannel(CONTROL_CHANNEL)
        self._control.on("message", on_message)
        rtc.hasten_data_channels(self._connection)
        self.insistence = Insistence(self._say_again, lambda: rtc.data_round_trip_s(self._connection))
        if not relay_only:
            rtc.gather_loopback_too(rtc.ice_connection(self._connection))
        self._connection.on("connectionstatechange", self._state_changed)

    async def offer(self) -> str:
        """The SDP offer, with all candidates.

        Raises:
            PeerError: no socket can be opened, or the relay alone may be used and gives no address.
        """
        try:
            await self._connection.setLocalDescription()
        except OSError as error:
            raise PeerError(f"This machine opens no UDP socket for media ({error.strerror or error}).") from error
        if "a=candidate" not in self._connection.localDescription.sdp:
            raise PeerError("The relay gives no address: it does not answer, or refuses the backend's credentials.")
        # Header extensions are left out: nothing here reads them, and each costs the sender time per packet.
        lines = self._connection.localDescription.sdp.splitlines()
        lines = [line for line in lines if not line.startswith("a=extmap:")]
        first_section = next(index for index, line in enumerate(lines) if line.startswith("m="))
        lines[first_section:first_section] = [LARGE_PACKETS, PIXEL_EXACT]
        return "\r\n".join(lines) + "\r\n"

    async def accept(self, answer: str, timeout_s: float = _CONNECT_S) -> None:
        """Take the SDP answer and wait until the data channels are open.

        Raises:
            PeerError: the answer cannot be used, or no connection came about in time.
        """
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        except Exception as error:  # aiortc's SDP parser lets any of a dozen kinds escape
            raise PeerError(f"The streamer's answer cannot be used ({type(error).__name__}: {error}).") from error
        opened = asyncio.Event()
        self._control.on("open", opened.set)
        if self._control.readyState == "open":
            opened.set()
        await self._opened_or_ended(opened, timeout_s)
        self._scope.spawn(self._report(), "receiver reports")

    def send_control(self, text: str) -> bool:
        """Send on ``control``; False when it could not be sent."""
        return self._send(self._control, text)

    def send_key(self, message: bytes) -> bool:
        """Send on ``keys``; False when it could not be sent."""
        sent = self._send(self._keys, message)
        if sent:
            self.insistence.sent()
        return sent

    def send_pointer(self, message: bytes) -> bool:
        """Send on ``pointer``; False when it could not be sent."""
        return self._send(self._pointer, message)

    def request_packets(self, ssrc: int, sequences: Sequence[int]) -> None:
        """Feedback of the video receiver."""
        self._scope.spawn(self._video_rtc.nack(ssrc, sequences), "NACK")

    def request_key_frame(self, ssrc: int) -> None:
        """Feedback of the video receiver."""
        self._scope.spawn(self._video_rtc.pli(ssrc), "PLI")

    def path_report(self, round_trip_us: int | None, now_us: int) -> PathReport | None:
        """What the way did since the last call; None where there is nothing to tell. Call it four times a second."""
        video = self.video.statistics
        return self._path.report(
            expected=video.expected,
            received=video.packets,
            octets=video.octets + self.video.repair_octets + self.audio.statistics.octets,
            transit_us=video.take_least_transit_us(),
            round_trip_us=round_trip_us,
            now_us=now_us,
        )

    def unreadable_packets(self) -> int:
        """Packets that SRTP refused."""
        return rtc.unreadable_packets(self._connection)

    async def close(self) -> None:
        """End the connection and everything that belongs to it."""
        self.video.close()
        self.insistence.close()
        self.ended.set()
        await self._scope.close()
        try:
            await within(_CLOSE_S, self._connection.close())
        except (TimeoutError, ConnectionError) as error:
            log.warning("a WebRTC connection was not closed in order (%s)", str(error) or "it took too long")
        finally:
            rtc.close_sockets(self._connection)

    def _add_video(self) -> rtc.InlineReceiver:
        transceiver = self._connection.addTransceiver("video", direction="recvonly")
        capabilities = RTCRtpReceiver.getCapabilities("video")
        assert capabilities is not None
        wanted = ("video/h264", "video/rtx")
        transceiver.setCodecPreferences([codec for codec in capabilities.codecs if codec.mimeType.lower() in wanted])
        return rtc.InlineReceiver(transceiver, self.video.received, self.video.start)

    async def _opened_or_ended(self, opened: asyncio.Event, timeout_s: float) -> None:
        waits = [
            self._scope.spawn(opened.wait(), "data channels open"),
            self._scope.spawn(self.ended.wait(), "connection ends"),
        ]
        try:
            await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if self.ended.is_set():
            raise PeerError("The streamer cannot be reached by UDP; check the network between it and this machine.")
        if not opened.is_set():
            raise PeerError(f"No media connection to the streamer within {timeout_s:.0f} s.")

    def _state_changed(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self.ended.set()

    def _send(self, channel: RTCDataChannel, message: str | bytes) -> bool:
        # A channel stays "open" for a moment after its transport has gone; aiortc would log a traceback later.
        if self.ended.is_set() or channel.readyState != "open" or channel.bufferedAmount > _MAX_BUFFERED_BYTES:
            return False
        channel.send(message)
        return True

    def _say_again(self) -> bool:
        chunks = rtc.unacknowledged(self._connection)[:_MOST_AGAIN]
        if chunks and not self.ended.is_set():
            self._scope.spawn(rtc.send_again(self._connection, chunks), "keys again")
        return bool(chunks)

    async def _report(self) -> None:
        while True:
            # RFC 3550, section 6.2: half to one and a half of the interval, so that many receivers spread out.
            await asyncio.sleep(_REPORT_S * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
            for receiver, statistics in (
                (self._video_rtc, self.video.statistics),
                (self._audio_rtc, self.audio.statistics),
            ):
                if (report := statistics.report()) is not None:
                    await receiver.receiver_report(report)
