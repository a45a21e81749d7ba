"""Which sound system Qt is to use, where its own choice would end the program.

WORKAROUND (seen with Qt 6.12): where PipeWire's library is installed without its configuration, as by ``apt-get install
--no-install-recommends``, Qt takes no notice of its failure to start and crashes at the first look for devices.
"""

import os
from collections.abc import Iterable, MutableMapping
from pathlib import Path

VARIABLE = "QT_AUDIO_BACKEND"
_CONFIGURATION = "client.conf"


def avoid_broken_pipewire(
    environment: MutableMapping[str, str] = os.environ,
    system: Iterable[Path] = (Path("/etc/pipewire"), Path("/usr/share/pipewire")),
) -> None:
    """Have Qt use PulseAudio where PipeWire cannot start; call it before anything of QtMultimedia is made."""
    home = Path(environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME", "/"), ".config"))
    own = [Path(environment["PIPEWIRE_CONFIG_DIR"])] if environment.get("PIPEWIRE_CONFIG_DIR") else []
    if not any((place / _CONFIGURATION).exists() for place in (*own, home / "pipewire", *system)):
        environment.setdefault(VARIABLE, "pulseaudio")
