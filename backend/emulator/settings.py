"""Settings of ``loco-emulator``, table ``[emulator]``; the guest itself is set in ``[guest]``."""

from dataclasses import dataclass
from pathlib import Path

from backend.contract.settings import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorSettings:
    """One emulator. The defaults suit its container."""

    instance: str = setting(
        "auto",
        "id of the instance, a name that ends in its number; auto: instance-N by the number at the end of the host "
        "name, as pods of a StatefulSet have it",
        metavar="ID",
        group="guest",
    )
    directory: Path = setting(
        Path("/run/loco"), "run directory, with the sockets for the streamer; a short path", metavar="DIRECTORY"
    )
    state_directory: Path = setting(
        Path("/var/lib/loco"),
        "where the guest's disk and snapshot are kept, in a directory with the instance's name; several emulators may "
        "share it",
        metavar="DIRECTORY",
    )
    lan: bool = setting(
        False,
        "hang the guest on the guests' LAN; a loco-lan on the same run directory has its port",
        group="LAN",
    )
    lan_site: str = setting("", "name of this site, as 'site' of the switch: the guest's address depends on it")
    probe: str = setting(
        "",
        "run nothing, but ask the emulator that runs here: startup (its program is up), ready (the guest runs), live "
        "(nothing hangs); exit status 0 yes, 1 no, 3 nobody answers",
        choices=("", "startup", "ready", "live"),
        group="health",
    )
    log_level: str = setting("info", "how much to log", choices=("debug", "info", "warning", "error"), group="log")
    log_format: str = setting("text", "text for people or json for collectors", choices=("text", "json"))
