"""How well instances serve their viewers: ``GET /api/quality`` and ``GET /api/instances/{id}/quality``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.contract.instance import InstanceState
from backend.contract.status import StreamerStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Health of one instance, with the figures behind it."""

    id: str
    state: InstanceState
    score: int
    """0 (dead) to 100 (all well)."""
    reasons: tuple[str, ...] = ()
    """What is missing to 100, as sentences for a person; the worst first."""
    status: StreamerStatus | None = None
    """What its streamer said last; None while nobody speaks for it."""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "id": self.id,
            "state": self.state.value,
            "score": self.score,
            "reasons": list(self.reasons),
            "streamer": self.status.to_json() if self.status else None,
        }


def quality_of_wall(instances: Sequence[Quality]) -> dict[str, Any]:
    """What ``/api/quality`` says of the wall: as well as its instances on average; ``worst`` names the sickest.

    A wall without instances scores 0: it shows nothing.
    """
    scores = [each.score for each in instances]
    worst = min(instances, key=lambda each: each.score, default=None)
    return {
        "score": round(sum(scores) / len(scores)) if scores else 0,
        "worst": worst.id if worst else None,
    }
