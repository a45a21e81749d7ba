import pylibsrtp
import pytest

from loco_kiosk.media.srtp import Unprotector

PACKET = bytes.fromhex("80e0000100000001000000ff") + b"picture" * 40


def session(direction: int) -> pylibsrtp.Session:
    return pylibsrtp.Session(pylibsrtp.Policy(key=bytes(range(30)), ssrc_type=direction))


def sender() -> pylibsrtp.Session:
    return session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)


def unprotector() -> Unprotector:
    return Unprotector(session(pylibsrtp.Policy.SSRC_ANY_INBOUND))


def test_a_packet_comes_out_as_it_went_in() -> None:
    assert unprotector()(sender().protect(PACKET)) == PACKET


def test_forged_and_replayed_packets_are_refused() -> None:
    protected = sender().protect(PACKET)
    unprotect = unprotector()
    with pytest.raises(pylibsrtp.Error):
        unprotect(protected[:-1] + bytes([protected[-1] ^ 1]))
    unprotect(protected)
    with pytest.raises(pylibsrtp.Error):
        unprotect(protected)


@pytest.mark.parametrize("size", [0, 5, 12, 1501, 65_507])
def test_garbage_of_any_size_is_refused(size: int) -> None:
    with pytest.raises(pylibsrtp.Error):
        unprotector()(b"\x80" * size)
