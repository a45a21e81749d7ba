"""Settings of ``loco-backend``: the table [backend]."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from backend.contract.errors import SettingsError
from backend.contract.settings import setting


def _state_home() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "loco-kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendSettings:
    """Settings of the backend and of the local cluster; guests are set in [guest], streamers in [streamer]."""

    host: str = setting(
        "127.0.0.1",
        "address to listen on; 0.0.0.0 lets the whole network watch and play",
        metavar="ADDRESS",
        group="listening",
    )
    port: int = setting(8480, "TCP port to listen on; 0 takes any free one", minimum=0, maximum=65535)
    discovery: str = setting(
        "auto",
        "where the instances are: local (guests on this machine), static (a file), kubernetes (a cluster), "
        "auto (by what else is given)",
        choices=("auto", "local", "static", "kubernetes"),
        group="instances",
    )
    kubernetes: bool = setting(
        False, "find the emulators of a Kubernetes cluster; the table [kubernetes] of the settings file says which"
    )
    local: int = setting(0, "number of guests to run on this machine", minimum=0, maximum=99)
    instances_file: Path | None = setting(
        None,
        "static discovery: TOML or JSON file of [[instances]] with id, name, address, port; reread on change",
        metavar="FILE",
    )
    state_directory: Path | None = setting(
        None,
        "where local guests keep their disks and snapshots (default: ~/.local/state/loco-kiosk)",
        metavar="DIRECTORY",
    )
    lan: str = setting(
        "",
        "where the guests' switch (loco-lan) tells of itself, ADDRESS:PORT or the path of a unix socket; the local "
        "cluster has its own, set by [lan]",
        metavar="ADDRESS",
    )
    media_addresses: tuple[str, ...] = setting(
        (), "local addresses that local streamers offer for media (default: loopback if host is, else all)"
    )
    parallel_starts: int = setting(
        0, "guests that boot at the same time (default: one more than there are processor cores)", minimum=0
    )
    zeroconf: bool = setting(
        True, "announce this backend on the local network; never done for a loopback host", group="network"
    )
    name: str = setting("", "name of this wall in announcements (default: the machine's name)")
    allowed_hosts: tuple[str, ...] = setting(
        (), "names besides its addresses under which web pages may call this backend, such as that of a proxy"
    )
    trusted_proxies: tuple[str, ...] = setting(
        (), "networks of proxies that are believed when they name the caller (X-Forwarded-For), such as 10.42.0.0/16"
    )
    requests_per_s: float = setting(
        200.0, "requests of one caller, sustained; 0: no limit. This machine's own are never limited", minimum=0
    )
    request_burst: int = setting(2000, "requests of one caller at once: a hundred kiosks behind one address", minimum=1)
    streams_per_caller: int = setting(256, "event streams of one caller; 0: no limit", minimum=0)
    streams: int = setting(2000, "event streams of all callers; each may hold a third of a MiB; 0: no limit", minimum=0)
    drain_s: float = setting(
        0.0,
        "when asked to stop, how long to go on while load balancers take notice; 5 in a cluster",
        minimum=0,
        maximum=60,
    )
    request_timeout_s: float = setting(10.0, "longest time for one request", minimum=0.1, maximum=300)
    body_limit_kib: int = setting(64, "longest body of a request; an offer has 5 KiB", minimum=1, maximum=1024)
    log_level: str = setting(
        "info", "how much to log", choices=("debug", "info", "warning", "error"), group="log and start"
    )
    log_format: str = setting("text", "text for people or json for collectors", choices=("text", "json"))
    ready_fd: int | None = setting(
        None, "file descriptor that gets one JSON line with the URL once it listens", metavar="FD"
    )
    ready_file: Path | None = setting(None, "file that gets the same line", metavar="FILE")

    @property
    def mode(self) -> str:
        """``local``, ``static`` or ``kubernetes``.

        Raises:
            SettingsError: none is set up, or several are.
        """
        wanted = {
            "local": self.local > 0,
            "static": self.instances_file is not None,
            "kubernetes": self.kubernetes or self.discovery == "kubernetes",
        }
        chosen = [mode for mode, given in wanted.items() if given and self.discovery in ("auto", mode)]
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            raise SettingsError(
                "Choose one of --local N, --instances-file FILE and --kubernetes, or say which by --discovery."
            )
        raise SettingsError(
            "Say where the guests are: --local 9 runs nine on this machine, --instances-file FILE lists others, "
            "--kubernetes finds those of a cluster."
        )

    @property
    def state_root(self) -> Path:
        """The state directory, with its default filled in."""
        return self.state_directory or _state_home()

    @property
    def wall_name(self) -> str:
        """The name, with its default filled in."""
        return self.name or socket.gethostname()
