"""The proof that nothing is missed: a full list now and then, compared with what the watch told."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from backend.discovery.kubernetes.errors import KubernetesError
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.statistics import ResourceStatistics
from backend.discovery.kubernetes.store import Listing, Store

log = logging.getLogger(__name__)


class Checker:
    """Compares every five minutes. Threading: one event loop."""

    def __init__(
        self,
        store: Store,
        fetch: Callable[[], Awaitable[Listing]],
        watch: Callable[[], object | None],
        *,
        limits: Limits,
        counters: ResourceStatistics,
        on_drift: Callable[[], None],
    ) -> None:
        """Made for one copy.

        Args:
            store: the copy.
            fetch: a full list; raises :class:`KubernetesError`.
            watch: the watch that is open and trusted now, or None.
            limits: times.
            counters: where lists and drift are counted.
            on_drift: called when the copy had to be corrected.
        """
        self._store = store
        self._fetch = fetch
        self._watch = watch
        self._limits = limits
        self._counters = counters
        self._on_drift = on_drift

    async def run(self, name: str) -> None:
        """Check until cancelled; ``name`` is for the log."""
        while True:
            await asyncio.sleep(self._limits.relist_s * random.uniform(0.9, 1.1))  # noqa: S311 - spreads load
            try:
                drift = await self.check()
            except KubernetesError as error:
                log.info("%s: the checking list failed: %s", name, error)
                continue
            if drift:
                log.error("%s: the watch had not told %d changes: %s", name, len(drift), sorted(drift)[:3])

    async def check(self) -> set[str]:
        """Identities of what the watch had not told some seconds after a full list had it; they are corrected.

        Raises:
            KubernetesError: the list failed.
        """
        watch = self._watch()
        with self._store.touched() as touched:
            listing = await self._fetch()
            self._counters.lists += 1
            await asyncio.sleep(self._limits.relist_settle_s)
        if watch is None or watch is not self._watch():
            return set()  # a watch that broke off is catching up, or a list did
        drift = self._store.differing(listing) - touched
        if drift:
            self._counters.drift += len(drift)
            self._store.correct(listing, drift)
            self._on_drift()
        return drift
