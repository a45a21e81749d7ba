from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from backend.contract.lan import PortKind, PortState
from backend.lan.frame import BROADCAST, MAXIMUM_BYTES, MINIMUM_BYTES
from backend.lan.mac_table import AGEING_S
from backend.lan.port import Port
from backend.lan.room import BLOCK_S, FLAPS_BURST, Room
from tests.backend.lan.wires import Ear, frame, mac


class Host:
    mac = b"\x02LOC\xff\xff"

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def hear(self, port: Port, frame: bytes) -> None:
        self.heard.append(frame)


def room(*ports: Ear) -> Room:
    lan = Room("lan", Host())
    for port in ports:
        lan.add(port)
    return lan


def say(lan: Room, port: Port, *frames: bytes, now_s: float = 1.0) -> None:
    for each in frames:
        lan.forward(port, each, now_s)


def heard(ports: Sequence[Ear]) -> list[int]:
    return [len(port.heard) for port in ports]


def test_a_broadcast_reaches_everybody_but_its_sender() -> None:
    ports = [Ear(number) for number in (1, 2, 3)]
    say(room(*ports), ports[0], frame(1))
    assert heard(ports) == [0, 1, 1]
    assert ports[0].broadcasts == {"loco": 1}


def test_a_multicast_reaches_everybody_too() -> None:
    ports = [Ear(number) for number in (1, 2, 3)]
    say(room(*ports), ports[1], frame(2, b"\x01\0\x5e\0\0\x01"))
    assert heard(ports) == [1, 0, 1]


def test_a_frame_for_one_goes_to_one_as_soon_as_it_has_spoken() -> None:
    ports = [Ear(number) for number in (1, 2, 3)]
    lan = room(*ports)
    say(lan, ports[0], frame(1, 2))
    assert heard(ports) == [0, 1, 1]
    say(lan, ports[1], frame(2, 1))
    say(lan, ports[0], frame(1, 2))
    assert heard(ports) == [1, 2, 1]
    assert lan.conversed[0][1] == lan.conversed[1][0] == 1
    assert lan.taken[0] == [0, 2, 1]


def test_an_address_that_aged_is_looked_for_everywhere_again() -> None:
    ports = [Ear(number) for number in (1, 2, 3)]
    lan = room(*ports)
    say(lan, ports[1], frame(2))
    lan.tick(2.0 + AGEING_S)
    say(lan, ports[0], frame(1, 2), now_s=2.0 + AGEING_S)
    assert heard(ports) == [1, 1, 2]


def test_a_frame_to_ones_own_side_is_not_sent_back() -> None:
    ports = [Ear(1, max_macs=2), Ear(2)]
    lan = room(*ports)
    say(lan, ports[0], frame(1), frame(7), frame(1, 7))
    assert heard(ports) == [0, 2]
    assert ports[0].drops == {"own_side": 1}


def test_an_unplugged_port_costs_nobody_anything() -> None:
    ports = [Ear(1), Ear(2)]
    ports[1].set_connected(False)
    say(room(*ports), ports[0], frame(1))
    assert heard(ports) == [0, 0]
    assert not ports[1].drops


def test_frames_of_impossible_length_are_refused_and_counted() -> None:
    ports = [Ear(1), Ear(2)]
    lan = room(*ports)
    long = frame(1, BROADCAST, bytes(MAXIMUM_BYTES - 14))
    say(lan, ports[0], b"", frame(1)[: MINIMUM_BYTES - 1], frame(1)[:MINIMUM_BYTES], long, long + b"!")
    assert heard(ports) == [0, 2]
    assert ports[0].drops == {"too_short": 2, "too_long": 1}


@given(st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=1600)), max_size=30))
def test_any_bytes_are_forwarded_whole_or_dropped_by_cause(frames: list[tuple[int, bytes]]) -> None:
    ports = [Ear(number, max_macs=4) for number in (1, 2, 3)]
    lan = room(*ports)
    for index, data in frames:
        lan.forward(ports[index], data, 1.0)
    sent = [data for _, data in frames]
    assert all(data in sent for port in ports for data in port.heard)
    assert sum(port.frames_in + sum(port.drops.values()) for port in ports) >= len(frames)
    assert len(lan.table.entries) <= 12


def test_a_guest_may_speak_with_its_own_address_only() -> None:
    ports = [Ear(1, own=True), Ear(2, own=True), Ear(3)]
    lan = room(*ports)
    say(lan, ports[0], frame(1), frame(2), frame(9))
    assert ports[0].drops == {"foreign_source": 2}
    say(lan, ports[2], frame(1))
    assert ports[2].drops == {"foreign_source": 1}
    assert lan.table.entries[mac(1)].port is ports[0]


def test_a_source_that_is_a_group_is_refused() -> None:
    ports = [Ear(1), Ear(2)]
    say(room(*ports), ports[0], frame(BROADCAST))
    assert ports[0].drops == {"group_source": 1}


def test_a_port_cannot_fill_the_table() -> None:
    ports = [Ear(1, max_macs=3), Ear(2)]
    lan = room(*ports)
    say(lan, ports[0], *(frame(number) for number in range(10, 30)))
    assert len(lan.table.entries) == 3
    assert ports[0].drops == {"too_many_sources": 17}


def test_a_machine_may_move_to_another_port() -> None:
    ports = [Ear(1), Ear(2), Ear(3)]
    lan = room(*ports)
    say(lan, ports[0], frame(1))
    say(lan, ports[1], frame(1))
    say(lan, ports[2], frame(3, 1))
    assert lan.flaps == 1
    assert heard(ports) == [1, 2, 2]


def test_an_address_that_moves_to_and_fro_is_a_loop_and_blocks_the_port() -> None:
    ports = [Ear(1), Ear(2), Ear(3)]
    lan = room(*ports)
    for _ in range(int(2 * FLAPS_BURST)):
        say(lan, ports[0], frame(1))
        say(lan, ports[1], frame(1))
    blocked = [port for port in ports if port.state is PortState.BLOCKED]
    assert len(blocked) == 1
    assert "loop" in blocked[0].reason
    assert blocked[0].drops["blocked"] > 0
    lan.tick(1.0 + BLOCK_S)
    assert blocked[0].state is PortState.UP


def test_a_frame_of_the_switch_itself_that_comes_back_is_a_loop() -> None:
    ports = [Ear(1), Ear(2)]
    lan = room(*ports)
    say(lan, ports[0], frame(Host.mac))
    assert ports[0].state is PortState.BLOCKED
    assert heard(ports) == [0, 0]


def test_a_guest_that_pretends_to_be_the_switch_is_not_blocked_but_not_believed() -> None:
    ports = [Ear(1, own=True), Ear(2)]
    say(room(*ports), ports[0], frame(Host.mac), frame(1))
    assert ports[0].drops == {"loop": 1}
    assert heard(ports) == [0, 1]


def test_a_storm_of_broadcasts_is_cut_and_leaves_other_frames_alone() -> None:
    ports = [Ear(1), Ear(2)]
    lan = room(*ports)
    ports[0].limit(broadcasts_per_s=10, mbit_s=0)
    say(lan, ports[1], frame(2))
    say(lan, ports[0], *[frame(1)] * 100)
    assert ports[0].drops == {"storm": 80}
    say(lan, ports[0], frame(1, 2))
    assert heard(ports) == [1, 21]
    say(lan, ports[0], *[frame(1)] * 100, now_s=1.5)
    assert ports[0].drops == {"storm": 175}


def test_a_port_has_a_rate_of_its_own() -> None:
    ports = [Ear(1), Ear(2)]
    lan = room(*ports)
    say(lan, ports[1], frame(2))
    ports[0].limit(broadcasts_per_s=0, mbit_s=1)
    full = frame(1, 2, bytes(1500))
    say(lan, ports[0], *[full] * 100)
    assert ports[0].drops["rate"] == 100 - 65_536 // len(full)
    say(lan, ports[1], frame(2, 1))
    assert not ports[1].drops


def test_a_full_port_drops_for_itself_alone() -> None:
    ports = [Ear(1), Ear(2, room=3), Ear(3)]
    lan = room(*ports)
    say(lan, ports[0], *[frame(1)] * 10)
    assert heard(ports) == [0, 3, 10]
    assert (ports[1].drops, ports[1].frames_out) == ({"full": 7}, 3)
    assert lan.taken[0] == [0, 3, 10]


def test_nothing_goes_from_link_to_link() -> None:
    links = [Ear(10_001, kind=PortKind.LINK, max_macs=9), Ear(10_002, kind=PortKind.LINK, max_macs=9)]
    guest = Ear(1)
    lan = room(guest, *links)
    say(lan, links[0], frame(5))
    assert heard([guest, *links]) == [1, 0, 0]
    say(lan, links[1], frame(6), frame(6, 5))
    assert heard([guest, *links]) == [2, 0, 0]
    assert links[1].drops == {"own_side": 1}
    say(lan, guest, frame(1))
    assert heard([guest, *links]) == [2, 1, 1]


def test_a_link_cannot_take_a_local_guests_address() -> None:
    guest, link = Ear(1, own=True), Ear(10_001, kind=PortKind.LINK, max_macs=9)
    lan = room(guest, link)
    say(lan, link, frame(1))
    assert link.drops == {"foreign_source": 1}


def test_the_switchs_own_host_hears_broadcasts_and_what_is_for_it() -> None:
    ports = [Ear(1), Ear(2)]
    lan = room(*ports)
    say(lan, ports[0], frame(1), frame(1, Host.mac), frame(1, 2))
    assert isinstance(lan.station, Host)
    assert lan.station.heard == [frame(1), frame(1, Host.mac)]
    assert heard(ports) == [0, 2]


def test_guests_of_different_rooms_never_hear_each_other() -> None:
    here, there = [Ear(1), Ear(2)], [Ear(3), Ear(4)]
    yard, attic = room(*here), room(*there)
    say(attic, there[0], frame(3))
    say(yard, here[0], frame(1), frame(1, 3), frame(1, 4))
    assert heard(here) == [0, 3]
    assert heard(there) == [0, 1]


def test_a_tap_sees_what_comes_in_and_what_goes_out() -> None:
    ports = [Ear(1), Ear(2)]
    lan = room(*ports)
    seen: list[tuple[int, bool]] = []

    def tap(port: Port, _frame: bytes, came_in: bool) -> None:
        seen.append((port.number, came_in))

    lan.taps.append(tap)
    say(lan, ports[0], frame(1), b"no frame")
    assert seen == [(1, True), (2, False)]
