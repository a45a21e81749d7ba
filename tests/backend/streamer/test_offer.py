import functools

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.control import LARGE_PACKETS, PIXEL_EXACT
from backend.streamer.errors import OfferError, UnsupportedError
from backend.streamer.offer import read_fragment, read_offer

CANDIDATE = "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host"


def good_offer() -> str:
    return _OFFER.format()


# As aiortc 1.16 writes it, shortened to one section of each kind.
_TRANSPORT = (
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32) + "\r\na=setup:actpass\r\n"
)
_OFFER = (
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 99\r\nc=IN IP4 0.0.0.0\r\na=recvonly\r\na=mid:0\r\na=rtcp-mux\r\n"
    "a=rtpmap:99 H264/90000\r\na=fmtp:99 packetization-mode=1;profile-level-id=42e01f\r\n"
    + _TRANSPORT
    + "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=recvonly\r\na=mid:1\r\na=rtcp-mux\r\n"
    "a=rtpmap:96 opus/48000/2\r\n"
    + _TRANSPORT
    + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=sctp-port:5000\r\n"
    + _TRANSPORT
)


def test_a_good_offer_is_read() -> None:
    offer = read_offer(good_offer())
    assert (offer.kinds, offer.username, offer.large_packets) == (("video", "audio"), "abcd", False)


def test_a_viewer_may_say_that_it_takes_large_packets() -> None:
    session, _, sections = good_offer().partition("m=")
    assert read_offer(f"{session}{LARGE_PACKETS}\r\nm={sections}").large_packets
    assert not read_offer(f"{session}m={sections}{LARGE_PACKETS}\r\n").large_packets


def test_a_viewer_may_say_that_it_decodes_pixel_exact_pictures() -> None:
    session, _, sections = good_offer().partition("m=")
    assert read_offer(f"{session}{PIXEL_EXACT}\r\nm={sections}").pixel_exact
    assert not read_offer(good_offer()).pixel_exact


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        ("BUNDLE 0", "BUNDLE 7 0", OfferError, "does not have"),
        ("a=ice-ufrag:abcd\r\n", "", OfferError, "ICE user name"),
        ("a=fingerprint", "a=x", OfferError, "fingerprint"),
        ("sha-256", "md5", UnsupportedError, "SHA-256"),
        ("a=mid:0\r\n", "", OfferError, "a=mid"),
        ("a=mid:1", "a=mid:0", OfferError, "same a=mid"),
        ("BUNDLE 0 1 2", "BUNDLE 0", UnsupportedError, "BUNDLE"),
        ("m=audio", "m=video", UnsupportedError, "one video"),
        ("a=sctp-port:5000\r\n", "", OfferError, "sctp-port"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read_offer(good_offer().replace(old, new))


async def test_the_offer_of_the_library_is_read() -> None:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", "recvonly")
    peer.createDataChannel("keys")
    await peer.setLocalDescription()
    assert read_offer(peer.localDescription.sdp).kinds == ("video",)
    await peer.close()


@given(st.integers(0, len(_OFFER)))
def test_a_truncated_offer_is_read_or_refused_in_words(length: int) -> None:
    _read_or_refuse(good_offer()[:length])


@given(st.data())
def test_a_mutated_offer_is_read_or_refused_in_words(data: st.DataObject) -> None:
    lines = good_offer().split("\r\n")
    for _ in range(data.draw(st.integers(1, 5))):
        index = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "text", "cut"]))
        if change == "drop" and len(lines) > 1:
            del lines[index]
        elif change == "double":
            lines.insert(index, lines[index])
        elif change == "text":
            lines[index] = lines[index][:2] + data.draw(st.text(max_size=20))
        else:
            lines[index] = lines[index][: data.draw(st.integers(0, len(lines[index])))]
    _read_or_refuse("\r\n".join(lines))


@given(st.text())
def test_any_text_is_refused_in_words(text: str) -> None:
    _read_or_refuse(text)


def _read_or_refuse(text: str) -> None:
    try:
        read_offer(text)
    except (OfferError, UnsupportedError) as error:
        assert str(error).endswith(".")


def test_a_fragment_is_read() -> None:
    fragment = read_fragment(f"a=ice-ufrag:abcd\r\nm=video 9 X 0\r\na=mid:0\r\n{CANDIDATE}\r\na=end-of-candidates\r\n")
    assert (fragment.username, fragment.complete) == ("abcd", True)
    (candidate,) = fragment.candidates
    assert (candidate.ip, candidate.port, candidate.sdpMid) == ("192.0.2.1", 5000, "0")


@pytest.mark.parametrize("text", [CANDIDATE, "a=mid:0\na=candidate:x", "a=mid:0\n" + f"{CANDIDATE}\n" * 65])
def test_a_malformed_fragment_is_refused(text: str) -> None:
    with pytest.raises(OfferError):
        read_fragment(text)


@given(st.text() | st.text().map(functools.partial(str.__add__, "a=mid:0\na=candidate:")))
def test_any_fragment_is_read_or_refused(text: str) -> None:
    try:
        read_fragment(text)
    except OfferError as error:
        assert str(error)
