"""Tells systemd that the kiosk is up, and that it still shows pictures (sd_notify(3), sd_watchdog_enabled(3)).

A program that answers but shows a frozen screen is dead to the person before it. So the watchdog is fed only while
the window really swaps, pictures that arrive are among what it swaps, the media thread beats and, by running at all,
the GUI thread lives. The caller requests a redraw after each :meth:`Watchdog.beat`: a wall of still pictures swaps too.
"""

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

log = logging.getLogger(__name__)

DEFAULT_PERIOD_S = 3.0
_LATE_US = 5_000_000
"""Software rendering under full load swaps at least once in a second; five mean that it hangs."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Signs of life, in microseconds of the monotonic clock; 0 where there was none yet."""

    now_us: int
    swapped_us: int
    media_us: int
    exposed: bool = True
    """Whether the window can be seen: a hidden one never swaps, and that is no fault."""
    arriving: bool = False
    """Whether moving pictures come for the tiles that show."""
    presented: int = 0
    """Pictures that reached a swap, since the start."""


def starved(pulse: Pulse, unshown_us: int = 0) -> str:
    """Why the watchdog must not be fed; empty where all is well.

    ``unshown_us`` is for how long pictures have arrived of which none reached a swap.
    """
    if unshown_us > _LATE_US:
        return f"pictures arrive, but none was shown for {_seconds(unshown_us)} s"
    if pulse.exposed and pulse.now_us - pulse.swapped_us > _LATE_US:
        return f"no picture was swapped for {_seconds(pulse.now_us - pulse.swapped_us)} s"
    if pulse.now_us - pulse.media_us > _LATE_US:
        return f"the media thread gave no sign of life for {_seconds(pulse.now_us - pulse.media_us)} s"
    return ""


class Notifier:
    """Datagrams to the service manager; does nothing where none listens."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # '@' is how systemd writes the null byte of an abstract address.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._period_us = environment.get("WATCHDOG_USEC", "")
        # WATCHDOG_PID names whom the manager watches; a child inherits the variables, but not the duty.
        self._watched = environment.get("WATCHDOG_PID", "") in ("", str(os.getpid()))

    @property
    def active(self) -> bool:
        """Whether a service manager listens."""
        return bool(self._address)

    @property
    def period_s(self) -> float:
        """Time between two beats: a third of the manager's patience, so that one may come late."""
        return int(self._period_us) / 3e6 if self._period_us.isdecimal() and int(self._period_us) else DEFAULT_PERIOD_S

    def feed(self) -> None:
        """Say that all is well, if it is this process that the manager watches."""
        if self._watched:
            self.send("WATCHDOG=1")

    def send(self, *assignments: str) -> None:
        """Send lines such as ``READY=1``."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                # A manager that does not listen for a while must not freeze the window.
                channel.setblocking(False)
                channel.connect(self._address)
                channel.send("\n".join(assignments).encode())
        except OSError as error:
            log.warning("cannot tell the service manager at %s: %s", self._address, error)


class Watchdog:
    """Says READY once after the first swap, then feeds while the pulse is good; logs each change of mind once."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._ready = False
        self._starved = False
        self._presented = -1
        self._presented_us = 0

    def beat(self, pulse: Pulse) -> None:
        """Judge and tell; call it every :attr:`Notifier.period_s` in the GUI thread."""
        if not self._ready:
            if not pulse.swapped_us:
                return
            self._ready = True
            self._notifier.send("READY=1")
        reason = starved(pulse, self._unshown_us(pulse))
        if bool(reason) is not self._starved:
            self._tell(reason)
        if not reason:
            self._notifier.feed()

    def stop(self) -> None:
        """The program ends on purpose."""
        self._notifier.send("STOPPING=1", "STATUS=ending")

    def _unshown_us(self, pulse: Pulse) -> int:
        if pulse.presented != self._presented or not pulse.arriving or not pulse.exposed:
            self._presented, self._presented_us = pulse.presented, pulse.now_us
        return pulse.now_us - self._presented_us

    def _tell(self, reason: str) -> None:
        self._starved = bool(reason)
        if reason:
            log.error("the watchdog is not fed any more: %s", reason)
        else:
            log.info("the watchdog is fed again")
        self._notifier.send(f"STATUS={reason or 'showing pictures'}")


def _seconds(span_us: int) -> str:
    return f"{span_us / 1e6:.0f}"
