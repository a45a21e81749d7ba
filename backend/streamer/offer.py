"""SDP offers and trickle fragments, checked before aiortc acts on them.

aiortc's parser trusts its input and fails in many ways, some of them only later, in a background task.
"""

from collections import Counter
from dataclasses import dataclass

from aiortc import RTCIceCandidate
from aiortc.sdp import MediaDescription, SessionDescription, candidate_from_sdp

from backend.contract.control import LARGE_PACKETS, PIXEL_EXACT
from backend.streamer.errors import OfferError, UnsupportedError

_DIGESTS = {"sha-256", "sha-384", "sha-512"}
_MOST_CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Offer:
    """A viewer's offer that can be answered."""

    sdp: str
    kinds: tuple[str, ...]
    """Media kinds in order, without ``application``."""
    username: str
    """ICE username fragment; another one in a later fragment means an ICE restart."""
    large_packets: bool
    """See :data:`backend.contract.control.LARGE_PACKETS`."""
    pixel_exact: bool
    """See :data:`backend.contract.control.PIXEL_EXACT`."""


@dataclass(frozen=True, slots=True)
class TrickleFragment:
    """Body of a WHEP PATCH (RFC 8840)."""

    username: str | None
    candidates: tuple[RTCIceCandidate, ...]
    complete: bool


def read_offer(sdp: str) -> Offer:
    """Check an offer.

    Raises:
        OfferError: it is malformed or lacks something.
        UnsupportedError: it is well formed, but asks for what the streamer does not do.
    """
    try:
        description = SessionDescription.parse(sdp)
    except Exception as error:
        # The parser raises whatever its slicing and indexing raise.
        raise OfferError(f"The offer is not SDP that can be read ({type(error).__name__}: {error}).") from error
    if not description.media:
        raise OfferError("The offer has no media section; offer to receive video.")
    for media in description.media:
        _check_transport(media)
    _check_kinds(description)
    username = description.media[0].ice.usernameFragment if description.media[0].ice else None
    kinds = tuple(media.kind for media in description.media if media.kind != "application")
    session_lines = sdp.partition("m=")[0].splitlines()
    return Offer(sdp, kinds, username or "", LARGE_PACKETS in session_lines, PIXEL_EXACT in session_lines)


def _check_transport(media: MediaDescription) -> None:
    if media.ice is None or not media.ice.usernameFragment or not media.ice.password:
        raise OfferError(f"The {media.kind} section of the offer has no ICE user name and password.")
    if media.dtls is None or not media.dtls.fingerprints:
        raise OfferError(f"The {media.kind} section of the offer has no DTLS fingerprint.")
    if not any(fingerprint.algorithm.lower() in _DIGESTS for fingerprint in media.dtls.fingerprints):
        raise UnsupportedError("The offer's DTLS fingerprint must be SHA-256, SHA-384 or SHA-512.")
    if not media.rtp.muxId:
        raise OfferError(f"The {media.kind} section of the offer has no a=mid.")
    if media.kind == "application" and (media.sctp_port is None and not media.sctpmap):
        raise OfferError("The application section of the offer has no a=sctp-port.")


def _check_kinds(description: SessionDescription) -> None:
    counts = Counter(media.kind for media in description.media)
    for kind, count in counts.items():
        if kind not in {"video", "audio", "application"}:
            raise UnsupportedError(f"The streamer has video, audio and data channels, but no {kind!r:.30}.")
        if count > 1:
            raise UnsupportedError(f"The streamer has one {kind} stream, but the offer asks for {count}.")
    mids = [media.rtp.muxId for media in description.media]
    bundled = {mid for group in description.group if group.semantic == "BUNDLE" for mid in group.items}
    if len(set(mids)) != len(mids):
        raise OfferError("Two sections of the offer have the same a=mid.")
    if not bundled.issubset(mids):
        raise OfferError("The a=group:BUNDLE of the offer names a section that the offer does not have.")
    if len(mids) > 1 and not bundled.issuperset(mids):
        raise UnsupportedError("The offer must put all its sections into one a=group:BUNDLE.")


def read_fragment(text: str) -> TrickleFragment:
    """Read a trickle fragment.

    Raises:
        OfferError: it is malformed.
    """
    username: str | None = None
    mid: str | None = None
    candidates: list[RTCIceCandidate] = []
    complete = False
    for line in text.splitlines():
        name, _, value = line.strip().partition(":")
        if name == "a=ice-ufrag":
            username = value
        elif name == "a=mid":
            mid = value
        elif name == "a=end-of-candidates":
            complete = True
        elif name == "a=candidate":
            candidates.append(_candidate(value, mid))
    if len(candidates) > _MOST_CANDIDATES:
        raise OfferError(f"A fragment may have {_MOST_CANDIDATES} candidates, not {len(candidates)}.")
    return TrickleFragment(username, tuple(candidates), complete)


def _candidate(value: str, mid: str | None) -> RTCIceCandidate:
    try:
        candidate = candidate_from_sdp(value)
    except (ValueError, IndexError, KeyError, AssertionError) as error:
        raise OfferError(f"'{value:.80}' is not an ICE candidate.") from error
    if mid is None:
        raise OfferError("A candidate must follow the a=mid of its media section.")
    candidate.sdpMid = mid
    return candidate
