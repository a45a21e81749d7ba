"""What the UI shows of the machines' network. Apart from its client, which takes a fifth of a second to import."""

from dataclasses import dataclass

from backend.contract.lan import LanStatus


@dataclass(frozen=True, slots=True)
class LanView:
    """The network as last told."""

    status: LanStatus | None = None
    """None until it was told once."""
    reason: str = ""
    """Why the status is old or missing, a sentence; empty where it is fresh."""
