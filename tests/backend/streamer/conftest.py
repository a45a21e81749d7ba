import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web

from backend.contract.tasks import TaskScope
from backend.streamer.http import application
from backend.streamer.settings import StreamerSettings
from backend.streamer.streamer import Streamer
from backend.streamer.synthetic import SyntheticGuest
from backend.streamer.viewer import Viewer
from tests.backend.streamer.textbook_viewer import TextbookViewer


@dataclass
class Served:
    """A streamer with a synthetic guest behind real HTTP."""

    base: str
    streamer: Streamer
    guest: SyntheticGuest


async def serve(settings: StreamerSettings, scope: TaskScope) -> tuple[Served, web.AppRunner]:
    streamer = Streamer(settings, SyntheticGuest)
    scope.spawn(streamer.run(), "run")
    runner = web.AppRunner(application(streamer), shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    assert isinstance(streamer.guest, SyntheticGuest)
    return Served(f"http://{host}:{port}", streamer, streamer.guest), runner


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    scope = TaskScope("test streamer")
    settings = StreamerSettings(media_addresses=("127.0.0.1",), max_viewers=4)
    one, runner = await serve(settings, scope)
    yield one
    await scope.close()
    await runner.cleanup()


def served_viewer(served: Served, viewer: TextbookViewer) -> Viewer:
    """The streamer's side of a viewer."""
    found = served.streamer.viewer(viewer.location.rpartition("/")[2])
    assert found is not None
    return found


async def settle(served: Served, viewer: TextbookViewer) -> None:
    """Hold the picture still and wait until the viewer has all of it."""
    served.guest.fps = 0
    size = -1
    while size != len(viewer.frames):
        size = len(viewer.frames)
        await asyncio.sleep(0.15)
