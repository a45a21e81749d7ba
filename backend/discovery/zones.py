"""Who is near: instances in the zone of this backend, where zones are known.

An instance cannot be chosen by its zone, since a viewer wants this one and no other. What can be chosen is in which
order many are connected: after a start, those whose answers come soonest are followed first. Between backends, a
kiosk that is told its own zone takes one that announces the same, and ``trafficDistribution`` of the service has the
cluster take the near one.
Media never pass a backend.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from backend.contract.instance import Instance

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preference:
    """Which instances come first, and why."""

    near: frozenset[str]
    """Ids; all of them where no zone is a reason to prefer any."""
    reason: str


def prefer(zone: str, instances: Sequence[Instance]) -> Preference:
    """The instances of ``zone``, or all where that says nothing."""
    everybody = frozenset(instance.id for instance in instances)
    if not zone:
        return Preference(everybody, "the zone of this backend is not known: all instances are alike")
    near = frozenset(instance.id for instance in instances if instance.zone == zone)
    if not near:
        return Preference(everybody, f"no instance is known to be in zone {zone}: all are alike")
    if near == everybody:
        return Preference(everybody, f"all instances are in zone {zone}")
    return Preference(near, f"instances in zone {zone} come first, then the others")


class Zones:
    """Orders instances by nearness; tells the log each decision once."""

    def __init__(self, zone: str = "") -> None:
        self.zone = zone
        """Of this backend; empty while unknown."""
        self._told = ""

    def order(self, instances: Sequence[Instance]) -> list[Instance]:
        """The near ones first, each part by slot."""
        preference = prefer(self.zone, instances)
        if instances and preference.reason != self._told:
            self._told = preference.reason
            log.info("zones: %s", preference.reason)
        return sorted(instances, key=lambda instance: (instance.id not in preference.near, instance.slot))
