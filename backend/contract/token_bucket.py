"""Rate limit that allows bursts."""


class TokenBucket:
    """Holds up to ``burst`` tokens and gains ``rate`` a second; time comes in as monotonic seconds."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._filled_s = 0.0

    def take(self, now_s: float, amount: float = 1.0) -> bool:
        """Take so many tokens if they are there."""
        self._fill(now_s)
        if self._tokens < amount:
            return False
        self._tokens -= amount
        return True

    def spend(self, now_s: float, amount: float = 1.0) -> None:
        """Take so many tokens, on credit where they are not there; the debt is at most a burst."""
        self._fill(now_s)
        self._tokens = max(-self._burst, self._tokens - amount)

    def wait_s(self, now_s: float) -> float:
        """Seconds until :meth:`take` succeeds; 0 now."""
        self._fill(now_s)
        return max(0.0, (1.0 - self._tokens) / self._rate)

    def _fill(self, now_s: float) -> None:
        if self._filled_s and now_s > self._filled_s:
            self._tokens = min(self._burst, self._tokens + (now_s - self._filled_s) * self._rate)
        self._filled_s = now_s
