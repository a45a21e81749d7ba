"""What the log tells of instances that change."""

import logging

from backend.contract.instance import Instance, InstanceState

log = logging.getLogger(__name__)

NAMED = 9
"""Of more that changed alike together, only so many are named."""
_Change = tuple[InstanceState, InstanceState, str]


class Chronicle:
    """Gathers changes of state, and tells those that are alike in one line.

    Two hundred pods that change at once are one piece of news, and two hundred lines would hold it up.
    """

    def __init__(self) -> None:
        self._news: dict[_Change, list[str]] = {}

    def note(self, old: Instance, new: Instance) -> None:
        """Remember a change, if it is one of state."""
        if new.state is not old.state:
            self._news.setdefault((old.state, new.state, new.reason), []).append(new.id)

    def tell(self) -> None:
        """Log what has been noted since."""
        if not self._news:
            return
        news, self._news = self._news, {}
        for (old, new, reason), ids in news.items():
            log.info("%s: %s -> %s%s", _names(ids), old, new, f": {reason}" if reason else "")


def _names(ids: list[str]) -> str:
    named = ", ".join(ids[:NAMED])
    return named if len(ids) <= NAMED else f"{named} and {len(ids) - NAMED} more"
