"""Whatever happens to pods, connections and the server, in whatever order: the copy ends equal to the cluster."""

import asyncio
import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.discovery.kubernetes.errors import KubernetesError
from backend.discovery.kubernetes.reflector import Reflector
from tests.backend.discovery.kubernetes.following import following, truth
from tests.fakes.kube_api.objects import pod
from tests.fakes.kube_api.server import Fault, KubeApiServer, serving

Step = tuple[str, int]
STEPS = st.tuples(
    st.sampled_from(
        ["put", "put", "put", "replace", "delete", "cut", "garble", "compact", "restart", "refresh", "fail", "wait"]
    ),
    st.integers(0, 4),
)


async def take(step: Step, server: KubeApiServer, reflector: Reflector) -> None:
    """One step; a word that is none of the cluster's is one of the connection's."""
    what, number = step
    pods = server.cluster.collections["pods"]
    match what:
        case "put":
            await server.cluster.put("pods", pod(number, ready=bool(len(pods.history) % 2)))
        case "replace":
            await server.cluster.put("pods", pod(number, uid=f"uid-{number}-{server.cluster.version}"))
        case "delete" if ("loco", f"emu-{number}") in pods.objects:
            await server.cluster.delete("pods", f"emu-{number}")
        case "refresh":
            with contextlib.suppress(KubernetesError):
                await reflector.refresh()
        case "wait":
            await asyncio.sleep(number * 0.01)
        case _:
            await harm(what, number, server)


async def harm(what: str, number: int, server: KubeApiServer) -> None:
    match what:
        case "cut":
            server.behaviour.cut_next_line = True
        case "garble":
            server.behaviour.garble_next_line = True
        case "compact":
            server.cluster.forget_history()
        case "restart":
            await server.restart()
        case "fail":
            verb = ("list", "watch", "probe", "", "watch")[number]
            server.behaviour.faults.append(Fault((500, 403, 429, 410, 503)[number], verb, times=1 + number))


async def live_through(story: list[Step]) -> None:
    async with serving() as server:
        for ordinal in range(2):
            await server.cluster.put("pods", pod(ordinal))
        server.behaviour.bookmark_every_s = 0.02
        async with following(server.url) as one:
            for step in story:
                await take(step, server, one.reflector)
            server.behaviour.cut_next_line = server.behaviour.garble_next_line = False
            server.behaviour.faults.clear()
            await one.until(lambda: one.versions == truth(server.cluster) and one.reflector.phase == "live", 10)
            assert one.names == {name for _, name in server.cluster.collections["pods"].objects}
            assert one.counters.drift == 0


@settings(max_examples=20)
@given(st.lists(STEPS, max_size=20))
def test_the_copy_ends_equal_to_the_cluster(story: list[Step]) -> None:
    asyncio.run(live_through(story))
