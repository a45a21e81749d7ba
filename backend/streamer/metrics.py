"""What Prometheus reads of a streamer. Every name is explained in ``docs/metrics.md``; a test holds it against this."""

from collections.abc import Iterator, Mapping

from backend.contract.status import GuestState, StreamerStatus


def exposition(status: StreamerStatus, pictures: int, drops: Mapping[str, int]) -> str:
    """The text format 0.0.4 of Prometheus.

    Args:
        status: how things stand.
        pictures: encoded since the start.
        drops: what was dropped since the start, by cause.
    """
    states = {f'{{state="{state}"}}': float(state is status.guest.state) for state in GuestState}
    causes = {f'{{cause="{cause}"}}': count for cause, count in drops.items()}
    families = (
        ("viewers", "gauge", "Viewers that are connected.", {"": status.viewers}),
        ("guest_state", "gauge", "1 for the state of the guest, 0 for others.", states),
        (
            "picture_age_seconds",
            "gauge",
            "Since the guest changed its picture; -1 for never.",
            {"": status.picture_age_s},
        ),
        ("fps", "gauge", "Pictures encoded in the last second.", {"": status.fps}),
        ("audio_dbfs", "gauge", "Loudness of the guest.", {"": status.audio_dbfs}),
        ("uptime_seconds", "gauge", "Since the streamer started.", {"": status.uptime_s}),
        ("pictures_total", "counter", "Pictures encoded.", {"": pictures}),
        ("drops_total", "counter", "What was thrown away, by cause.", causes),
    )
    return "".join(line for family in families for line in _lines(*family))


def _lines(name: str, kind: str, text: str, samples: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP loco_streamer_{name} {text}\n# TYPE loco_streamer_{name} {kind}\n"
    for labels, value in samples.items():
        yield f"loco_streamer_{name}{labels} {value}\n"
