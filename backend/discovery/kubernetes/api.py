"""Requests to the API server: raw JSON over one pool of connections."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from backend.discovery.kubernetes.statistics import Statistics


class KubeApi:
    """One pool of connections to one API server. Threading: one event loop. Close it, or use it as a context."""

    namespace: str
    """Of the pod, or of the kubeconfig's context; ``default`` where neither says."""
    server: str
    """URL, for people."""

    @classmethod
    async def load(
        cls, statistics: Statistics, *, kubeconfig: Path | None = None, context: str = "", strict_tls: bool = False
    ) -> "KubeApi":
        """Find the cluster: the kubeconfig that is named, else the pod's service account, else the usual kubeconfig.

        Raises:
            ClusterConfigError: none of them is there or usable; the text says what to set.
        """
        raise NotImplementedError

    async def get(self, path: str, params: Mapping[str, str], *, resource: str, verb: str) -> dict[str, Any]:
        """One JSON object.

        Raises:
            ApiStatusError: the server answered with an error.
            ConnectionLostError: it did not answer in full or in time.
            GarbledError: its answer is not a JSON object.
        """
        raise NotImplementedError

    def stream(self, path: str, params: Mapping[str, str], *, resource: str) -> AsyncIterator[list[bytes]]:
        """The lines of a watch, as they arrive: complete lines that arrived together come as one list."""
        raise NotImplementedError

    async def close(self) -> None:
        """End all connections."""
        raise NotImplementedError

    async def __aenter__(self) -> "KubeApi":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
