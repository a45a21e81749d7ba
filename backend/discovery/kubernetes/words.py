"""What a pod says of itself, in words for a person who knows no Kubernetes: pure functions over raw JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

_IMAGE = {"ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"}
_QUIET = {"ContainerCreating", "PodInitializing"}


def condition(pod: Json, kind: str) -> Json:
    """A condition of a pod by its type; empty where it has none."""
    for each in pod.get("status", {}).get("conditions") or ():
        if each.get("type") == kind:
            found: Json = each
            return found
    return {}


def why_pending(pod: Json) -> str:
    """Why a pod has no address yet."""
    if trouble := why_broken(pod):
        return trouble
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return f"The cluster has no place for it: {_short(scheduled.get('message') or scheduled.get('reason'))}"
    if scheduled.get("status") == "True":
        return "It has a place in the cluster; its containers are being created."
    return "It waits for a place in the cluster."


def why_broken(pod: Json) -> str:
    """Which container is in trouble; empty when none is."""
    for status in _containers(pod):
        name, state = status.get("name", "?"), status.get("state") or {}
        waiting = (state.get("waiting") or {}).get("reason", "")
        if waiting in _IMAGE:
            return f"The image of its container {name} cannot be had ({waiting}): {_short(_message(state))}"
        if waiting == "CrashLoopBackOff":
            ended = _ended((status.get("lastState") or {}).get("terminated") or {})
            return f"Its container {name} keeps ending{ended}, {status.get('restartCount', 0)} times so far; " + _AGAIN
        if waiting and waiting not in _QUIET:
            return f"Its container {name} cannot start ({waiting}): {_short(_message(state))}"
    return why_restarting(pod)


def why_restarting(pod: Json) -> str:
    """Which container has ended, though it should run; empty when none has."""
    for status in pod.get("status", {}).get("containerStatuses") or ():
        ended = (status.get("state") or {}).get("terminated")
        if ended:
            return f"Its container {status.get('name', '?')} ended{_ended(ended)}; {_AGAIN}"
    return ""


def why_ended(pod: Json) -> str:
    """Why a pod runs no more, though nobody is deleting it."""
    status = pod.get("status", {})
    reason = status.get("reason") or why_restarting(pod).partition(";")[0] or status.get("phase")
    return f"Its pod has ended ({_short(reason).rstrip('.')}); the cluster makes a new one."


def restarts(pod: Json) -> int:
    """How often containers of a pod were started again."""
    return sum(status.get("restartCount", 0) for status in pod.get("status", {}).get("containerStatuses") or ())


_AGAIN = "the cluster starts it again."


def _containers(pod: Json) -> Iterator[Json]:
    status = pod.get("status", {})
    yield from status.get("initContainerStatuses") or ()
    yield from status.get("containerStatuses") or ()


def _message(state: Json) -> str:
    return (state.get("waiting") or {}).get("message") or "no more is known"


def _ended(terminated: Json) -> str:
    if not terminated:
        return ""
    reason = terminated.get("reason", "")
    words = f", {reason}" if reason not in ("", "Error", "Completed") else ""
    return f" (exit code {terminated.get('exitCode', '?')}{words})"


def _short(text: object) -> str:
    """Of somebody else's words, not more than a tile can show; always a sentence."""
    words = " ".join(str(text or "no more is known").split())
    return (words if len(words) <= 200 else words[:199] + "…").rstrip(".") + "."
