import json
from dataclasses import replace

from backend.contract.instance import InstanceState
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.condition import UNKNOWN, Condition
from backend.discovery.entry import Entry, shown
from backend.discovery.source import Sighting

SIGHTING = Sighting(
    id="instance-3",
    slot=3,
    name="PC 4",
    description="By the window",
    addresses=("10.0.0.1",),
    port=8481,
    zone="a",
    node="n",
)


def entry() -> Entry:
    return Entry(SIGHTING, shown(SIGHTING, UNKNOWN, since=1.0, last_seen=2.0), ready_s=9.0)


def test_readers_are_told_all_of_a_sighting_and_its_condition() -> None:
    told = shown(SIGHTING, Condition(InstanceState.DEGRADED, "It hangs.", 20), since=1.0, last_seen=2.0)
    assert (told.id, told.slot, told.name, told.description) == ("instance-3", 3, "PC 4", "By the window")
    assert (told.state, told.reason, told.health) == (InstanceState.DEGRADED, "It hangs.", 20)
    assert (told.addresses, told.port, told.zone, told.node) == (("10.0.0.1",), 8481, "a", "n")
    assert (told.since, told.last_seen) == (1.0, 2.0)


def test_the_json_is_made_once_and_anew_for_each_change() -> None:
    one = entry()
    first = one.json
    assert one.json is first
    one.show(replace(one.instance, name="Harbour"))
    assert json.loads(one.json)["name"] == "Harbour"


def test_another_pod_address_or_port_is_another_streamer_and_another_name_is_not() -> None:
    one = entry()
    assert not one.replaced_by(replace(SIGHTING, name="Harbour", state=InstanceState.READY))
    for change in ({"incarnation": "new"}, {"addresses": ("10.0.0.2",)}, {"port": 1}):
        assert one.replaced_by(replace(SIGHTING, **change))


def test_nothing_speaks_for_what_has_vanished() -> None:
    one = entry()
    one.condition = UNKNOWN
    one.status = StreamerStatus(instance="instance-3", guest=GuestReport(GuestState.RUNNING))
    one.vanish(5.0)
    assert one.vanished
    assert not any((one.condition, one.status))
