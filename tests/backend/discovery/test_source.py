from pathlib import Path
from typing import get_args

from backend.discovery.registry import Registry
from backend.discovery.source import InstanceSource, Remove, Sighting, SourceEvent, Synced, Unavailable, Upsert
from backend.discovery.static_file import StaticFile
from backend.local.cluster import Cluster
from backend.local.plan import ClusterPlan


def test_the_sources_fit_the_seam(tmp_path: Path) -> None:
    sources: list[InstanceSource] = [
        StaticFile(tmp_path / "wall.toml"),
        Cluster(ClusterPlan(machines=(), state_root=tmp_path, parallel_starts=1)),
    ]
    assert [source.mode for source in sources] == ["static", "local"]


def test_the_registry_takes_every_kind_of_event() -> None:
    events: dict[type, SourceEvent] = {
        Upsert: Upsert(Sighting(id="instance-0", slot=0, name="PC 1")),
        Synced: Synced(frozenset({"instance-0"})),
        Unavailable: Unavailable("The file is gone."),
        Remove: Remove("instance-0"),
    }
    assert set(events) == set(get_args(SourceEvent))
    registry = Registry("test")
    for event in events.values():
        registry.apply(event)
    assert (registry.revision, registry.trouble) == (2, "The file is gone.")
