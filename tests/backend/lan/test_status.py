import json
import time
from ipaddress import IPv4Address

from backend.contract.lan import LanStatus, Layer2, PortKind, PortState
from backend.lan.settings import LanSettings
from backend.lan.status import lan_status
from backend.lan.switch import Switch
from tests.backend.lan.wires import Ear, frame, mac


def test_the_document_tells_ports_counters_and_pairs() -> None:
    switch = Switch(LanSettings(site="attic", rooms=("yard=*", "shed=8")))
    yard = switch.rooms["yard"]
    two, one = Ear(2), Ear(1)
    for port in (two, one):
        yard.room.add(port)
    now_s = time.monotonic()
    yard.room.forward(one, frame(1), now_s)
    yard.room.forward(two, frame(2, 1), now_s)
    yard.room.forward(one, b"short", now_s)
    yard.station.neighbours.hear(one, IPv4Address("192.168.98.10"), mac(1), now_s)
    document = json.loads(json.dumps(lan_status(switch, now_s + 2).to_json()))
    status = LanStatus.from_json(document)
    assert (status.site, [room.name for room in status.rooms]) == ("attic", ["yard", "shed"])
    first, second = status.rooms[0].ports
    assert (first.number, first.kind, first.state, first.heard_age_s) == (1, PortKind.DGRAM, PortState.UP, 2.0)
    assert (first.frames_in, first.frames_out, first.bytes_in) == (1, 1, 60)
    assert (first.macs, first.addresses) == (("02:4c:4f:43:00:00",), ("192.168.98.10",))
    assert (first.drops, first.broadcasts) == ({"too_short": 1}, {"loco": 1})
    assert (second.frames_in, second.frames_out) == (1, 1)
    (pair,) = status.rooms[0].pairs
    assert (pair.a, pair.b, pair.layer2, pair.frames_ab, pair.frames_ba) == (1, 2, Layer2.EXPECTED, 1, 1)
    assert status.rooms[1].network == "192.168.98.0/24"


def test_a_port_that_never_spoke_has_no_age() -> None:
    switch = Switch(LanSettings(addresses=""))
    switch.stream_port("instance-0")
    (room,) = lan_status(switch, time.monotonic()).rooms
    assert (room.network, room.ports[0].heard_age_s, room.ports[0].state) == ("", -1.0, PortState.DOWN)
