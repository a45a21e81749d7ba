import logging

import pytest

from backend.contract.instance import Instance, InstanceState
from backend.discovery.zones import Zones, prefer


def instance(slot: int, zone: str) -> Instance:
    return Instance(id=f"instance-{slot}", slot=slot, name="PC", state=InstanceState.READY, zone=zone)


WALL = [instance(0, "b"), instance(1, "a"), instance(2, ""), instance(3, "a")]


def test_the_instances_of_the_own_zone_come_first_and_all_others_after() -> None:
    assert prefer("a", WALL).near == {"instance-1", "instance-3"}
    assert [each.slot for each in Zones("a").order(WALL)] == [1, 3, 0, 2]


@pytest.mark.parametrize("zone", ["", "c"])
def test_without_a_known_or_inhabited_zone_all_are_alike(zone: str) -> None:
    assert prefer(zone, WALL).near == {each.id for each in WALL}
    assert [each.slot for each in Zones(zone).order(WALL)] == [0, 1, 2, 3]


def test_a_decision_is_told_once_until_it_changes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    zones = Zones("a")
    for _ in range(3):
        zones.order(WALL)
    zones.order(WALL[:1])
    assert [record.getMessage() for record in caplog.records] == [
        "zones: instances in zone a come first, then the others",
        "zones: no instance is known to be in zone a: all are alike",
    ]
