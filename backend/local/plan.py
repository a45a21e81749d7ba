"""What the cluster shall run, worked out from the settings before anything starts."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import backend
from backend.contract.errors import SettingsError
from backend.contract.lan_wiring import guest_mac
from backend.contract.settings import load_section
from backend.contract.status import GuestReport
from backend.lan.rooms import RoomPlan
from backend.lan.settings import LanSettings
from backend.qemu.emulator import Emulator
from backend.qemu.settings import GuestSettings, guest_settings, resolved
from backend.settings import BackendSettings


class Supervisor(Protocol):
    """What runs one emulator: :class:`backend.qemu.emulator.Emulator`."""

    async def run(self) -> None:
        """Run the emulator until cancelled; then it is gone."""

    async def restart(self) -> None:
        """Start it again."""


SupervisorFactory = Callable[[Path, Path, Callable[[GuestReport], None]], Supervisor]
"""Makes one from run directory, state directory and the receiver of reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePlan:
    """One guest with its streamer."""

    id: str
    slot: int
    name: str
    memory_mib: int
    make_supervisor: SupervisorFactory
    streamer: tuple[str, ...]
    """Arguments, to which ``--directory`` and ``--listen-fd`` are added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanPlan:
    """The switch between the guests."""

    arguments: tuple[str, ...] = ()
    """To which ``--directory`` and ``--http`` are added."""
    http: str = ""
    """Where it tells of itself; empty: a socket in the run directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPlan:
    """All guests of this machine."""

    machines: tuple[MachinePlan, ...]
    lan: LanPlan | None = None
    """None where the guests have no network of their own."""
    state_root: Path
    parallel_starts: int
    environment: Mapping[str, str] = field(default_factory=dict)
    streamer_module: str = "backend.streamer.app"
    """Has the ``main(arguments)`` of a streamer."""


def cluster_plan(
    settings: BackendSettings, tables: Mapping[str, Any], *, config: str = "", loopback: bool = True
) -> ClusterPlan:
    """Work out the plan.

    Args:
        settings: of the backend.
        tables: the whole settings file.
        config: path of that file, for the streamers; empty for the default one.
        loopback: whether the backend serves this machine alone.

    Raises:
        LocoError: a setting of a guest or of the LAN is wrong, or an image cannot be found.
    """
    lan = load_section(LanSettings, "lan", tables)
    media = settings.media_addresses or (("127.0.0.1",) if loopback else ())
    return ClusterPlan(
        machines=tuple(_machine(ordinal, settings, tables, media, lan) for ordinal in range(settings.local)),
        lan=_lan(lan, settings, tables) if lan.enabled else None,
        state_root=settings.state_root,
        parallel_starts=settings.parallel_starts or (os.cpu_count() or 1) + 1,
        environment=_environment(config),
    )


def _lan(lan: LanSettings, settings: BackendSettings, tables: Mapping[str, Any]) -> LanPlan:
    rooms = RoomPlan(lan.rooms)
    for ordinal in range(settings.local):
        # Now: the switch itself could say it to its log only.
        rooms.room_of(f"instance-{ordinal}")
    chosen = "http" in tables.get("lan", {}) or "LOCO_LAN_HTTP" in os.environ
    arguments = ("--guests", str(settings.local), "--log-level", settings.log_level)
    return LanPlan(arguments=(*arguments, "--log-format", settings.log_format), http=lan.http if chosen else "")


def _machine(
    ordinal: int, settings: BackendSettings, tables: Mapping[str, Any], media: tuple[str, ...], lan: LanSettings
) -> MachinePlan:
    instance_id = f"instance-{ordinal}"
    guest = guest_settings(tables, instance_id)
    name = f"PC {ordinal + 1}"
    streamer = ["--instance", instance_id, "--name", name]
    streamer += ["--log-level", settings.log_level, "--log-format", settings.log_format]
    streamer += ["--media-addresses", ",".join(media)] if media else []
    return MachinePlan(
        id=instance_id,
        slot=ordinal,
        name=name,
        memory_mib=_memory_mib(guest),
        make_supervisor=_supervisor(instance_id, guest, guest_mac(instance_id, lan.site) if lan.enabled else None),
        streamer=tuple(streamer),
    )


def _memory_mib(guest: GuestSettings) -> int:
    try:
        return resolved(guest).memory_mib
    except SettingsError:
        # Its own tile will say what is wrong; the others start.
        return guest.memory_mib


def _supervisor(instance_id: str, guest: GuestSettings, mac: str | None) -> SupervisorFactory:
    def make(run: Path, state: Path, on_report: Callable[[GuestReport], None]) -> Supervisor:
        return Emulator(
            instance=instance_id,
            settings=guest,
            run_directory=run,
            state_directory=state,
            on_report=on_report,
            mac=mac,
        )

    return make


def _environment(config: str) -> dict[str, str]:
    """Of the streamers: they find this package wherever the backend was started, and read the same settings file."""
    package_root = str(Path(backend.__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (package_root, os.environ.get("PYTHONPATH", "")) if part)
    return dict(os.environ) | {"PYTHONPATH": path} | ({"LOCO_CONFIG": config} if config else {})
