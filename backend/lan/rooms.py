"""Which guest belongs to which room: reads the setting ``rooms``. Pure."""

import contextlib
import re
from collections.abc import Mapping, Sequence

from backend.contract.errors import SettingsError, WireError
from backend.contract.instance import slot_of

EVERYONE_ELSE = "*"
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


class RoomPlan:
    """Rooms by member: an ordinal, a name, or everyone else."""

    def __init__(self, rooms: Sequence[str]) -> None:
        """Read ``rooms`` as the setting has them.

        Raises:
            SettingsError: a name or member that cannot be, or a member of two rooms.
        """
        self.names: list[str] = []
        self._members: dict[int | str, str] = {}
        for entry in rooms:
            name, equals, members = entry.partition("=")
            if not equals or not members or not _NAME.fullmatch(name) or name in self.names:
                raise SettingsError(
                    f"The room {entry!r} must be NAME=MEMBERS with a name of its own of small letters, digits and "
                    "dashes, such as yard=0-4."
                )
            self.names.append(name)
            for part in members.split("+"):
                self._add(part.strip(), name)

    def room_of(self, member: str) -> str:
        """The room of an instance or of a named guest.

        Raises:
            SettingsError: it is in none.
        """
        keys: list[int | str] = [member]
        with contextlib.suppress(WireError):  # a name without a number is a member by its name alone
            keys.append(slot_of(member))
        for key in [*keys, EVERYONE_ELSE]:
            if key in self._members:
                return self._members[key]
        raise SettingsError(f"No room has {member!r}: add it to 'rooms', or write * for everyone else.")

    def _add(self, part: str, name: str) -> None:
        match = _RANGE.fullmatch(part)
        keys: Sequence[int | str] = [part]
        if match:
            first = int(match[1])
            keys = range(first, int(match[2] or first) + 1)
        if not part or not keys:
            raise SettingsError(f"The members {part!r} of the room {name!r} are nobody; write a range such as 0-4.")
        for key in keys:
            if key in self._members:
                raise SettingsError(f"{key!r} is in the rooms {self._members[key]!r} and {name!r}: choose one.")
            self._members[key] = name


def named(entries: Sequence[str], setting: str, example: str) -> Mapping[str, list[str]]:
    """The values of NAME=VALUE entries, by name.

    Raises:
        SettingsError: an entry is not of this form.
    """
    values: dict[str, list[str]] = {}
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals or not name or not value:
            raise SettingsError(f"'{setting}' takes entries such as {example}, not {entry!r}.")
        values.setdefault(name, []).append(value)
    return values
