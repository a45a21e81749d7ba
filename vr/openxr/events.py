"""What the runtime tells between frames, as plain values."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import xr

from vr.openxr.instance import in_words


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The session's state; the number of an XrSessionState."""

    state: int


@dataclass(frozen=True, slots=True)
class Recentred:
    """The wearer recentred: LOCAL has a new origin."""


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Other controllers, or bare hands instead."""


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """The headset was put on or taken off (XR_EXT_user_presence)."""

    worn: bool


@dataclass(frozen=True, slots=True)
class RuntimeEnds:
    """The runtime is about to end and wants everything given back."""


Event = StateChanged | Recentred | ProfileChanged | PresenceChanged | RuntimeEnds


def poll(instance: xr.Instance) -> Iterator[Event]:
    """All that waits; what nobody here needs is left out.

    Raises:
        RuntimeLostError: the connection to the runtime broke.
    """
    while True:
        with in_words():
            try:
                buffer = xr.poll_event(instance)
            except xr.EventUnavailable:
                return
        if (event := _read(buffer)) is not None:
            yield event


def _read(buffer: xr.EventDataBuffer) -> Event | None:
    match buffer.type:
        case xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
            return StateChanged(_as(buffer, xr.EventDataSessionStateChanged).state.value)
        case xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
            moved = _as(buffer, xr.EventDataReferenceSpaceChangePending).reference_space_type
            return Recentred() if moved is xr.ReferenceSpaceType.LOCAL else None
        case xr.StructureType.EVENT_DATA_INTERACTION_PROFILE_CHANGED:
            return ProfileChanged()
        case xr.StructureType.EVENT_DATA_USER_PRESENCE_CHANGED_EXT:
            return PresenceChanged(bool(_as(buffer, xr.EventDataUserPresenceChangedEXT).is_user_present))
        case xr.StructureType.EVENT_DATA_INSTANCE_LOSS_PENDING:
            return RuntimeEnds()
        case _:
            return None


def _as(buffer: xr.EventDataBuffer, kind: type[xr.EventDataBaseHeader]) -> Any:  # noqa: ANN401 - one of many structs
    return ctypes.cast(ctypes.pointer(buffer), ctypes.POINTER(kind)).contents
