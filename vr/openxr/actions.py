"""The action set: made once for an instance, attached to a session, read once a frame."""

import ctypes
import logging
from dataclasses import dataclass

import xr

from vr.openxr import bindings
from vr.openxr.bindings import Action
from vr.openxr.extensions import Extensions
from vr.openxr.instance import in_words
from vr.openxr.spaces import Spaces
from vr.scene.controllers import ABSENT, Hand, HandState

log = logging.getLogger(__name__)

_KINDS = {
    Action.AIM: xr.ActionType.POSE_INPUT,
    Action.GRIP: xr.ActionType.POSE_INPUT,
    Action.SELECT: xr.ActionType.FLOAT_INPUT,
    Action.SECONDARY: xr.ActionType.BOOLEAN_INPUT,
    Action.GRAB: xr.ActionType.FLOAT_INPUT,
    Action.STICK: xr.ActionType.VECTOR2F_INPUT,
    Action.MENU: xr.ActionType.BOOLEAN_INPUT,
    Action.HAPTIC: xr.ActionType.VIBRATION_OUTPUT,
}
# What a runtime's own page of bindings shows.
_LABELS = {
    Action.AIM: "Point",
    Action.GRIP: "Hold",
    Action.SELECT: "Left mouse button",
    Action.SECONDARY: "Right mouse button",
    Action.GRAB: "Move a screen",
    Action.STICK: "Mouse wheel",
    Action.MENU: "Wrist menu",
    Action.HAPTIC: "Tick",
}
# A tick to be felt, not heard; where the runtime knows no frequency it takes its own.
_TICK_NS, _TICK_STRENGTH = 12_000_000, 0.4


@dataclass(frozen=True, slots=True)
class _Reading:
    """The structs of one hand that are asked each frame, made once: making them costs more than asking."""

    info: dict[Action, xr.ActionStateGetInfo]
    aim: xr.Space
    grip: xr.Space


class Actions:
    """The actions of one instance and session.

    Raises:
        OpenXrError: the runtime refuses the set as a whole; a profile that it refuses alone is only logged.
    """

    def __init__(self, instance: xr.Instance, session: xr.Session, extensions: Extensions, spaces: Spaces) -> None:
        self._instance, self._session, self._spaces = instance, session, spaces
        with in_words():
            self._paths = {hand: xr.string_to_path(instance, f"/user/hand/{hand.value}") for hand in Hand}
            self._set = self._make_set()
            self._actions = {action: self._make_action(action) for action in Action}
            self._hand_profiles = self._suggest(extensions)
            xr.attach_session_action_sets(session, xr.SessionActionSetsAttachInfo(action_sets=[self._set]))
            self._readings = {hand: self._reading(hand) for hand in Hand}
        self._active_set = xr.ActiveActionSet(self._set)
        self._sync = xr.ActionsSyncInfo(active_action_sets=ctypes.pointer(self._active_set))
        self._bare = dict.fromkeys(Hand, False)

    def read(self, time: int) -> dict[Hand, HandState]:
        """Both hands at ``time``; inactive while the session is not focused or a controller is off.

        Raises:
            RuntimeLostError, OpenXrError: as their names say.
        """
        with in_words():
            try:
                xr.sync_actions(self._session, self._sync)
            except xr.SessionNotFocused:
                return dict.fromkeys(Hand, ABSENT)
            active = {hand: reading for hand, reading in self._readings.items() if self._is_active(reading)}
            self._spaces.look([space for reading in active.values() for space in (reading.aim, reading.grip)], time)
            return {hand: self._read_hand(hand, active.get(hand), time) for hand in Hand}

    def profile_changed(self) -> None:
        """Ask again whether a hand is bare or holds a controller; called on the runtime's event."""
        with in_words():
            for hand, path in self._paths.items():
                profile = xr.get_current_interaction_profile(self._session, path).interaction_profile
                self._bare[hand] = profile in self._hand_profiles
                name = xr.path_to_string(self._instance, profile) if profile else "none"
                log.info("%s hand: %s", hand.value, name)

    def tick(self, hand: Hand) -> None:
        """A short vibration; nothing where the hand has nothing that vibrates."""
        where = xr.HapticActionInfo(action=self._actions[Action.HAPTIC], subaction_path=self._paths[hand])
        pulse = xr.HapticVibration(_TICK_NS, xr.FREQUENCY_UNSPECIFIED, _TICK_STRENGTH)
        with in_words():
            try:
                # The struct itself: pyopenxr refuses a pointer to it, whatever its annotation says.
                xr.apply_haptic_feedback(self._session, where, pulse)
            except xr.SessionNotFocused:
                log.debug("no tick: another program has the controllers")

    def _is_active(self, reading: _Reading) -> bool:
        return bool(xr.get_action_state_pose(self._session, reading.info[Action.AIM]).is_active)

    def _read_hand(self, hand: Hand, reading: _Reading | None, time: int) -> HandState:
        if reading is None:
            return ABSENT
        stick = xr.get_action_state_vector2f(self._session, reading.info[Action.STICK]).current_state
        return HandState(
            active=True,
            aim=self._spaces.locate(reading.aim, time),
            grip=self._spaces.locate(reading.grip, time),
            select=self._number(reading, Action.SELECT),
            secondary=self._pressed(reading, Action.SECONDARY),
            grab=self._number(reading, Action.GRAB),
            stick=(stick.x, stick.y),
            menu=self._pressed(reading, Action.MENU),
            kind="hand" if self._bare[hand] else "controller",
        )

    def _number(self, reading: _Reading, action: Action) -> float:
        return float(xr.get_action_state_float(self._session, reading.info[action]).current_state)

    def _pressed(self, reading: _Reading, action: Action) -> bool:
        return bool(xr.get_action_state_boolean(self._session, reading.info[action]).current_state)

    def _make_set(self) -> xr.ActionSet:
        info = xr.ActionSetCreateInfo(action_set_name="wall", localized_action_set_name="Wall", priority=0)
        return xr.create_action_set(self._instance, info)

    def _make_action(self, action: Action) -> xr.Action:
        info = xr.ActionCreateInfo(
            action_name=action.value,
            action_type=_KINDS[action],
            subaction_paths=list(self._paths.values()),
            localized_action_name=_LABELS[action],
        )
        return xr.create_action(self._set, info)

    def _suggest(self, extensions: Extensions) -> frozenset[int]:
        """Tell the runtime what each controller does; returns the profiles of bare hands."""
        bare = set()
        for profile in bindings.offered(extensions):
            path = xr.string_to_path(self._instance, profile.path)
            suggested = [
                xr.ActionSuggestedBinding(self._actions[action], xr.string_to_path(self._instance, where))
                for action, where in profile.bindings()
            ]
            info = xr.InteractionProfileSuggestedBinding(interaction_profile=path, suggested_bindings=suggested)
            try:
                xr.suggest_interaction_profile_bindings(self._instance, info)
            except xr.PathUnsupportedError:
                log.warning("the runtime does not know %s as we do; such controllers stay silent", profile.path)
                continue
            if profile.hand:
                bare.add(path.value)
        return frozenset(bare)

    def _reading(self, hand: Hand) -> _Reading:
        path = self._paths[hand]
        info: dict[Action, xr.ActionStateGetInfo] = {
            action: xr.ActionStateGetInfo(action=self._actions[action], subaction_path=path)
            for action in Action
            if action is not Action.HAPTIC
        }
        return _Reading(info, self._space(Action.AIM, path), self._space(Action.GRIP, path))

    def _space(self, action: Action, path: int) -> xr.Space:
        info = xr.ActionSpaceCreateInfo(action=self._actions[action], subaction_path=path)
        return xr.create_action_space(self._session, info)
