"""Settings of the wall in the headset: the table ``[vr]``, its flags and its environment variables."""

import os
import platform
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.contract import settings as contract
from backend.contract.errors import SettingsError
from backend.contract.settings import setting

SECTION = "vr"
_DESCRIPTION = "Shows the wall of emulated PCs in a VR headset, by OpenXR."
_EPILOG = "Without --backend it looks for a backend on the network; loco-kiosk --vr starts guests of its own."


@dataclass(frozen=True, slots=True, kw_only=True)
class VrSettings:
    """Everything that the VR program can be told."""

    backend: str = setting(
        "",
        "address of the backend, such as http://wall.local:8480; without it one is looked for",
        metavar="URL",
        group="machines",
    )
    zeroconf: bool = setting(True, "look for a backend on the local network where none is named")
    find_timeout_s: float = setting(2.0, "seconds to look on the network", minimum=0, maximum=60)
    wall: str = setting("", "name of the wall to show where several answer on the network")
    viewer_name: str = setting("", "name that others see beside the screen that you play; empty: this machine's name")

    graphics: str = setting(
        "auto",
        "how pictures reach the headset; auto takes Vulkan where the runtime has it, else OpenGL",
        choices=("auto", "vulkan", "opengl"),
        group="headset",
    )
    path: str = setting(
        "auto",
        "how screens are shown: cylinder bends them, quad leaves them flat, projection draws them here, not in the "
        "runtime; auto is the sharpest that the runtime has",
        choices=("auto", "cylinder", "quad", "projection"),
    )
    screen_degrees: float = setting(
        27.0,
        "width of a screen as seen from your place, in degrees; 27 is one pixel of a 640 pixel picture for each of a "
        "headset with 25 pixels per degree",
        minimum=15,
        maximum=60,
    )
    distance_m: float = setting(2.0, "distance of the wall in metres; eyes rest at 1.3 to 2", minimum=1, maximum=5)
    passthrough: bool = setting(False, "show the real room behind the wall where the headset can; else a calm surround")
    hand: str = setting("right", "the hand that points; the other one wears the menu", choices=("right", "left"))
    headset_wait_s: float = setting(
        60.0, "seconds to wait at the start for a headset to be connected or switched on", minimum=0, maximum=86400
    )

    sound: bool = setting(True, "play the guests' sound from where they hang", group="sound")
    volume: int = setting(80, "loudness in percent, without a kiosk", minimum=0, maximum=100, metavar="PERCENT")
    muted: bool = setting(False, "start silent, without a kiosk")
    mono: bool = setting(False, "the same in both ears, without direction, without a kiosk")

    feed_socket: int = setting(
        -1, "number of an inherited socket that a kiosk sends the wall by; the kiosk sets it", minimum=-1, group="kiosk"
    )
    feed_memory: int = setting(-1, "number of the inherited memory with the pictures; the kiosk sets it", minimum=-1)

    state_directory: Path | None = setting(
        None,
        "where the places of moved screens are kept (default: ~/.local/state/loco-kiosk)",
        metavar="DIRECTORY",
        group="files and log",
    )
    log_level: str = setting("info", "how much to log", choices=("debug", "info", "warning", "error"))
    log_format: str = setting("text", "text for people or json for collectors", choices=("text", "json"))

    def own_name(self) -> str:
        """The name that others see; never empty."""
        return (self.viewer_name or f"{platform.node() or 'somebody'} (VR)")[:64]

    def own_state_directory(self) -> Path:
        """The state directory in force (XDG Base Directory Specification); not created here."""
        home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
        return self.state_directory or home / "loco-kiosk"


def load(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> VrSettings:
    """Settings from flags, environment and file.

    Raises:
        SettingsError: a sentence that says what to write instead.
        SystemExit: for ``--help`` and unknown flags.
    """
    settings, _ = contract.load(
        VrSettings, SECTION, arguments, description=_DESCRIPTION, epilog=_EPILOG, environment=environment
    )
    parts = urllib.parse.urlsplit(settings.backend)
    if settings.backend and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise SettingsError(f"'backend' must be an address such as http://wall.local:8480, not {settings.backend!r}.")
    if (settings.feed_socket < 0) != (settings.feed_memory < 0):
        raise SettingsError("'feed_socket' and 'feed_memory' belong together: give both or neither.")
    return settings
