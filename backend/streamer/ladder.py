"""How good a picture the way to one viewer carries: down fast, up slowly and by trying.

Pure: reports and time come in. A report says what the viewer measured (:class:`backend.contract.control.PathReport`);
they come several times a second while something is wrong, and about once a second while nothing is.

Growing delay is a queue on the way, or a viewer who cannot follow: both want less. Loss may be a queue that is full, or
just a bad radio: if it does not fall with the rate, it is taken for the nature of the way, and the quality comes back.

What came through while a queue grew is what the way carries, but only if more had been sent: a still desktop needs
little, and a viewer whose processor was busy for a moment takes everything later.
"""

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from backend.contract.control import PathReport, Preference

QUEUE_MS = 80.0
"""Delay growth from which on the way counts as full: more than the jitter of a bad radio link."""
_STALL_MS = 300.0
"""So much is acted upon at once where a better rung is being tried, or far more was sent than came through."""
_SUSTAINED_S = 0.2
"""Less must have lasted so long: one burst of a key frame is no congestion."""
_CALM_MS = 50.0
LOSS = 0.08
"""Loss beyond the way's own from which on it counts as full."""
_CALM_LOSS = 0.03
_WINDOW_S = 1.0
"""Reports tell of few packets; loss and rates are averaged over about this time."""
_FULL_LOSS = 0.2
"""With a queue that loses so much, a step up was one too many: that is acted upon at once, too."""
_SETTLE_S = 1.5
"""After a step down: until the queue has drained and the effect can be seen."""
_DRAINING = 0.95
"""A queue that shrinks so from report to report needs only time."""
_HEADROOM = 0.75
"""A new rung may use so much of what came through while the way was full."""
_BEHIND = 0.85
"""Less of what was sent has come through: the way is narrower than what was sent."""
_FAR_BEHIND = 0.5
_STEP = 1.6
"""A rung takes so much less than the one before, at the least."""
_FIRST_PATIENCE_S, _LAST_PATIENCE_S = 5.0, 80.0
"""How long all must be well before a better rung is tried; doubled for one that was tried in vain, each time."""
_BEYOND_PATIENCE_S = 20.0
"""The same for a rung that takes more than came through while the way was full: ways do get better, but seldom."""
_TRIAL_S = 10.0
"""A step down so soon after a step up means that the try failed."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One quality of the ladder, relative to the best that the streamer gives."""

    max_fps: float
    coarser: int
    """Added to the quantizer; 6 halve the detail."""
    shrink: int
    max_bit_rate_bps: float


_BEST = Rung(60, 0, 1, math.inf)
RUNGS: Final[Mapping[Preference, tuple[Rung, ...]]] = {
    Preference.SMOOTH: (
        _BEST,
        Rung(60, 4, 1, 2_500_000),
        Rung(30, 7, 1, 1_200_000),
        Rung(30, 8, 2, 600_000),
        Rung(20, 11, 2, 300_000),
        Rung(10, 14, 2, 150_000),
    ),
    Preference.SHARP: (
        _BEST,
        Rung(30, 0, 1, 2_500_000),
        Rung(15, 2, 1, 1_200_000),
        Rung(8, 4, 1, 600_000),
        Rung(5, 6, 1, 300_000),
        Rung(3, 9, 1, 150_000),
    ),
    Preference.THRIFTY: (
        Rung(30, 7, 1, 1_200_000),
        Rung(20, 9, 1, 600_000),
        Rung(15, 11, 2, 300_000),
        Rung(8, 14, 2, 150_000),
    ),
    Preference.FIXED: (_BEST,),
}
"""Best first; each takes about half of what the one before takes."""


class Cause(enum.Enum):
    """Why a viewer is on its rung."""

    NONE = ""
    DELAY = "packets wait on the way to this screen"
    LOSS = "packets are lost on the way to this screen"


class Ladder:
    """Where one viewer stands on the ladder of its preference."""

    def __init__(self, preference: Preference = Preference.SMOOTH) -> None:
        self.cause = Cause.NONE
        self.loss = 0.0
        """Of the last second or so, before repair."""
        self.delay_ms = 0.0
        self.round_trip_ms = 0.0
        """As last reported."""
        self._preference = preference
        self._level = 0
        self._sent_bps = self._received_bps = 0.0
        self._way_loss = 0.0
        self._reported_s = -math.inf
        self._full_since_s = math.inf
        self._calm_since_s = math.inf
        self._stepped_s = self._lowered_s = -math.inf
        self._raised_s = -math.inf
        self._failed_level = -1
        self._patience_s = _FIRST_PATIENCE_S
        self._blamed: tuple[int, float] | None = None

    @property
    def rung(self) -> Rung:
        """What the viewer should get."""
        return RUNGS[self._preference][self._level]

    @property
    def level(self) -> int:
        """Number of the rung; 0 is the best of its preference."""
        return self._level

    def prefer(self, preference: Preference) -> bool:
        """Go by these rungs from now on, at about the same rate; whether that is another rung."""
        before = self.rung
        limit = before.max_bit_rate_bps if self._level else math.inf
        self._preference = preference
        self._level = self._first_within(limit)
        self._failed_level, self._blamed = -1, None
        if self._level == 0:
            self.cause = Cause.NONE
        return self.rung != before

    def report(self, report: PathReport, now_s: float, *, sent_bps: float | None = None) -> bool:
        """Take a report; whether the viewer's rung changed.

        Args:
            report: the newest.
            now_s: monotonic.
            sent_bps: media bits a second that left since the report before; None where no way can be narrow.
        """
        before = self._level
        self._smooth(report, now_s, report.received_bps if sent_bps is None else sent_bps)
        self._judge(report, now_s)
        if now_s - self._lowered_s >= _SETTLE_S:
            self._unblame_loss(now_s)
            full_s = now_s - self._full_since_s
            if full_s >= _SUSTAINED_S or (full_s >= 0 and self._plainly_full(report, now_s)):
                self._step_down(report, now_s)
            elif self._level and now_s - max(self._calm_since_s, self._stepped_s) >= self._needed_s():
                self._step_up(now_s)
        return self._level != before

    def _smooth(self, report: PathReport, now_s: float, sent_bps: float) -> None:
        share = min(1.0, max(0.1, (now_s - self._reported_s) / _WINDOW_S))
        self._reported_s = now_s
        self.loss += (report.loss - self.loss) * share
        self._sent_bps += (sent_bps - self._sent_bps) * share
        self._received_bps += (report.received_bps - self._received_bps) * share
        self.round_trip_ms = report.round_trip_ms
        self._way_loss = min(self._way_loss, self.loss)

    def _judge(self, report: PathReport, now_s: float) -> None:
        excess = self.loss - self._way_loss
        draining = report.delay_ms < _DRAINING * self.delay_ms
        self.delay_ms = report.delay_ms
        if (report.delay_ms >= QUEUE_MS and not draining) or excess >= LOSS:
            self._full_since_s = min(self._full_since_s, now_s)
            self._calm_since_s = math.inf
        else:
            self._full_since_s = math.inf
            if report.delay_ms < _CALM_MS and excess < _CALM_LOSS:
                self._calm_since_s = min(self._calm_since_s, now_s)
            else:
                self._calm_since_s = math.inf

    def _plainly_full(self, report: PathReport, now_s: float) -> bool:
        """A way so full that nothing need be waited for to see it."""
        stalls, overflows = report.delay_ms >= _STALL_MS, report.loss >= _FULL_LOSS
        if now_s - self._raised_s < _TRIAL_S:
            return stalls or (overflows and report.delay_ms >= QUEUE_MS)
        return stalls and self._received_bps < _FAR_BEHIND * self._sent_bps

    def _unblame_loss(self, now_s: float) -> None:
        blamed, self._blamed = self._blamed, None
        if blamed is None:
            return
        level, loss = blamed
        if self.loss > 0.7 * loss:
            # Less traffic lost as much: that is the way itself, and quality was given up for nothing.
            self._way_loss = self.loss
            self._full_since_s = math.inf
            self._level, self._stepped_s = level, now_s
            self.cause = Cause.NONE if level == 0 else self.cause

    def _step_down(self, report: PathReport, now_s: float) -> None:
        rungs = RUNGS[self._preference]
        if self._level == len(rungs) - 1:
            return
        queue = report.delay_ms >= QUEUE_MS
        level = self._level + 1
        if now_s - self._raised_s < _TRIAL_S:
            # The rung before was good enough.
            self._failed_level, self._raised_s = self._level, -math.inf
            self._patience_s = min(2 * self._patience_s, _LAST_PATIENCE_S)
        elif queue and self._received_bps < _BEHIND * self._sent_bps:
            level = self._first_taking(report.received_bps * _HEADROOM)
            self._failed_level = max(self._failed_level, self._first_taking(report.received_bps) - 1)
            self._patience_s = max(self._patience_s, _BEYOND_PATIENCE_S)
        if not queue:
            self._blamed = (self._level, self.loss)
        self._level, self.cause = level, Cause.DELAY if queue else Cause.LOSS
        self._stepped_s = self._lowered_s = now_s
        self._calm_since_s = self._full_since_s = math.inf

    def _needed_s(self) -> float:
        return self._patience_s if self._level - 1 <= self._failed_level else _FIRST_PATIENCE_S

    def _step_up(self, now_s: float) -> None:
        if self._level <= self._failed_level:
            # It came as far and held.
            self._failed_level, self._patience_s = -1, _FIRST_PATIENCE_S
        self._level -= 1
        self._stepped_s = self._raised_s = now_s
        if self._level == 0:
            self.cause = Cause.NONE

    def _first_taking(self, bit_rate_bps: float) -> int:
        """The first worse rung that takes no more than that, going by what is sent now."""
        rungs = RUNGS[self._preference]
        for level in range(self._level + 1, len(rungs)):
            takes_bps = min(rungs[level].max_bit_rate_bps, self._sent_bps / _STEP ** (level - self._level))
            if takes_bps <= bit_rate_bps:
                return level
        return len(rungs) - 1

    def _first_within(self, bit_rate_bps: float) -> int:
        rungs = RUNGS[self._preference]
        fitting = (level for level, rung in enumerate(rungs) if rung.max_bit_rate_bps <= bit_rate_bps)
        return next(fitting, len(rungs) - 1)
