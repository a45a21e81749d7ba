import pylibsrtp
import pytest

from backend.streamer.srtp import Protector, take_long_packets

PACKET = bytes.fromhex("80e0000100000001000000ff") + b"picture" * 40


def policy(direction: int) -> pylibsrtp.Policy:
    return pylibsrtp.Policy(key=bytes(range(30)), ssrc_type=direction)


def session(direction: int) -> pylibsrtp.Session:
    return pylibsrtp.Session(policy(direction))


def test_a_protected_packet_is_what_pylibsrtp_itself_would_make() -> None:
    theirs = session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND).protect(PACKET)
    assert Protector(session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND))(PACKET) == theirs


@pytest.mark.parametrize("length", [1600, 60_000])
def test_long_packets_are_protected_too(length: int) -> None:
    packet = PACKET[:12] + bytes(length)
    receiver = session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
    take_long_packets(receiver)
    assert receiver.unprotect(Protector(session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND))(packet)) == packet


@pytest.mark.parametrize("packet", [b"", b"short", PACKET[:12] + bytes(66_000)])
def test_what_is_no_packet_is_refused_in_words(packet: bytes) -> None:
    with pytest.raises(pylibsrtp.Error, match="packet"):
        Protector(session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND))(packet)
