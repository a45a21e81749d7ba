"""``loco-vr``: settings, the feed, the headset, and an end in order. The kiosk starts it, or a person."""

import importlib
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import ModuleType

from backend.contract import logs
from backend.contract.errors import LocoError, SettingsError
from loco_kiosk.client.vr_ends import FeedEnds
from vr import exit_guard
from vr import settings as vr_settings
from vr.errors import FeedEndedError
from vr.feed.feed import Feed
from vr.feed.standalone import Standalone
from vr.patience import BAD_SETTINGS, EXIT_CODES, Status
from vr.settings import VrSettings

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the wearer leaves, the kiosk ends, a signal comes, or nothing can be done; returns the exit status."""
    try:
        settings = vr_settings.load(sys.argv[1:] if arguments is None else arguments)
    except SettingsError as error:
        return _last_word(str(error), BAD_SETTINGS)
    logs.configure("vr", settings.log_level, "json" if settings.log_format == "json" else "text")
    try:
        headset, wall = map(importlib.import_module, ("vr.headset", "vr.wall"))
    except (ImportError, OSError) as error:
        return _last_word(f"A package or library that VR needs is missing: {error}.", BAD_SETTINGS)
    status, sentence = _run(settings, headset, wall)
    code = EXIT_CODES[status]
    exit_guard.arm(code, sentence=sentence if code else "")
    return _last_word(sentence, code) if code else code


def _run(settings: VrSettings, headset: ModuleType, wall: ModuleType) -> tuple[Status, str]:
    try:
        with _signals() as stopping, _feed(settings) as feed:
            make_wall = partial(wall.WallLoop, feed=feed, settings=settings, memory=wall.Memory())
            status, sentence = headset.Headset(settings, feed, make_wall, stopping).run()
            feed.report_status(status.value, sentence)
            return status, sentence
    except FeedEndedError as error:
        # A kiosk that ends takes the headset along; nobody else would end a feed in order.
        kiosk = settings.feed_socket >= 0
        return (Status.STOPPED if kiosk else Status.FAILED), str(error)
    except (LocoError, OSError) as error:
        return Status.FAILED, str(error)
    except Exception as error:
        log.exception("VR stops")
        return Status.FAILED, f"VR stopped by a fault of its own ({error!r}). Start it again; its log has the details."


@contextmanager
def _feed(settings: VrSettings) -> Iterator[Feed]:
    """The kiosk's, or one of our own."""
    if settings.feed_socket < 0:
        own = Standalone(settings)
        try:
            yield own.feed
        finally:
            own.end()
        return
    ends = FeedEnds.inherited(settings.feed_socket, settings.feed_memory)
    feed = Feed(ends.near, ends.memory)
    ends.handed_over()
    try:
        yield feed
    finally:
        feed.close()


@contextmanager
def _signals() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM or SIGINT has come: the frame loop looks once a frame."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda n, _: came.append(n)) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        # A call of the runtime's own that a signal cuts short counts as its end there.
        signal.siginterrupt(number, False)
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _last_word(sentence: str, code: int) -> int:
    """Tell why it ends, as the last line on standard error: the kiosk reads it there."""
    sys.stderr.write(f"loco-vr: {sentence}\n")
    return code
