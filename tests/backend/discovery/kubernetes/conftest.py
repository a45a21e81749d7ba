"""What the tests of this room share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.fakes.kube_api.objects import pod
from tests.fakes.kube_api.server import KubeApiServer, serving


@asynccontextmanager
async def three_pods() -> AsyncIterator[KubeApiServer]:
    """A pretended API server with three ready pods."""
    async with serving() as running:
        for ordinal in range(3):
            await running.cluster.put("pods", pod(ordinal))
        yield running


@pytest.fixture
async def server() -> AsyncIterator[KubeApiServer]:
    """The same, for one test."""
    async with three_pods() as running:
        yield running
