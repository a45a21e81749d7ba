"""Settings of ``loco-lan``: table ``[lan]``; of the port agent ``loco-lan port``: table ``[lan_port]``."""

from dataclasses import dataclass
from pathlib import Path

from backend.contract.settings import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class LanSettings:
    """The switch. The defaults suit guests of the late nineties on one machine."""

    enabled: bool = setting(
        True, "give the guests of this machine a network of their own; only the local cluster asks", flag=False
    )
    http: str = setting(
        "127.0.0.1:8482",
        "where the status, metrics and captures are served: ADDRESS:PORT, or the path of a unix socket",
        metavar="ADDRESS",
        group="operators",
    )
    directory: Path | None = setting(
        None,
        "directory that holds the run directories of this machine's guests, one a guest, named by instance",
        metavar="DIRECTORY",
        group="guests",
    )
    guests: int = setting(0, "guests of this machine: instance-0 to instance-(N-1)", minimum=0, maximum=999)
    listen: str = setting(
        "",
        "where port agents of other machines or pods connect, such as 0.0.0.0:8490; empty: nowhere",
        metavar="ADDRESS:PORT",
    )
    token: str = setting(
        "", "secret that port agents must know; set it in the environment or the file", flag=False, secret=True
    )
    dial: tuple[str, ...] = setting(
        (),
        "QEMUs with -netdev stream,server=on, NAME=PATH of a unix socket or NAME=HOST:PORT; the switch dials them",
        metavar="NAME=ADDRESS,...",
    )
    accept: tuple[str, ...] = setting(
        (),
        "the same for QEMUs with -netdev stream,server=off, which connect to the switch",
        metavar="NAME=ADDRESS,...",
    )
    rooms: tuple[str, ...] = setting(
        ("lan=*",),
        "separate LANs, each NAME=MEMBERS; members are ordinals, ranges or names joined by +, as in yard=0-4+7; * is "
        "everyone else",
        metavar="NAME=MEMBERS,...",
        group="rooms",
    )
    site: str = setting(
        "", "name of this site, where several are linked; the guests' MAC addresses depend on it, see docs/lan.md"
    )
    addresses: str = setting(
        "192.168.98.0/24",
        "IPv4 network of the address service (DHCP), the same in each room; empty: no service",
        metavar="NETWORK",
        group="addresses",
    )
    address_first: int = setting(
        10, "the first address given to guests, counted within the network; instance N gets this + N", minimum=2
    )
    address_count: int = setting(
        200, "addresses that may be given; linked sites need ranges of their own", minimum=1, maximum=65_000
    )
    lease_s: int = setting(86_400, "time for which an address is promised", minimum=60)
    link_listen: str = setting(
        "", "where switches of other sites connect, such as 0.0.0.0:8491", metavar="ADDRESS:PORT", group="links"
    )
    links: tuple[str, ...] = setting(
        (), "switches of other sites to connect to, each ROOM=HOST:PORT", metavar="ROOM=HOST:PORT,..."
    )
    certificate: Path | None = setting(None, "certificate of this switch for links (PEM)", metavar="FILE")
    key: Path | None = setting(None, "its private key (PEM)", metavar="FILE")
    authority: Path | None = setting(None, "authority that signed the other switches' (PEM)", metavar="FILE")
    source_check: str = setting(
        "own",
        "source addresses that a guest may use: own (that of its instance), first (the first that it uses), any",
        choices=("own", "first", "any"),
        group="protection",
    )
    macs: tuple[str, ...] = setting(
        (), "further addresses of a guest, NAME=MAC, such as instance-3=52:54:00:12:34:56", metavar="NAME=MAC,..."
    )
    broadcasts_per_s: int = setting(
        500, "broadcasts, multicasts and frames to unknown addresses from one port, sustained; 0: no limit", minimum=0
    )
    port_mbit_s: int = setting(
        100, "data from one port, in Mbit/s; the cards of that time have 10 or 100; 0: no limit", minimum=0
    )
    queue_frames: int = setting(
        256, "frames that wait for a slow guest; more are dropped, for it alone", minimum=16, maximum=4096
    )
    probe_s: float = setting(
        30.0, "seconds between two checks of what each guest answers; 0: never", minimum=0, group="reachability"
    )
    log_level: str = setting("info", "how much to log", choices=("debug", "info", "warning", "error"), group="log")
    log_format: str = setting("text", "text for people or json for collectors", choices=("text", "json"))
    ready_fd: int = setting(
        -1, "file descriptor that gets one JSON line with the HTTP address once it serves", minimum=-1, metavar="FD"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PortSettings:
    """The agent beside one emulator, which brings its guest to a switch elsewhere."""

    instance: str = setting(
        "auto",
        "id of the instance; auto: instance-N by the number at the end of the host name, as pods of a StatefulSet have "
        "it",
        metavar="ID",
    )
    directory: Path = setting(
        Path("/run/loco"), "run directory of the guest, shared with the emulator", metavar="DIRECTORY"
    )
    switch: str = setting("loco-lan:8490", "address of the switch", metavar="HOST:PORT")
    token: str = setting("", "secret of the switch; set it in the environment or the file", flag=False, secret=True)
    queue_frames: int = setting(256, "frames that wait, each way; more are dropped", minimum=16, maximum=4096)
    http: str = setting(
        "127.0.0.1:8483", "where probes and metrics are served: ADDRESS:PORT, or a unix socket", metavar="ADDRESS"
    )
    log_level: str = setting("info", "how much to log", choices=("debug", "info", "warning", "error"), group="log")
    log_format: str = setting("text", "text for people or json for collectors", choices=("text", "json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSettings:
    """A live capture of a running switch."""

    port: int = setting(0, "number of the port, both ways; PC 3 has 3; 0: all of a room, each frame once", minimum=0)
    room: str = setting("", "room to watch; empty: the first")
    seconds: float = setting(0.0, "how long; 0: until interrupted", minimum=0, metavar="SECONDS")
    http: str = setting("127.0.0.1:8482", "where the switch serves: ADDRESS:PORT, or a unix socket", metavar="ADDRESS")
