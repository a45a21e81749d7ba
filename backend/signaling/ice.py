"""STUN and TURN servers for viewers, with credentials that end soon.

The scheme is the "TURN REST API" of coturn (``use-auth-secret``): the name is ``expiry:user`` and the password is
``base64(hmac-sha1(secret, name))``. The backend and the TURN server share the secret and nothing else.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.contract.errors import SettingsError
from backend.contract.ice import IceServer, IceServers
from backend.contract.settings import setting

MIN_SECRET_LENGTH = 16
"""What can be guessed from one credential without being told apart from noise; random secrets have 32 or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IceSettings:
    """Table [ice]: what viewers outside of the streamers' network need. Empty: they reach streamers directly."""

    stun: tuple[str, ...] = setting((), "STUN URLs, such as stun:turn.example:3478")
    turn: tuple[str, ...] = setting(
        (), "TURN URLs, such as turn:turn.example:3478?transport=udp; kiosks use the first that they understand"
    )
    secret_file: Path | None = setting(
        None, "file with the secret shared with the TURN server (coturn: static-auth-secret)", metavar="FILE"
    )
    secret: str = setting("", "the same secret itself; set it in the environment", secret=True)
    ttl_s: int = setting(
        3600, "how long a credential opens new sessions; running ones are not cut off", minimum=60, maximum=86_400
    )


class IceDirectory:
    """Makes the answer of ``GET /api/ice``."""

    def __init__(self, settings: IceSettings, *, clock: Callable[[], float] = time.time) -> None:
        """Check the settings; the secret is read again for each answer, so that it can be replaced while this runs.

        Raises:
            SettingsError: a URL is none, or the secret is missing or too short.
        """
        self._settings = settings
        self._clock = clock
        _check_urls(settings.stun, ("stun:", "stuns:"))
        _check_urls(settings.turn, ("turn:", "turns:"))
        if settings.turn:
            self._secret()

    def servers(self, user: str) -> IceServers:
        """The servers, with a credential for ``user``: letters that stand in the TURN server's log, no colon.

        Raises:
            SettingsError: the secret cannot be read any more.
        """
        found = [IceServer(self._settings.stun)] if self._settings.stun else []
        if self._settings.turn:
            name = f"{int(self._clock()) + self._settings.ttl_s}:{user}"
            found.append(IceServer(self._settings.turn, name, credential(self._secret(), name)))
        return IceServers(tuple(found), self._settings.ttl_s)

    def _secret(self) -> str:
        secret, where = self._settings.secret, "LOCO_ICE_SECRET"
        if self._settings.secret_file is not None:
            where = str(self._settings.secret_file)
            secret = _read(self._settings.secret_file)
        if len(secret) < MIN_SECRET_LENGTH:
            raise SettingsError(
                f"TURN needs the secret that it shares with its server, of {MIN_SECRET_LENGTH} letters or more: "
                + (f"{where} holds fewer." if secret else "set secret_file in [ice], or LOCO_ICE_SECRET.")
            )
        return secret


def credential(secret: str, name: str) -> str:
    """The password that goes with ``name``; SHA-1 is what TURN servers check, and is sound as an HMAC."""
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"Cannot read the TURN secret {path}: {reason}.") from error


def _check_urls(urls: tuple[str, ...], schemes: tuple[str, ...]) -> None:
    for url in urls:
        if not url.startswith(schemes) or url.startswith(f"{schemes[0]}//"):
            raise SettingsError(f"[ice]: {url!r} is no {schemes[0]} URL; write such as {schemes[0]}turn.example:3478.")
