"""Settings of ``loco-streamer``, table ``[streamer]``."""

from dataclasses import dataclass
from pathlib import Path

from backend.contract.errors import SettingsError
from backend.contract.settings import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamerSettings:
    """One streamer. The defaults suit a 640x480 guest on a local network."""

    instance: str = setting(
        "instance-0",
        "id of the instance, a name that ends in its number; auto: instance-N by the number at the end of the host "
        "name, as pods of a StatefulSet have it",
        metavar="ID",
        group="guest",
    )
    name: str = setting("", "name that people see; empty: the id")
    directory: Path | None = setting(None, "run directory of the guest, with its sockets", metavar="DIRECTORY")
    synthetic: bool = setting(False, "serve a moving test picture and a tone in place of a guest")
    listen: str = setting(
        "127.0.0.1:8481",
        "address and TCP port of the HTTP server; port 0 takes a free one",
        metavar="ADDRESS:PORT",
        group="network",
    )
    listen_fd: int = setting(
        -1, "descriptor of a listening socket to use in place of --listen", minimum=-1, metavar="FD"
    )
    media_addresses: tuple[str, ...] = setting(
        (), "local IP addresses offered to viewers for media; empty: all of the machine"
    )
    ice_servers: tuple[str, ...] = setting((), "STUN or TURN URLs; empty: none, viewers reach the addresses directly")
    ice_username: str = setting("", "user of the TURN servers")
    ice_credential: str = setting(
        "", "password of the TURN servers; set it in the environment or the file", flag=False, secret=True
    )
    quantizer: int = setting(
        20, "H.264 quantizer of the picture: lower is better and larger", minimum=1, maximum=40, group="video"
    )
    max_bit_rate_bps: int = setting(
        6_000_000, "upper bound of the video rate; noise would exceed any line", minimum=200_000
    )
    max_fps: int = setting(60, "pictures encoded per second at most", minimum=1, maximum=60)
    max_viewers: int = setting(32, "viewers served at once; each costs about 0.15 ms a picture", minimum=1, maximum=256)
    log_level: str = setting("info", "how much to log", choices=("debug", "info", "warning", "error"), group="log")
    log_format: str = setting("text", "text for people or json for collectors", choices=("text", "json"))

    def address(self) -> tuple[str, int]:
        """Host and port of :attr:`listen`.

        Raises:
            SettingsError: it is not ``host:port``.
        """
        host, colon, port = self.listen.rpartition(":")
        if not colon or not port.isascii() or not port.isdigit() or int(port) > 65_535:
            raise SettingsError(f"'listen' must be an address and a port, such as 127.0.0.1:8481, not {self.listen!r}.")
        return host.strip("[]"), int(port)
