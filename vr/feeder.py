"""``python -m vr.feeder``: feeds a VR process that stands alone, from sessions of its own.

Started by :mod:`vr.feed.standalone` with settings of ``loco-vr``. What is wrong is told over the socket, in words.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence

import uvloop

from backend.contract import logs
from backend.contract.control import Tier
from backend.contract.errors import LocoError, SettingsError
from backend.contract.tasks import END_OF_SESSION, LoopErrors
from loco_kiosk.client import finder
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.taps import Taps
from loco_kiosk.client.tile import TileView
from loco_kiosk.client.vr_ends import FeedEnds
from loco_kiosk.client.vr_feed import VrFeed
from loco_kiosk.client.vr_messages import FromVr, SoundState
from loco_kiosk.client.wall import Wall
from loco_kiosk.media.audio_receiver import SAMPLE_RATE_HZ
from loco_kiosk.media.mixer import Mixer
from vr import settings as vr_settings
from vr.settings import VrSettings

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 2.0
_METER_S = 0.04
NO_WALL = (
    "No wall answers on the network; still looking. Start loco-kiosk or loco-backend, or name one with --backend and "
    "its address."
)
"""Shown in the headset until one answers."""
NOT_LOOKING = (
    "Name a backend with --backend and its address, or let loco-vr look for one on the network with --zeroconf."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Feed until the VR process hangs up; the exit code is 0 then, 1 for a fault."""
    try:
        settings = vr_settings.load(sys.argv[1:] if arguments is None else arguments)
        logs.configure("vr-feeder", settings.log_level, "json" if settings.log_format == "json" else "text")
        if settings.feed_socket < 0:
            print("vr.feeder: it is started by loco-vr, not by hand.", file=sys.stderr)
            return 2
        uvloop.run(Feeder(settings).run())
    except (LocoError, OSError) as error:
        print(f"vr.feeder: {error}", file=sys.stderr)
        return 1
    return 0


class Feeder:
    """One wall, for one headset. Threading: one event loop."""

    def __init__(self, settings: VrSettings) -> None:
        self._settings = settings
        self._mixer = Mixer()
        self._taps = Taps()
        self._wall: Wall | None = None
        self._feed = VrFeed(
            FeedEnds.inherited(settings.feed_socket, settings.feed_memory),
            taps=self._taps,
            mixer=self._mixer,
            wall=lambda: self._wall,
            on_message=self._message,
        )

    async def run(self) -> None:
        """Until the VR process hangs up, or SIGTERM."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(LoopErrors(*END_OF_SESSION))
        self._feed.set_sound(
            SoundState(self._settings.volume / 100, muted=self._settings.muted, mono=self._settings.mono)
        )
        async with asyncio.TaskGroup() as tasks:
            others = [
                tasks.create_task(self._show_wall(), name="wall"),
                tasks.create_task(self._meter(), name="meters"),
            ]
            feeding = tasks.create_task(self._feed.run(), name="feed")
            loop.add_signal_handler(signal.SIGTERM, feeding.cancel)
            feeding.add_done_callback(lambda _: [other.cancel() for other in others])

    async def _show_wall(self) -> None:
        try:
            await self._run_wall(await self._find())
        except LocoError as error:
            self._feed.stop(str(error))
        except Exception as error:
            log.exception("the wall ended")
            self._feed.stop(f"The wall broke down: {error}.")

    async def _run_wall(self, url: str) -> None:
        log.info("the backend is at %s", url)
        self._wall = Wall(
            url,
            sink=self._taps.sink,
            mixer=self._mixer,
            viewer_name=self._settings.own_name(),
            on_tiles=self._tiles,
            on_backend=self._backend,
        )
        await self._wall.run()

    async def _find(self) -> str:
        settings = self._settings
        if not settings.backend and not (settings.zeroconf and settings.find_timeout_s):
            raise SettingsError(NOT_LOOKING)
        log.info("looking for a wall")
        while True:
            found = await finder.find(
                configured=settings.backend,
                zeroconf=settings.zeroconf,
                timeout_s=settings.find_timeout_s,
                wanted=settings.wall,
            )
            if found:
                break
            log.warning("%s", NO_WALL)
            self._feed.show_notice(NO_WALL)
            await asyncio.sleep(_LOOK_AGAIN_S)
        chosen = finder.choose(found, settings.wall)
        if chosen.name != settings.wall and len(found) > 1:
            log.warning("%s", finder.told_choice(chosen, found))
        return chosen.url

    def _tiles(self, tiles: tuple[TileView, ...]) -> None:
        assert self._wall is not None
        # There is no window: what the headset does not show, nobody sees.
        self._wall.set_tiers({tile.id: Tier.HIDDEN for tile in tiles})
        self._feed.show_tiles(tiles)

    def _backend(self, view: BackendView) -> None:
        if not view.connected and view.reason:
            self._feed.show_notice(f"The backend at {view.url} does not answer. {view.reason} Still trying.")
        elif view.connected:
            self._feed.show_notice("")

    def _message(self, message: FromVr) -> None:
        log.debug("%s", message)

    async def _meter(self) -> None:
        """Nobody plays the mix here, but its levels are shown."""
        while True:
            await asyncio.sleep(_METER_S)
            self._mixer.pull(round(_METER_S * SAMPLE_RATE_HZ))


if __name__ == "__main__":
    sys.exit(main())
