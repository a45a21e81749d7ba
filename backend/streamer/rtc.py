"""How connections are set up: the place, with ``push_sender.py``, where private names of the libraries are touched.

Of aiortc 1.16 and aioice 0.13; ``test_rtc.py`` watches all of them and fails when one moves. Here:

- ``RTCPeerConnection``: ``__certificates``; ``RTCCertificate``: ``_create_ssl_context``
- ``RTCRtpTransceiver``: ``_codecs``, ``_headerExtensions``; ``RTCIceTransport``: ``_connection``
- ``aioice.Connection``: ``data_received``, ``get_component_candidates``
- ``RTCSctpTransport``: ``_t3_expired``, ``_rto``
- ``aiortc.rtcsctptransport.SCTP_RTO_MIN``, ``aioice.ice.CONSENT_INTERVAL`` and ``CONSENT_FAILURES``
"""

import asyncio
import functools
from collections.abc import Callable, Sequence
from typing import Any, Final

import aioice.ice
import aiortc.clock
import aiortc.rtcsctptransport
from aiortc import (
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpSender,
    RTCRtpTransceiver,
)
from aiortc.mediastreams import MediaStreamTrack
from OpenSSL import SSL

PINNED: Final = {"aiortc": "1.16", "aioice": "0.13"}
_SCTP_RTO_LIMIT_S = 2.0
_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"
"""With forward secrecy all of them; the last two are for old peers, as aiortc has them."""


def tune() -> None:
    """Set the library's constants for this process; call once, before the first connection."""
    # A lost message on an otherwise silent association is repeated after this time, not after a second.
    aiortc.rtcsctptransport.SCTP_RTO_MIN = 0.05  # type: ignore[assignment]  # declared int by its first value
    # Consent (RFC 7675) is lost after about 10 s instead of 30: a vanished viewer must not keep the keyboard. Where a
    # tenth of all packets is lost, a fifth of the checks is: four in a row happen every half an hour, seven never.
    aioice.ice.CONSENT_INTERVAL = 1
    aioice.ice.CONSENT_FAILURES = 7


class IdleTrack(MediaStreamTrack):
    """A track that never delivers: pictures and sound go past it."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    async def recv(self) -> Any:  # noqa: ANN401 - the base class names no type
        """Wait until the sender is stopped."""
        await asyncio.Event().wait()


def connection(ice_servers: Sequence[str], username: str, credential: str) -> RTCPeerConnection:
    """A peer connection without the library's default, a public STUN server with a timeout of 5 s."""
    servers = [RTCIceServer([url], username or None, credential or None) for url in ice_servers]
    peer = RTCPeerConnection(RTCConfiguration(iceServers=servers))
    for certificate in vars(peer)["_RTCPeerConnection__certificates"]:
        make = certificate._create_ssl_context
        certificate._create_ssl_context = functools.partial(_context_for_any_peer, make)
    return peer


def _context_for_any_peer(make: Callable[..., SSL.Context], srtp_profiles: Any) -> SSL.Context:  # noqa: ANN401 - theirs
    """aiortc shakes hands with certificates of elliptic curves only; those of GStreamer up to 1.22 are RSA."""
    context = make(srtp_profiles=srtp_profiles)
    context.set_cipher_list(_CIPHERS)
    return context


def prefer(transceiver: RTCRtpTransceiver) -> None:
    """Offer only what the streamer encodes: constrained baseline H.264 in fragments, with RTX; Opus."""
    wanted = ("video/h264", "video/rtx") if transceiver.kind == "video" else ("audio/opus",)
    codecs = [
        codec for codec in RTCRtpSender.getCapabilities(transceiver.kind).codecs if codec.mimeType.lower() in wanted
    ]
    codecs.sort(key=lambda codec: codec.parameters.get("profile-level-id") != "42e01f")
    transceiver.setCodecPreferences(codecs)


def slim(transceiver: RTCRtpTransceiver) -> None:
    """Leave out of the answer what the push path does not do: header extensions and bandwidth estimates."""
    transceiver._headerExtensions = []
    for codec in transceiver._codecs:
        codec.rtcpFeedback = [feedback for feedback in codec.rtcpFeedback if feedback.type == "nack"]


def back_off_data_channels(peer: RTCPeerConnection) -> None:
    """Double the retransmission timer of data channels at each expiry (RFC 9260, section 6.3.3).

    WORKAROUND (aiortc 1.16): it never backs off, and with so short a timer two starved processes would bury each other
    in retransmissions. The next measured round trip resets the timer.
    """
    sctp = peer.sctp
    if sctp is None:
        return
    expire = sctp._t3_expired

    def back_off_and_expire() -> None:
        sctp._rto = min(_SCTP_RTO_LIMIT_S, 2 * sctp._rto)
        expire()

    sctp._t3_expired = back_off_and_expire  # type: ignore[method-assign]  # on the instance, on purpose


def gather_on(peer: RTCPeerConnection, addresses: Sequence[str]) -> None:
    """Gather host candidates on ``addresses``; where empty, on all but loopback, or on loopback where that is all."""
    for connection in _ice_connections(peer):
        gather = connection.get_component_candidates
        connection.get_component_candidates = functools.partial(_gather, gather, tuple(addresses))


def refuse_empty_datagrams(peer: RTCPeerConnection, on_empty: Callable[[], None]) -> None:
    """Keep empty datagrams from aiortc 1.16, whose DTLS transport reads their first byte and dies of it.

    Anybody who guesses the port could end a session with one.
    """
    for connection in _ice_connections(peer):
        connection.data_received = functools.partial(_pass_on, connection.data_received, on_empty)


def _pass_on(take: Callable[[bytes, int], None], on_empty: Callable[[], None], data: bytes, component: int) -> None:
    if data:
        take(data, component)
    else:
        on_empty()


def _ice_connections(peer: RTCPeerConnection) -> list[Any]:
    transports = {transceiver.sender.transport.transport for transceiver in peer.getTransceivers()}
    if peer.sctp is not None:
        transports.add(peer.sctp.transport.transport)
    return [transport._connection for transport in transports]


async def _gather(gather: Any, wanted: tuple[str, ...], *, component: int, addresses: list[str]) -> Any:  # noqa: ANN401
    return await gather(component=component, addresses=list(wanted) or addresses or ["127.0.0.1"])
