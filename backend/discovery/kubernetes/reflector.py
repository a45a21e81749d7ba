"""Keeps a copy of one resource: list, then watch, for ever."""

import enum
from collections.abc import Callable, Mapping
from typing import Any

from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.resource import Resource
from backend.discovery.kubernetes.statistics import Statistics


class Phase(enum.StrEnum):
    """How far the copy can be trusted."""

    INIT = "init"
    SYNCING = "syncing"
    """The first list is on its way."""
    LIVE = "live"
    STALE = "stale"


class Reflector:
    """A copy of one resource and how far it can be trusted. Threading: one event loop."""

    objects: Mapping[str, Mapping[str, Any]]
    """By ``metadata.uid``, in their newest state; read only."""
    phase: Phase
    reason: str
    """Why it is stale, in words; else empty."""
    confirmed_s: float
    """``time.monotonic()`` of the last proof that the copy is the truth; 0 before the first."""
    denied: bool
    """The API server refuses the resource (403) or does not have it (404), and not only while it starts."""
    received_s: float
    """``time.monotonic()`` when the bytes of the newest change arrived."""

    def __init__(
        self,
        api: KubeApi,
        resource: Resource,
        *,
        on_change: Callable[[], None],
        statistics: Statistics,
        limits: Limits = Limits(),  # noqa: B008 - immutable
    ) -> None:
        """``on_change`` is called once for all changes that arrived together, and when ``phase``, ``reason`` or
        ``denied`` changed."""
        raise NotImplementedError

    async def run(self) -> None:
        """For ever; a list every five minutes checks what the watch told."""
        raise NotImplementedError

    async def refresh(self) -> None:
        """List now; returns when ``objects`` has what was found.

        Raises:
            KubernetesError: the list failed.
        """
        raise NotImplementedError
