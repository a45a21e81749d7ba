import re

from backend.api.metrics import Metrics
from backend.discovery.registry import Registry
from backend.discovery.source import Sighting, Synced, Upsert

NAMES = {
    "loco_instances",
    "loco_discovery_synced",
    "loco_discovery_revision",
    "loco_discovery_age_seconds",
    "loco_event_subscribers",
    "loco_event_overflows_total",
    "loco_http_requests_total",
    "loco_http_request_seconds",
    "loco_http_refused_origins_total",
    "loco_events_sent_total",
    "loco_events_ignored_total",
}


def test_the_names_are_these_and_each_is_explained() -> None:
    text = Metrics(Registry("test")).text().decode()
    helps = dict(re.findall(r"^# HELP (\S+) (.+)$", text, re.MULTILINE))
    assert {name for name in helps if not name.endswith("_created")} == NAMES
    assert all(helps.values())


def test_gauges_follow_the_registry() -> None:
    registry = Registry("test")
    metrics = Metrics(registry)
    registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC")))
    registry.apply(Synced(frozenset({"instance-0"})))
    text = metrics.text().decode()
    assert 'loco_instances{state="booting"} 1.0' in text
    assert 'loco_instances{state="ready"} 0.0' in text
    assert "loco_discovery_synced 1.0" in text
    assert "loco_discovery_revision 1.0" in text
