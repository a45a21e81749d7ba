"""``loco-kiosk``: puts the program together, starts it in stages that the window shows, and stops it in reverse.

The only module that names qasync: the GUI thread's event loop is Qt's, and finder and embedded backend run in it.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import qasync  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtGui import QGuiApplication

from backend.contract import logs
from backend.contract.errors import LocoError
from loco_kiosk import settings
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.kiosk import Kiosk
from loco_kiosk.launch.display import require_display
from loco_kiosk.settings import Loaded
from loco_kiosk.ui import qt_messages
from loco_kiosk.ui.window import use_fonts

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the kiosk; returns the exit code: 0 for a wished end, 1 for a fault or a failed check."""
    try:
        loaded = settings.load(sys.argv[1:] if arguments is None else arguments)
        logs.configure("kiosk", loaded.kiosk.log_level, "json" if loaded.kiosk.log_format == "json" else "text")
        hotkeys = Hotkeys(loaded.kiosk.hotkeys())
        require_display(os.environ)
        return _run(loaded, hotkeys)
    except LocoError as error:
        print(f"loco-kiosk: {error}", file=sys.stderr)
    except Exception as error:
        log.debug("the kiosk failed", exc_info=True)
        print(
            f"loco-kiosk stopped by a fault of its own ({type(error).__name__}: {error}). "
            "Start it with --log-level debug to see where.",
            file=sys.stderr,
        )
    return 1


def _run(loaded: Loaded, hotkeys: Hotkeys) -> int:
    # Qt waits 5 ms before a software redraw in case more changes come; ours come together already.
    os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
    qt_messages.install()
    application = QGuiApplication(["loco-kiosk"])
    application.setQuitOnLastWindowClosed(False)
    use_fonts()
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        kiosk = Kiosk(loaded, hotkeys)
        for number in (signal.SIGINT, signal.SIGTERM):
            # Python runs the handler between two instructions of this thread; the window's tick makes sure of some.
            signal.signal(number, lambda *_: kiosk.end(0))
        running = loop.create_task(kiosk.run())
        try:
            return int(loop.run_until_complete(running))
        except RuntimeError:
            if running.done():
                raise
            _end_without_display(kiosk)


def _end_without_display(kiosk: Kiosk) -> NoReturn:
    """Qt ends its loop when the window system goes away; to take windows down after that would crash."""
    kiosk.abandon()
    print(
        "loco-kiosk: The display went away, so the kiosk ended. Start it again once the display is back.",
        file=sys.stderr,
    )
    sys.stderr.flush()
    os._exit(1)
