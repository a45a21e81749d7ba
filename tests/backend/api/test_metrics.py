import re
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from backend.api.lan_source import LanSource
from backend.api.metrics import Metrics
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.kubernetes.statistics import ApiCall, Statistics
from backend.discovery.pool import StreamerPool
from backend.discovery.registry import Registry
from backend.discovery.source import Sighting, Synced, Upsert
from backend.streamer.metrics import MediaFigures, exposition
from backend.streamer.stage_times import SecondSummary

DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (.*?) ?\| (.+) \|$", re.MULTILINE)
OF_HISTOGRAMS = {"le"}


def busy() -> Metrics:
    """Metrics in which every family has a sample."""
    registry, statistics = Registry("test"), Statistics()
    registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC"), received_s=0.0))
    registry.apply(Synced(frozenset({"instance-0"})))
    statistics.of("pods").drift += 2
    statistics.called(ApiCall("pods", "list", "200", 0.012))
    metrics = Metrics(registry, statistics, StreamerPool(), LanSource())
    metrics.requests.labels("/x", "GET", "200").inc()
    metrics.request_seconds.labels("/x").observe(0.01)
    return metrics


def streamer() -> str:
    status = StreamerStatus(instance="instance-0", guest=GuestReport(GuestState.RUNNING), viewers=2)
    second = SecondSummary(30.0, 900_000, {"encode": 0.7})
    media = MediaFigures(renditions={"640x480 4:2:0 q20 34 fps": second}, rungs={0: 2})
    return exposition(status, 12, {"slow_viewer": 3}, media)


def documented(start: str, end: str) -> dict[str, tuple[str, set[str]]]:
    text = DOCUMENT.read_text(encoding="utf-8")
    part = text[text.index(start) : text.index(end)]
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels, _ in ROW.findall(part)}


def real(text: str) -> Iterator[tuple[str, tuple[str, set[str]]]]:
    for family in text_string_to_metric_families(text):
        name = family.name + ("_total" if family.type == "counter" else "")
        labels = {label for sample in family.samples for label in sample.labels} - OF_HISTOGRAMS
        assert family.documentation, name
        yield name, (family.type, labels)


def test_the_document_and_the_backend_agree_on_names_types_and_labels() -> None:
    assert documented("## Backend", "## Streamer") == dict(real(busy().text().decode()))


def test_the_document_and_the_streamer_agree_on_names_types_and_labels() -> None:
    assert documented("## Streamer", "## Worth") == dict(real(streamer()))


def test_alerts_are_about_what_there_is() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    known = documented("## Backend", "## Worth").keys()
    named = re.findall(r"\bloco_\w+", text[text.index("## Worth") :])
    assert {name.removesuffix("_bucket") for name in named} <= known


def test_names_are_as_prometheus_wants_them() -> None:
    for name, (kind, _) in documented("## Backend", "## Worth").items():
        assert (kind == "counter") == name.endswith("_total"), name
        assert not re.search(r"_(ms|us|milliseconds|kib|mib)\b", name), name
