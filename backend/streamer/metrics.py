"""What Prometheus reads of a streamer. Every name is explained in ``docs/metrics.md``; a test holds it against this."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from backend.contract.status import GuestState, StreamerStatus
from backend.streamer.stage_times import SecondSummary

_Family = tuple[str, str, str, Mapping[str, float]]
"""Name, type, help, and values by labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFigures:
    """What the encoders do and how the ways to the viewers are."""

    renditions: Mapping[str, SecondSummary] = field(default_factory=dict)
    """The last second of each encoder, by its name."""
    rungs: Mapping[int, int] = field(default_factory=dict)
    """Viewers by their rung of the ladder; 0 is the best of their preference."""
    moves: int = 0
    """Changes of a viewer from one encoder to another."""
    retransmitted: int = 0
    """Video packets sent again."""
    loss: float = 0.0
    delay_ms: float = 0.0
    round_trip_ms: float = 0.0
    """Of the worst way, as its viewer last reported."""


def exposition(
    status: StreamerStatus, pictures: int, drops: Mapping[str, int], media: MediaFigures | None = None
) -> str:
    """The text format 0.0.4 of Prometheus.

    Args:
        status: how things stand.
        pictures: encoded since the start.
        drops: what was dropped since the start, by cause.
        media: of the encoders and the ways to the viewers.
    """
    media = media or MediaFigures()
    states = {f'{{state="{state}"}}': float(state is status.guest.state) for state in GuestState}
    causes = {f'{{cause="{cause}"}}': count for cause, count in drops.items()}
    families: tuple[_Family, ...] = (
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
        *_media_families(media),
    )
    return "".join(line for family in families for line in _lines(*family))


def _media_families(media: MediaFigures) -> Iterator[_Family]:
    seconds = {f'rendition="{name}"': second for name, second in media.renditions.items()}
    fps: dict[str, float] = {f"{{{label}}}": second.fps for label, second in seconds.items()}
    rates: dict[str, float] = {f"{{{label}}}": second.bit_rate_bps for label, second in seconds.items()}
    stages = {
        f'{{{label},stage="{stage}"}}': round(spent_ms / 1000, 6)
        for label, second in seconds.items()
        for stage, spent_ms in second.stages_ms.items()
    }
    rungs: dict[str, float] = {f'{{rung="{rung}"}}': count for rung, count in sorted(media.rungs.items())}
    yield "rendition_fps", "gauge", "Pictures of each encoder in the last second.", fps
    yield "rendition_bit_rate_bps", "gauge", "Bits of each encoder in the last second.", rates
    yield "stage_seconds", "gauge", "Mean time of a picture in each stage in the last second.", stages
    yield "viewers_by_rung", "gauge", "Viewers by their rung of the ladder of qualities.", rungs
    yield "rendition_moves_total", "counter", "Changes of a viewer to another encoder.", {"": media.moves}
    yield "retransmitted_packets_total", "counter", "Video packets sent again.", {"": media.retransmitted}
    yield "worst_loss_ratio", "gauge", "Loss on the worst way to a viewer.", {"": round(media.loss, 4)}
    delay_s, round_trip_s = round(media.delay_ms / 1000, 4), round(media.round_trip_ms / 1000, 4)
    yield "worst_queue_seconds", "gauge", "Delay beyond the best on the worst way to a viewer.", {"": delay_s}
    yield "worst_round_trip_seconds", "gauge", "Round trip on the longest way to a viewer.", {"": round_trip_s}


def _lines(name: str, kind: str, text: str, samples: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP loco_streamer_{name} {text}\n# TYPE loco_streamer_{name} {kind}\n"
    for labels, value in samples.items():
        yield f"loco_streamer_{name}{labels} {value}\n"
