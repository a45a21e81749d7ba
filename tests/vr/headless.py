"""An OpenXR session without graphics (``XR_MND_headless``): reads what the runtime says, and draws nothing."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import xr

EXTENSIONS = ["XR_MND_headless", "XR_KHR_convert_timespec_time"]
PROFILE = "/interaction_profiles/valve/index_controller"


@dataclass
class HeadlessSession:
    """Spaces and inputs of a running session."""

    instance: xr.Instance
    session: xr.Session
    local: xr.Space
    head: xr.Space
    aim: dict[str, xr.Space]
    actions: xr.ActionSet
    trigger: xr.Action

    def pose(self, space: xr.Space) -> tuple[float, ...]:
        """Position and rotation (xyzw) in LOCAL, now."""
        pose = xr.locate_space(space, self.local, self._now()).pose
        position, rotation = pose.position, pose.orientation
        return (position.x, position.y, position.z, rotation.x, rotation.y, rotation.z, rotation.w)

    def trigger_value(self, side: str) -> float:
        """0..1."""
        self.poll()
        active = xr.ActiveActionSet(self.actions, xr.NULL_PATH)
        xr.sync_actions(self.session, xr.ActionsSyncInfo(active_action_sets=[active]))
        path = xr.string_to_path(self.instance, f"/user/hand/{side}")
        return float(xr.get_action_state_float(self.session, xr.ActionStateGetInfo(self.trigger, path)).current_state)

    def poll(self) -> list[xr.StructureType]:
        """Kinds of the events that have come."""
        found: list[xr.StructureType] = []
        while True:
            try:
                event = xr.poll_event(self.instance)
            except xr.exception.EventUnavailable:
                return found
            found.append(xr.StructureType(event.type))

    def _now(self) -> int:
        seconds = time.monotonic()
        now = xr.timespec(int(seconds), int(seconds % 1 * 1e9))
        return int(xr.convert_timespec_time_to_time_khr(self.instance, now).value)


@contextmanager
def headless() -> Iterator[HeadlessSession]:
    """A session on the runtime that the environment names, with the triggers and aim poses of both hands."""
    application = xr.ApplicationInfo("test", 1, "test", 1, xr.Version(1, 0, 0))
    instance = xr.create_instance(
        xr.InstanceCreateInfo(application_info=application, enabled_extension_names=EXTENSIONS)
    )
    try:
        system = xr.get_system(instance, xr.SystemGetInfo(xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        session = xr.create_session(instance, xr.SessionCreateInfo(system_id=system))
        hands = [xr.string_to_path(instance, f"/user/hand/{side}") for side in ("left", "right")]
        actions = xr.create_action_set(instance, xr.ActionSetCreateInfo("test", "Test", 0))
        trigger = _action(actions, "trigger", xr.ActionType.FLOAT_INPUT, hands)
        aim = _action(actions, "aim", xr.ActionType.POSE_INPUT, hands)
        _bind(instance, [(trigger, "input/trigger/value"), (aim, "input/aim/pose")])
        xr.attach_session_action_sets(session, xr.SessionActionSetsAttachInfo(action_sets=[actions]))
        xr.begin_session(session, xr.SessionBeginInfo(xr.ViewConfigurationType.PRIMARY_STEREO))
        yield HeadlessSession(
            instance=instance,
            session=session,
            local=_space(session, xr.ReferenceSpaceType.LOCAL),
            head=_space(session, xr.ReferenceSpaceType.VIEW),
            aim={
                side: xr.create_action_space(session, xr.ActionSpaceCreateInfo(aim, path))
                for side, path in zip(("left", "right"), hands, strict=True)
            },
            actions=actions,
            trigger=trigger,
        )
    finally:
        xr.destroy_instance(instance)


def _action(actions: xr.ActionSet, name: str, kind: xr.ActionType, hands: Sequence[int]) -> xr.Action:
    info = xr.ActionCreateInfo(name, kind, subaction_paths=hands, localized_action_name=name)
    return xr.create_action(actions, info)


def _bind(instance: xr.Instance, inputs: Sequence[tuple[xr.Action, str]]) -> None:
    bindings = [
        xr.ActionSuggestedBinding(action, xr.string_to_path(instance, f"/user/hand/{side}/{place}"))
        for action, place in inputs
        for side in ("left", "right")
    ]
    profile = xr.string_to_path(instance, PROFILE)
    xr.suggest_interaction_profile_bindings(
        instance, xr.InteractionProfileSuggestedBinding(profile, suggested_bindings=bindings)
    )


def _space(session: xr.Session, kind: xr.ReferenceSpaceType) -> xr.Space:
    return xr.create_reference_space(session, xr.ReferenceSpaceCreateInfo(kind))
