"""Who calls, and how much each caller may ask of this backend."""

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from backend.contract.errors import SettingsError
from backend.signaling.errors import RequestError

REMEMBERED = 4096
"""Callers of which the recent requests are counted; the one that was quiet for longest is forgotten first."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TooManyRequestsError(RequestError):
    """The caller asks more often than it may."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, wait_s: float) -> None:
        super().__init__(detail)
        self.retry_after_s = max(1, round(wait_s + 0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLimits:
    """What one caller may do; 0 is no limit. Callers on this machine are not limited: it is theirs already."""

    rate_per_s: float = 200.0
    """Sustained. A hundred kiosks behind one address, whose nine tiles all reconnect, stay below it."""
    burst: int = 2000
    streams: int = 256
    """Open event streams of one caller."""
    all_streams: int = 2000
    """Open event streams of all callers: each holds up to a third of a MiB in sockets."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_s: float


class Clients:
    """Token buckets and open streams by caller. Threading: the event loop only."""

    def __init__(
        self, limits: ClientLimits, proxies: Sequence[Network] = (), *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``proxies`` are believed when they name another caller in X-Forwarded-For."""
        self.limits = limits
        self._proxies = tuple(proxies)
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._streams: Counter[str] = Counter()

    @property
    def streams(self) -> int:
        """Open event streams."""
        return self._streams.total()

    def caller(self, peer: str, forwarded: Sequence[str]) -> str:
        """The address that a request comes from, as text.

        Args:
            peer: of the connection.
            forwarded: all X-Forwarded-For headers; each proxy appends whom it heard, so they are read from the end.
        """
        heard = [part.strip() for header in forwarded for part in header.split(",")]
        address = peer
        while heard and self._is_proxy(address):
            told = heard.pop()
            if _address(told) is None:
                break
            address = told
        return address

    def admit(self, caller: str) -> None:
        """Count a request.

        Raises:
            TooManyRequestsError: the caller's bucket is empty.
        """
        if not self.limits.rate_per_s or _is_loopback(caller):
            return
        bucket = self._bucket(caller)
        if bucket.tokens < 1:
            wait_s = (1 - bucket.tokens) / self.limits.rate_per_s
            raise TooManyRequestsError(
                f"{caller} asks more than {self.limits.rate_per_s:g} times a second. Ask less often; the event stream "
                "tells every change by itself.",
                wait_s,
            )
        bucket.tokens -= 1

    @contextmanager
    def stream(self, caller: str) -> Iterator[None]:
        """Hold one event stream.

        Raises:
            TooManyRequestsError: the caller, or all callers, hold as many as they may.
        """
        own = 0 if _is_loopback(caller) else self._streams[caller]
        for held, limit, who in (
            (own, self.limits.streams, caller),
            (self.streams, self.limits.all_streams, "all viewers"),
        ):
            if limit and held >= limit:
                raise TooManyRequestsError(f"{limit} event streams of {who} are open already; close some.", 5.0)
        self._streams[caller] += 1
        try:
            yield
        finally:
            self._streams[caller] -= 1
            if not self._streams[caller]:
                del self._streams[caller]

    def _bucket(self, caller: str) -> _Bucket:
        now_s, key = self._clock(), _key(caller)
        bucket = self._buckets.setdefault(key, _Bucket(float(self.limits.burst), now_s))
        self._buckets.move_to_end(key)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        gained = (now_s - bucket.filled_s) * self.limits.rate_per_s
        bucket.tokens, bucket.filled_s = min(float(self.limits.burst), bucket.tokens + gained), now_s
        return bucket

    def _is_proxy(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._proxies)


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks of the setting ``trusted_proxies``.

    Raises:
        SettingsError: one is none.
    """
    try:
        return tuple(ipaddress.ip_network(text) for text in texts)
    except ValueError as error:
        raise SettingsError(f"'trusted_proxies' must hold networks such as 10.42.0.0/16: {error}.") from error


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


def _is_loopback(text: str) -> bool:
    address = _address(text)
    return address is not None and address.is_loopback


def _key(caller: str) -> str:
    """One bucket for a whole /64 of IPv6: that is what one machine can have at will."""
    address = _address(caller)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address or caller)
