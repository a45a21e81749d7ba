"""``loco-emulator``: the program of the emulator's container."""

import logging
import os
import socket
import sys
from collections.abc import Sequence

from backend.contract import logs
from backend.contract.errors import LocoError, SettingsError
from backend.contract.instance import instance_id
from backend.contract.settings import load
from backend.emulator.probe import ask
from backend.emulator.settings import EmulatorSettings

log = logging.getLogger(__name__)

_DESCRIPTION = """Runs one emulated PC: starts QEMU, saves the guest when it has booted, and starts QEMU again whenever
it ends. A loco-streamer on the same run directory shows it."""
_EPILOG = """The PC is described by the table [guest] of the settings file and by variables such as
LOCO_GUEST_IMAGE=/guest/windows98.qcow2, for one instance by [guest.instance-3]; without, it is the demo guest."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0 after a stop by signal, 1 after a failure, 2 for wrong settings."""
    try:
        settings, tables = load(
            EmulatorSettings,
            "emulator",
            sys.argv[1:] if arguments is None else arguments,
            description=_DESCRIPTION,
            epilog=_EPILOG,
        )
        if settings.probe:
            verdict = ask(settings.probe, settings.directory)
            print(verdict.reason)
            return verdict.status
        # Loaded late: a probe is a start of this program every few seconds.
        import asyncio  # noqa: PLC0415

        from backend.emulator.supervision import supervise  # noqa: PLC0415
        from backend.qemu.settings import guest_settings  # noqa: PLC0415

        instance = instance_id(settings.instance, socket.gethostname())
        style: logs.LogFormat = "json" if settings.log_format == "json" else "text"
        logs.configure("loco-emulator", settings.log_level, style, instance_id=instance)
        guest = guest_settings(tables, instance, environment=os.environ)
        asyncio.run(supervise(instance, settings, guest))
    except SettingsError as error:
        print(f"loco-emulator: {error}", file=sys.stderr)
        return 2
    except LocoError as error:
        print(f"loco-emulator: {error}", file=sys.stderr)
        return 1
    except Exception:
        log.exception("The emulator stopped on an error that it does not know; please report it with these lines")
        return 1
    return 0
