"""Streams that are poor for some seconds: told until they are good again for some, and remembered. Plain Python."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from loco_kiosk.client.tile import TileView
from loco_kiosk.look import quality

POOR_FOR_S = 3.0
"""What passes sooner is over before anybody could do something."""
GOOD_FOR_S = 5.0
"""A stream that is good between two bad moments is not well yet."""
FREEZE_WINDOW_S = 10.0
_REMEMBERED = 200


@dataclass(slots=True)
class Alert:
    """One time that a stream was poor. Times are monotonic seconds."""

    instance: str
    name: str
    words: str
    """The newest complaint."""
    since_s: float
    until_s: float | None = None
    """None while it lasts."""


@dataclass(slots=True)
class _Watch:
    """What is known of one stream."""

    poor_since_s: float | None = None
    good_since_s: float | None = None
    frozen: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=64))
    """Time, and how long the picture had stood still in all by then, in milliseconds."""
    alert: Alert | None = None

    def frozen_share(self, frozen_ms: float, now_s: float) -> float:
        if self.frozen and frozen_ms < self.frozen[-1][1]:
            self.frozen.clear()
        self.frozen.append((now_s, frozen_ms))
        while now_s - self.frozen[0][0] > FREEZE_WINDOW_S:
            self.frozen.popleft()
        return (frozen_ms - self.frozen[0][1]) / 1000 / FREEZE_WINDOW_S


class Alerts:
    """Looks at all streams about once a second."""

    def __init__(self) -> None:
        self.log: deque[Alert] = deque(maxlen=_REMEMBERED)
        """Oldest first; those that last are among them."""
        self._watches: dict[str, _Watch] = {}

    @property
    def active(self) -> dict[str, str]:
        """Complaint by instance, of the streams that are poor."""
        return {name: watch.alert.words for name, watch in self._watches.items() if watch.alert is not None}

    def look(self, views: Iterable[TileView], now_s: float) -> None:
        """Judge the newest views."""
        seen = {view.id: view for view in views if view.id}
        for instance in self._watches.keys() - seen.keys():
            self._end(self._watches.pop(instance), now_s)
        for instance, view in seen.items():
            watch = self._watches.setdefault(instance, _Watch())
            words = quality.complaint(view, watch.frozen_share(view.frozen_ms, now_s))
            if words:
                self._poor(watch, view, words, now_s)
            else:
                self._good(watch, now_s)

    def _poor(self, watch: _Watch, view: TileView, words: str, now_s: float) -> None:
        watch.good_since_s = None
        if watch.poor_since_s is None:
            watch.poor_since_s = now_s
        if watch.alert is not None:
            watch.alert.words = words
        elif now_s - watch.poor_since_s >= POOR_FOR_S:
            watch.alert = Alert(view.id, view.name, words, watch.poor_since_s)
            self.log.append(watch.alert)

    def _good(self, watch: _Watch, now_s: float) -> None:
        if watch.alert is None:
            watch.poor_since_s = None
            return
        if watch.good_since_s is None:
            watch.good_since_s = now_s
        if now_s - watch.good_since_s >= GOOD_FOR_S:
            self._end(watch, watch.good_since_s)

    def _end(self, watch: _Watch, at_s: float) -> None:
        if watch.alert is not None:
            watch.alert.until_s = at_s
        watch.alert = watch.poor_since_s = watch.good_since_s = None
