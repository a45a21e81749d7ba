"""Settings of the kiosk: the table ``[kiosk]``, its flags and its environment variables.

Hotkeys are texts such as ``Ctrl+Alt+G``; several are separated by commas. A hotkey without Ctrl, Alt or Meta works in
the grid only: once a tile is zoomed, every plain key belongs to its guest.
"""

import argparse
import dataclasses
import os
import platform
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.contract import settings as contract
from backend.contract.control import PictureWish, Preference
from backend.contract.errors import SettingsError
from backend.contract.settings import setting
from loco_kiosk.input.hotkeys import Hotkeys

SECTION = "kiosk"
_DESCRIPTION = "Shows a wall of emulated PCs live, plays their sound and hands them keyboard and mouse."
_EPILOG = (
    "Without --backend the kiosk looks for a backend on the local network and, where none answers, starts its own "
    "guests on this machine. Guests are described in the tables [guest] and [guest.instance-N] of the settings file. "
    "Hotkeys are settings without a flag: hotkey_ and one of grid, help, settings, overlay, machines, quality, lan, "
    "mute, volume_up, volume_down, keys, recover, vr, fullscreen, unlock, exit."
)
_HOTKEY = "hotkey_"


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskSettings:
    """Everything that the kiosk can be told."""

    backend: str = setting(
        "",
        "address of the backend, such as http://wall.local:8480; without it one is found or started",
        metavar="URL",
        group="machines",
    )
    zeroconf: bool = setting(True, "look for a backend on the local network before starting one here")
    find_timeout_s: float = setting(
        0.4,
        "seconds to look on the network; backends answer within 0.1 s, the start waits for it",
        minimum=0,
        maximum=60,
    )
    wall: str = setting(
        "", "name of the wall to show where several answer on the network; the kiosk asks, and remembers it here"
    )
    zone: str = setting(
        "", "zone of this kiosk, as backends announce theirs: where several answer, one in the same zone is shown first"
    )
    instances: int = setting(
        9, "guests to start on this machine, and tiles that --check expects", minimum=1, maximum=99
    )

    fullscreen: bool = setting(True, "fill the screen; --no-fullscreen opens a window", group="window")
    kiosk: bool = setting(
        False, "public terminal: no window frame, hidden pointer, no screen blanking, ends only by the exit hotkey"
    )
    width_px: int = setting(1280, "width of the window in pixels where it does not fill the screen", minimum=640)
    height_px: int = setting(720, "height of that window in pixels", minimum=360)
    scaling: str = setting(
        "smooth",
        "how a zoomed picture is enlarged: smooth and sharp fill the screen, sharp mixes only the edges of guest "
        "pixels, integer keeps them exact squares",
        choices=("smooth", "sharp", "integer"),
    )
    preference: str = setting(
        "smooth",
        "what pictures keep longest on a narrow network: sharp their detail, smooth their motion; thrifty sends "
        "little in any case, fixed gives up nothing and loses what does not fit",
        choices=tuple(Preference),
    )
    pixel_exact: bool = setting(
        False, "ask for colour for each pixel, so that small text is exact, where the streamer gives it"
    )
    animations: bool = setting(True, "short animations, as on zooming; off for those whom motion disturbs")
    max_swaps_per_s: float = setting(
        0,
        "most redraws of the window per second; 0: the display's rate, 60 where no GPU draws",
        minimum=0,
        maximum=1000,
    )
    idle_return_s: float = setting(
        300, "seconds without input after which control is given back and the grid returns; 0: never", minimum=0
    )
    viewer_name: str = setting("", "name that others see beside the tile that you play; empty: this machine's name")

    vr: bool = setting(False, "open the wall in the VR headset at once; the window stays", group="headset")
    vr_loudspeakers: bool = setting(
        False, "go on playing here while somebody wears the headset, which has sound of its own"
    )

    volume: int = setting(
        80, "loudness of the mix in percent", minimum=0, maximum=100, metavar="PERCENT", group="sound"
    )
    muted: bool = setting(False, "start silent")
    mono: bool = setting(False, "both ears hear both channels; for one speaker or one ear")
    audio_device: str = setting("", "description of the sound output to use; empty: the system's own choice")

    hotkey_grid: str = setting("Ctrl+Alt+G", "back to the grid", flag=False)
    hotkey_help: str = setting("F1, Ctrl+Alt+H", "help", flag=False)
    hotkey_settings: str = setting("F2, Ctrl+Alt+S", "settings page", flag=False)
    hotkey_overlay: str = setting("F3, Ctrl+Alt+O", "overlay with the measured delays", flag=False)
    hotkey_machines: str = setting(
        "F4, Ctrl+Alt+D", "page with the machines found and where they come from", flag=False
    )
    hotkey_quality: str = setting("F6, Ctrl+Alt+Q", "page with the quality of all streams", flag=False)
    hotkey_lan: str = setting("F7, Ctrl+Alt+N", "page with the machines' network and who hears whom on it", flag=False)
    hotkey_mute: str = setting("M, Ctrl+Alt+M", "sound off and on", flag=False)
    hotkey_volume_up: str = setting("Equal, Ctrl+Alt+PageUp", "louder", flag=False)
    hotkey_volume_down: str = setting("Minus, Ctrl+Alt+PageDown", "quieter", flag=False)
    hotkey_keys: str = setting("Ctrl+Alt+K", "menu of keys that the own system would swallow", flag=False)
    hotkey_recover: str = setting("Ctrl+Alt+R", "start the picked machine anew, after a question", flag=False)
    hotkey_vr: str = setting("F5, Ctrl+Alt+V", "open the wall in VR, or leave it; empty: VR is not offered", flag=False)
    hotkey_fullscreen: str = setting("F11, Ctrl+Alt+F", "fill the screen or not (not in kiosk mode)", flag=False)
    hotkey_unlock: str = setting(
        "Ctrl+Alt+Shift+U", "opens the settings page to a warden in kiosk mode; empty: it stays closed", flag=False
    )
    hotkey_exit: str = setting("Ctrl+Alt+Shift+Q", "end the program; in kiosk mode the only way", flag=False)

    check: float | None = setting(
        None,
        "run for so many seconds, press keys in every guest, print a table; the exit status is 0 if all answered",
        minimum=1,
        metavar="SECONDS",
        group="check on site",
    )
    report: Path | None = setting(None, "file for the figures of --check, as JSON", metavar="FILE")
    screenshot: Path | None = setting(
        None, "file for a picture of the window at the end of --check (PNG)", metavar="FILE"
    )

    state_directory: Path | None = setting(
        None,
        "where guests of this machine keep their disks, and the log (default: ~/.local/state/loco-kiosk)",
        metavar="DIRECTORY",
        group="files and log",
    )
    log_level: str = setting("info", "how much to log", choices=("debug", "info", "warning", "error"))
    log_format: str = setting("text", "text for people or json for collectors", choices=("text", "json"))

    def hotkeys(self) -> dict[str, str]:
        """Hotkey texts by the name of their command, such as ``grid``."""
        names = (field.name for field in dataclasses.fields(self))
        return {name.removeprefix(_HOTKEY): getattr(self, name) for name in names if name.startswith(_HOTKEY)}

    def wish(self) -> PictureWish:
        """How pictures are asked for."""
        return PictureWish(preference=Preference(self.preference), pixel_exact=self.pixel_exact)

    def own_name(self) -> str:
        """The name that others see; never empty."""
        return (self.viewer_name or platform.node() or "kiosk")[:64]

    def own_state_directory(self) -> Path:
        """The state directory in force (XDG Base Directory Specification); not created here."""
        home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
        return self.state_directory or home / "loco-kiosk"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings with where they came from."""

    kiosk: KioskSettings
    tables: Mapping[str, Any]
    """The whole settings file, for ``[guest]``."""
    file: Path | None
    """The settings file that was read; None where there is none yet."""


def load(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Loaded:
    """Settings from flags, environment and file.

    Raises:
        SettingsError: a sentence that says what to write instead.
        SystemExit: for ``--help`` and unknown flags.
    """
    environment = os.environ if environment is None else environment
    kiosk, tables = contract.load(
        KioskSettings, SECTION, arguments, description=_DESCRIPTION, epilog=_EPILOG, environment=environment
    )
    _require_url(kiosk.backend)
    Hotkeys(kiosk.hotkeys())
    return Loaded(kiosk, tables, _chosen_file(arguments, environment))


def _require_url(text: str) -> None:
    parts = urllib.parse.urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise SettingsError(f"'backend' must be an address such as http://wall.local:8480, not {text!r}.")


def _chosen_file(arguments: Sequence[str], environment: Mapping[str, str]) -> Path | None:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--config", default=environment.get("LOCO_CONFIG"))
    chosen = parser.parse_known_args(list(arguments))[0].config
    return Path(chosen) if chosen else contract.default_file()
