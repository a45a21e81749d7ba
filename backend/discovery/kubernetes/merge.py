"""From pods and endpoints to instances: a pure function of what is known now, whatever came in which order.

A pod tells first and says why, so it decides where both are watched; the service's endpoints confirm it, and decide
where no pods can be read. Both are joined by the pod's UID: a pod may be in several slices (dual stack, or for a moment
while the cluster moves it), and a pod of the same name with another UID is another one.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace

from backend.contract.instance import InstanceState
from backend.discovery.kubernetes.facts import Endpoint, Json, Pod, by_family, read_pod, read_slice

_NOT_SERVING = "It was ready, and is not any more; it may come back by itself."
_STARTING = "It is starting; the cluster has not called it ready yet."
_STOPPING = "It is being stopped on purpose."


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """An instance as the cluster sees it."""

    uid: str
    ordinal: int
    state: InstanceState
    reason: str
    addresses: tuple[str, ...] = ()
    port: int = 0
    node: str = ""
    zone: str = ""
    created: str = ""
    disputed: bool = False
    """Pod and endpoints say different things, which must not last."""


def observe(
    slices: Iterable[Json],
    pods: Iterable[Json],
    *,
    streamer_port_name: str = "http",
    seen_ready: Set[str] = frozenset(),
) -> dict[int, Observed]:
    """All instances by ordinal, from raw objects; see :func:`merge`."""
    endpoints = [end for item in slices for end in read_slice(item, streamer_port_name)]
    known = [pod for pod in (read_pod(item, streamer_port_name) for item in pods) if pod is not None]
    return merge(endpoints, known, seen_ready=seen_ready)


class Memo:
    """Keeps what each pod and its endpoint became, so that of a thousand only what changed is merged again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[Pod, Endpoint | None, bool, bool], Observed]] = {}

    def merged(
        self, pods: Collection[Pod], joined: Mapping[str, Endpoint], *, seen_ready: Set[str], listing: bool
    ) -> list[Observed]:
        """Each pod with its endpoint; the same objects as before where all that is known is the same as before."""
        before, self._known = self._known, {}
        for pod in pods:
            end = joined.get(pod.uid)
            facts = (pod, end, listing, pod.uid in seen_ready)
            known = before.get(pod.uid)
            if known is None or known[0] != facts:
                known = facts, _remembering(_of_pod(pod, end, listing=listing), seen_ready)
            self._known[pod.uid] = known
        return [observed for _, observed in self._known.values()]


def merge(
    endpoints: Collection[Endpoint] | None,
    pods: Collection[Pod],
    *,
    seen_ready: Set[str] = frozenset(),
    pods_known: bool = True,
    memo: Memo | None = None,
) -> dict[int, Observed]:
    """All instances by ordinal.

    Args:
        endpoints: of the service; None where they cannot be read now.
        pods: of the emulators.
        seen_ready: UIDs that were ready before: such a one is degraded when it no longer serves, not booting.
        pods_known: False when ``pods`` is old and cannot be read now, or never could: the endpoints decide.
        memo: of the merges before, for speed alone.
    """
    joined = _join(endpoints or ())
    if pods_known:
        found = (memo or Memo()).merged(pods, joined, seen_ready=seen_ready, listing=endpoints is not None)
    else:
        found = _of_endpoints(joined, {pod.uid: pod for pod in pods}, seen_ready)
    chosen: dict[int, Observed] = {}
    for each in found:
        rival = chosen.get(each.ordinal)
        if rival is None or _rank(each) > _rank(rival):
            chosen[each.ordinal] = each
    return chosen


def _join(endpoints: Iterable[Endpoint]) -> dict[str, Endpoint]:
    joined: dict[str, Endpoint] = {}
    for end in endpoints:
        known = joined.get(end.key)
        joined[end.key] = end if known is None else _union(known, end)
    return joined


def _union(one: Endpoint, other: Endpoint) -> Endpoint:
    """The same pod in two slices; the result is the same in either order."""
    told = {one.serving, other.serving} - {None}
    return replace(
        one,
        addresses=by_family(one.addresses + other.addresses, ()),
        serving=any(told) if told else None,
        terminating=one.terminating or other.terminating,
        port=min(filter(None, (one.port, other.port)), default=0),
        node=max(one.node, other.node),
        zone=max(one.zone, other.zone),
        ordinal=max(one.ordinal, other.ordinal, key=lambda each: -1 if each is None else each),
    )


def _of_pod(pod: Pod, end: Endpoint | None, *, listing: bool) -> Observed:
    state, reason = pod.state, pod.reason
    # Nothing takes a deletion mark back, so whoever saw it is right.
    if end is not None and end.terminating and state is not InstanceState.TERMINATING:
        state, reason = InstanceState.TERMINATING, _STOPPING
    addresses = by_family(end.addresses, pod.addresses) if end else pod.addresses
    return Observed(
        uid=pod.uid,
        ordinal=pod.ordinal,
        state=state,
        reason=reason,
        addresses=addresses,
        port=end.port if end and end.port else pod.port,
        node=pod.node or (end.node if end else ""),
        zone=(end.zone if end else "") or pod.zone,
        created=pod.created,
        disputed=listing and _disputed(pod, end),
    )


def _disputed(pod: Pod, end: Endpoint | None) -> bool:
    """Whether the endpoints see a pod otherwise than it sees itself. A stopping pod leaves them at some time."""
    if pod.state is InstanceState.TERMINATING:
        return end is not None and not end.terminating and end.serving is not None
    if end is None:
        return pod.state is InstanceState.READY
    if end.terminating or not set(end.addresses) & set(pod.addresses):
        return True
    return end.serving is not None and end.serving != (pod.state is InstanceState.READY)


def _of_endpoints(joined: dict[str, Endpoint], pods: dict[str, Pod], seen_ready: Set[str]) -> list[Observed]:
    found = [_of_endpoint(end, pods.get(key), seen_ready) for key, end in joined.items() if end.ordinal is not None]
    # A pod without an address is in no slice, so its absence says nothing; one with an address has ended.
    waiting = [pod for pod in pods.values() if pod.uid not in joined and not pod.addresses]
    return found + [_remembering(_of_pod(pod, None, listing=False), seen_ready) for pod in waiting]


def _of_endpoint(end: Endpoint, pod: Pod | None, seen_ready: Set[str]) -> Observed:
    assert end.ordinal is not None
    was_ready = end.key in seen_ready or (
        pod is not None and pod.state in (InstanceState.READY, InstanceState.DEGRADED)
    )
    if end.terminating or (pod is not None and pod.state is InstanceState.TERMINATING):
        state, reason = InstanceState.TERMINATING, _STOPPING
    elif end.serving is not False:
        state, reason = InstanceState.READY, ""
    else:
        state, reason = (InstanceState.DEGRADED, _NOT_SERVING) if was_ready else (InstanceState.BOOTING, _STARTING)
    return Observed(
        uid=end.key,
        ordinal=end.ordinal,
        state=state,
        reason=reason,
        addresses=by_family(end.addresses, pod.addresses if pod else ()),
        port=end.port or (pod.port if pod else 0),
        node=end.node,
        zone=end.zone or (pod.zone if pod else ""),
        created=pod.created if pod else "",
    )


def _remembering(observed: Observed, seen_ready: Set[str]) -> Observed:
    if observed.state is InstanceState.BOOTING and observed.uid in seen_ready:
        return replace(observed, state=InstanceState.DEGRADED, reason=_NOT_SERVING)
    return observed


def _rank(observed: Observed) -> tuple[bool, str, bool, str]:
    """Of several pods with one ordinal, the one that lives, then the newest, counts; the last two only decide ties."""
    ending = observed.state in (InstanceState.TERMINATING, InstanceState.LOST)
    return not ending, observed.created, observed.state is InstanceState.READY, observed.uid
