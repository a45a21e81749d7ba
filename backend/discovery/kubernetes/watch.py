"""One watch, from its request to its end."""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import aclosing

from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.errors import ConnectionLostError
from backend.discovery.kubernetes.resource import Resource


class Watch:
    """Followed once. Threading: one event loop."""

    def __init__(self, api: KubeApi, resource: Resource, version: str, longest_s: float) -> None:
        """From ``version`` on, until the server ends it after 0.8 to 1 of ``longest_s``: not all end together."""
        self._api = api
        self._resource = resource
        self._accepted_s: float | None = None
        self._stopped = asyncio.timeout(None)
        self._parameters = {
            **resource.selectors,
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(round(longest_s * random.uniform(0.8, 1.0))),  # noqa: S311 - spreads load
        }

    @property
    def age_s(self) -> float:
        """Since the server accepted it; 0 before."""
        return 0.0 if self._accepted_s is None else time.monotonic() - self._accepted_s

    def stop(self) -> None:
        """End it: :meth:`follow` raises."""
        if not self._stopped.expired():
            self._stopped.reschedule(asyncio.get_running_loop().time())

    async def follow(self, accepted: Callable[[], None], take: Callable[[list[bytes]], None]) -> None:
        """Call ``accepted`` when the server has begun to answer, then ``take`` with lines that arrived together.

        Raises:
            KubernetesError: it failed, was stopped, or the server was silent for too long.
        """
        try:
            async with self._stopped:
                stream = self._api.stream(self._resource.path, self._parameters, resource=self._resource.name)
                async with aclosing(stream) as bursts:
                    async for lines in bursts:
                        if self._accepted_s is None:
                            self._accepted_s = time.monotonic()
                            accepted()
                        else:
                            take(lines)
        except TimeoutError as error:
            raise ConnectionLostError("the API server stopped answering") from error
