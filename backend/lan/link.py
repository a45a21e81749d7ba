"""Links between the switches of several sites: one room over TLS 1.3, both ends with certificates of one authority.

What comes from a link goes to no other link (split horizon), so switches cannot make a loop; each two sites that shall
hear each other have a link of their own. Where both dial, the link of the site whose name sorts first stays.
"""

import asyncio
import functools
import logging
import re
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.contract.errors import LocoError, SettingsError
from backend.contract.retry import Backoff, forever
from backend.contract.tasks import TaskScope
from backend.lan.addresses import Address, listening_socket
from backend.lan.connection import Connection
from backend.lan.errors import HandshakeError
from backend.lan.handshake import Dialogue, Wish, accept, introduce, receive, refuse
from backend.lan.stream_port import StreamPort
from backend.lan.streams import FRAME_BYTES
from backend.lan.switch import Switch

log = logging.getLogger(__name__)

QUEUE_FRAMES = 1024
"""For the longer way; a second of what a room of games says."""
MAX_STRANGERS = 16
_BACKOFF = Backoff(initial_s=0.2, maximum_s=5.0)
_TIMEOUT_S = 10.0
_SITE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,30}[A-Za-z0-9])?")


@dataclass(slots=True)
class _Standing:
    """A link that carries frames."""

    connection: Connection
    switch: str
    dialled_by: str
    """The site that connected."""
    dial: str
    """Which of its settings made it connect."""


def tls_context(certificate: Path, key: Path, authority: Path, *, server: bool) -> ssl.SSLContext:
    """Both ends show a certificate, and believe those of ``authority`` only.

    Raises:
        SettingsError: a file cannot be read, or they do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(authority)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"The certificate for links cannot be used: {error}. 'certificate', 'key' and 'authority' must be PEM "
            "files that belong together; docs/lan.md shows how to make them."
        ) from error
    return context


class Links:
    """All links of one switch."""

    def __init__(self, switch: Switch, tasks: TaskScope) -> None:
        """Check that this site has a name.

        Raises:
            SettingsError: it has none, or one that cannot be.
        """
        if not _SITE.fullmatch(switch.site):
            raise SettingsError("A switch with links needs 'site', a name of its own of letters, digits and dashes.")
        self._switch = switch
        self._tasks = tasks
        self._standing: dict[StreamPort, _Standing] = {}
        self._strangers = 0

    async def listen(self, address: Address, context: ssl.SSLContext) -> asyncio.Server:
        """Let other sites connect.

        Raises:
            ListenError: the address cannot be used.
        """
        make = functools.partial(Connection, queue_bytes=QUEUE_FRAMES * FRAME_BYTES, on_open=self._accepted)
        return await asyncio.get_running_loop().create_server(
            make,
            sock=listening_socket(address, "link_listen"),
            ssl=context,
            ssl_handshake_timeout=_TIMEOUT_S,
            ssl_shutdown_timeout=1.0,
        )

    async def dial(self, room: str, address: Address, context: ssl.SSLContext) -> None:
        """Keep one room linked with the switch at ``address``, until cancelled."""
        attempt = functools.partial(self._dial_once, room, address, context, secrets.token_hex(4))
        failures = (OSError, TimeoutError, HandshakeError)
        await forever(f"link of room {room} to {address}", attempt, failures=failures, backoff=_BACKOFF)

    async def _dial_once(
        self, room: str, address: Address, context: ssl.SSLContext, dial: str, healthy: Callable[[], None]
    ) -> None:
        make = functools.partial(Connection, queue_bytes=QUEUE_FRAMES * FRAME_BYTES)
        async with asyncio.timeout(_TIMEOUT_S):
            _, connection = await asyncio.get_running_loop().create_connection(
                make, address.host, address.port, ssl=context, ssl_shutdown_timeout=1.0
            )
        try:
            dialogue = Dialogue(connection)
            wish = Wish(kind="link", name=room, site=self._switch.site, switch=self._switch.id, dial=dial)
            greeting = await introduce(dialogue, wish)
            port = self._port(room, greeting.site, greeting.switch)
            standing = _Standing(connection, greeting.switch, self._switch.site, dial)
            self._require_place(port, standing, greeting.site)
            healthy()
            await self._carry(port, standing)
        finally:
            connection.abort()

    def _accepted(self, connection: Connection) -> None:
        if self._strangers >= MAX_STRANGERS:
            self._switch.refused["link"] += 1
            connection.abort()
            return
        self._tasks.spawn(self._serve(connection), "a link")

    async def _serve(self, connection: Connection) -> None:
        dialogue = Dialogue(connection)
        self._strangers += 1
        try:
            wish = await receive(dialogue, site=self._switch.site, switch=self._switch.id, token="")
            if wish.kind != "link":
                raise HandshakeError("This address is for links of other sites; port agents have one of their own.")
            port = self._port(wish.name, wish.site, wish.switch)
            standing = _Standing(connection, wish.switch, wish.site, wish.dial)
            self._require_place(port, standing, wish.site)
        except LocoError as error:
            self._switch.refused["link"] += 1
            log.warning("a link from %s is refused: %s", connection.peer, error)
            refuse(dialogue, error)
            return
        finally:
            self._strangers -= 1
        accept(dialogue)
        await self._carry(port, standing)

    async def _carry(self, port: StreamPort, standing: _Standing) -> None:
        self._standing[port] = standing
        try:
            await port.serve(standing.connection)
        finally:
            if self._standing.get(port) is standing:
                del self._standing[port]

    def _port(self, room: str, site: str, switch: str) -> StreamPort:
        if switch == self._switch.id:
            raise HandshakeError("The link leads back to this switch itself: correct 'links'.")
        if not _SITE.fullmatch(site) or site == self._switch.site:
            raise HandshakeError(f"Both ends are called {site!r:.40}: give each site a 'site' name of its own.")
        try:
            return self._switch.link_port(room, site)
        except SettingsError as error:
            raise HandshakeError(str(error)) from error

    def _require_place(self, port: StreamPort, new: _Standing, site: str) -> None:
        """A second link between the same two switches would double every frame."""
        old = self._standing.get(port)
        if old is None or old.switch != new.switch or old.dial == new.dial:
            return  # the newest connection of one dialler is the living one
        if old.dialled_by in (new.dialled_by, min(self._switch.site, site)):
            raise HandshakeError(f"The room is linked with this site already, by {old.dialled_by}.")
