import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.local.nursery import Nursery

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment() -> dict[str, str]:
    """Of children: they find the packages and the stand-in."""
    return dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])}


@pytest.fixture
async def nursery(environment: dict[str, str]) -> AsyncIterator[Nursery]:
    nursery = Nursery("stand_in_streamer", environment)
    yield nursery
    await nursery.close()
