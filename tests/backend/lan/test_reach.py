from backend.contract.lan import DirectPlay, Layer2, PairReach
from backend.lan.reach import RECENT_S, Reach
from backend.lan.room import Room
from tests.backend.lan.wires import Ear, frame


class Lan:
    def __init__(self) -> None:
        self.room = Room("lan")
        self.ports = [Ear(number) for number in (2, 1, 3)]
        for port in self.ports:
            self.room.add(port)
        self.reach = Reach(self.room)

    def say(self, port: Ear, *frames: bytes, now_s: float) -> None:
        for each in frames:
            self.room.forward(port, each, now_s)
        self.reach.sample(now_s)

    def pair(self, a: int, b: int, now_s: float) -> PairReach:
        return next(pair for pair in self.reach.pairs(now_s) if (pair.a, pair.b) == (a, b))


def test_each_pair_stands_once_with_the_lower_number_first() -> None:
    assert [(pair.a, pair.b) for pair in Lan().reach.pairs(1000.0)] == [(1, 2), (1, 3), (2, 3)]


def test_a_pair_is_proven_by_a_conversation_and_only_for_a_while() -> None:
    lan = Lan()
    two, one, _ = lan.ports
    lan.say(one, frame(1), now_s=1000.0)
    lan.say(two, frame(2, 1), now_s=1001.0)
    assert lan.pair(1, 2, 1001.0).layer2 is Layer2.EXPECTED
    lan.say(one, frame(1, 2), now_s=1002.0)
    assert lan.pair(1, 2, 1002.0).layer2 is Layer2.PROVEN
    assert lan.pair(1, 2, 1002.0 + RECENT_S).layer2 is Layer2.SILENT
    assert (lan.pair(1, 2, 1002.0).frames_ab, lan.pair(1, 2, 1002.0).frames_ba) == (2, 1)


def test_broadcasts_alone_prove_nothing() -> None:
    lan = Lan()
    two, one, _ = lan.ports
    lan.say(one, frame(1), now_s=1000.0)
    lan.say(two, frame(2), now_s=1000.0)
    assert lan.pair(1, 2, 1001.0).layer2 is Layer2.EXPECTED


def test_a_port_that_is_unplugged_or_blocked_is_down() -> None:
    lan = Lan()
    two, one, three = lan.ports
    two.set_connected(False)
    three.block(2000.0, "A loop.")
    assert [pair.layer2 for pair in lan.reach.pairs(1000.0)] == [Layer2.DOWN] * 3
    three.unblock()
    assert lan.pair(1, 3, 1000.0).layer2 is Layer2.SILENT
    assert one.heard_s == 0.0


def test_of_two_answers_about_directplay_the_lesser_stands() -> None:
    lan = Lan()
    two, one, three = lan.ports
    one.directplay, two.directplay, three.directplay = DirectPlay.OPEN, DirectPlay.OPEN, DirectPlay.SILENT
    assert [pair.directplay for pair in lan.reach.pairs(1.0)] == [DirectPlay.OPEN, DirectPlay.SILENT, DirectPlay.SILENT]
