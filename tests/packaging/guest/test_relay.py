"""The Ethernet of the guests' tests."""

import contextlib
import socket
from collections.abc import Iterator

from tests.packaging.guest.relay import Cable, Relay, Trouble
from tests.packaging.guest.yard_protocol import GROUP, Kind, Message


@contextlib.contextmanager
def plugged(cable: Cable) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(str(cable.guest))
        end.settimeout(5)
        yield end


def hello(cable: Cable, to: bytes = GROUP) -> bytes:
    return Message(kind=Kind.HELLO, sender=cable.address, to=to).encode()


def test_a_frame_reaches_all_others_until_its_place_is_known(relay: Relay) -> None:
    cables = [relay.cable(number) for number in (1, 2, 3)]
    with plugged(cables[0]) as one, plugged(cables[1]) as two, plugged(cables[2]) as three:
        one.sendto(hello(cables[0]), str(cables[0].relay))
        assert two.recv(100) == three.recv(100) == hello(cables[0])
        to_one = hello(cables[1], cables[0].address)
        two.sendto(to_one, str(cables[1].relay))
        two.sendto(hello(cables[1]), str(cables[1].relay))
        assert [one.recv(100), one.recv(100)] == [to_one, hello(cables[1])]
        assert three.recv(100) == hello(cables[1])
    assert [message.to for message in relay.messages()] == [GROUP, cables[0].address, GROUP]


def test_frames_are_lost_doubled_and_late(relay: Relay) -> None:
    here, there = relay.cable(1), relay.cable(2)
    relay.trouble = Trouble(lost=0.3, doubled=0.3, late=0.5, late_s=0.1)
    with plugged(here) as one, plugged(there) as two:
        sent = [Message(kind=Kind.ASK, sender=here.address, id=number).encode() for number in range(200)]
        for frame in sent:
            one.sendto(frame, str(here.relay))
        two.settimeout(0.5)
        came = []
        with contextlib.suppress(TimeoutError):
            while True:
                came.append(two.recv(100))
    assert len(set(came)) < len(sent)
    assert len(came) > len(set(came))
    order = [sent.index(frame) for frame in came]
    assert order != sorted(order)
    assert len(came) == len(sent) - relay.happened["lost"] + relay.happened["doubled"] - relay.happened["nobody there"]


def test_nothing_passes_a_cut_cable(relay: Relay) -> None:
    here, there, elsewhere = (relay.cable(number) for number in (1, 2, 3))
    relay.cut = frozenset({there})
    with plugged(here) as one, plugged(there) as two, plugged(elsewhere) as three:
        one.sendto(hello(here), str(here.relay))
        assert three.recv(100) == hello(here)
        relay.cut = frozenset()
        again = hello(here, there.address)
        one.sendto(again, str(here.relay))
        assert two.recv(100) == again
