"""``loco-lan``: the switch, the port agent and the capture, by the first word of the command line."""

import logging
import socket
import sys
from collections.abc import Callable, Sequence

import uvloop

from backend.contract import garbage, logs
from backend.contract.errors import LocoError, SettingsError
from backend.contract.instance import instance_id
from backend.contract.settings import load
from backend.lan.service import serve_port, serve_switch
from backend.lan.settings import CaptureSettings, LanSettings, PortSettings

log = logging.getLogger(__name__)

_SWITCH = """The Ethernet between the guests: a learning switch in user space, with rooms that never hear each other, an
address service, and no way out to the host or the internet. 'loco-lan port' stands beside an emulator in another pod;
'loco-lan capture' shows what passes."""
_PORT = """Stands beside one emulator and carries its guest's frames to the switch of the cluster."""
_CAPTURE = """Writes what passes a running switch to standard output, as pcapng: loco-lan capture --port 3 > FILE.pcapng
or loco-lan capture --port 3 | wireshark -k -i -"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0 after a stop by signal, 1 after a failure, 2 for wrong settings."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = _COMMANDS.get(words[0]) if words else None
    try:
        if command is None:
            _switch(words)
        else:
            command(words[1:])
    except SettingsError as error:
        print(f"loco-lan: {error}", file=sys.stderr)
        return 2
    except LocoError as error:
        print(f"loco-lan: {error}", file=sys.stderr)
        return 1
    except Exception:
        log.exception("loco-lan stopped on an error that it does not know; please report it with these lines")
        return 1
    return 0


def _switch(words: Sequence[str]) -> None:
    settings, _ = load(LanSettings, "lan", words, description=_SWITCH)
    logs.configure("loco-lan", settings.log_level, _style(settings.log_format))
    garbage.settle()
    uvloop.run(serve_switch(settings))


def _port(words: Sequence[str]) -> None:
    settings, _ = load(PortSettings, "lan_port", words, description=_PORT, program="loco-lan port")
    instance = instance_id(settings.instance, socket.gethostname())
    logs.configure("loco-lan", settings.log_level, _style(settings.log_format), instance_id=instance)
    uvloop.run(serve_port(settings, instance))


def _capture(words: Sequence[str]) -> None:
    settings, _ = load(CaptureSettings, "lan_capture", words, description=_CAPTURE, program="loco-lan capture")
    # Loaded late: the switch, which shall be there at once, does not need it.
    from backend.lan import capture_client  # noqa: PLC0415

    capture_client.main(settings)


def _style(text: str) -> logs.LogFormat:
    return "json" if text == "json" else "text"


_COMMANDS: dict[str, Callable[[Sequence[str]], None]] = {"port": _port, "capture": _capture}
