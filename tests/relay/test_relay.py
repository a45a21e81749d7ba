"""The relay between a real viewer and a real streamer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from backend.contract.control import LARGE_PACKETS
from tests.benchmarks._ours import Sender
from tests.loco_kiosk.fake_backend import FakeBackend
from tests.loco_kiosk.real_streamer import RealStreamer
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching
from tests.relay.impairment import Impairment
from tests.relay.relay import Relay, address_in, with_address

OFFER = "\r\n".join(
    (
        "v=0",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=candidate:1 1 udp 2130706431 fe80::1 5000 typ host",
        "a=candidate:2 1 udp 2130706431 192.0.2.7 5001 typ host",
        "a=end-of-candidates",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=candidate:2 1 udp 2130706431 192.0.2.7 5001 typ host",
        "",
    )
)


def test_the_relay_takes_the_place_of_all_candidates_of_a_section() -> None:
    assert address_in(OFFER) == ("192.0.2.7", 5001)
    bent = with_address(OFFER, ("127.0.0.1", 40_000))
    assert bent.count("a=candidate:") == 2
    assert bent.count("127.0.0.1 40000") == 2
    assert "192.0.2.7" not in bent
    assert "a=end-of-candidates" in bent


def test_a_description_without_candidates_is_refused() -> None:
    with pytest.raises(ValueError, match="no IPv4 host candidate"):
        address_in("v=0\r\n")


async def test_large_packets_are_not_asked_for_through_a_network() -> None:
    seen = []

    async def answer(offer: str) -> str:
        seen.append(offer)
        return OFFER

    async with Relay(Impairment(), Impairment()) as relay:
        await relay.bend(OFFER.replace("m=video", f"{LARGE_PACKETS}\r\nm=video"), answer)
    assert LARGE_PACKETS not in seen[0]


@asynccontextmanager
async def watching_through(relay: Relay) -> AsyncIterator[Watching]:
    async with RealStreamer() as streamer:
        behind = Sender(streamer.url, streamer.pid, relay.bend)
        async with FakeBackend({"instance-0": behind}) as backend, Watching(backend.url) as viewer:
            await until(viewer.live, 30.0)
            yield viewer


async def test_media_goes_through_the_relay_and_nowhere_else() -> None:
    async with Relay(Impairment(), Impairment()) as relay, watching_through(relay) as viewer:
        sink = viewer.sinks["instance-0"]
        await until(lambda: len(sink.timings) > 10)
        passed = relay.links[0].to_viewer.passed
        assert passed > 20
        relay.change(Impairment(loss=1), Impairment(loss=1))
        await asyncio.sleep(0.3)  # what was in sockets
        shown = len(sink.timings)
        await asyncio.sleep(0.5)
        assert len(sink.timings) == shown


async def test_pictures_go_on_through_loss_and_reordering() -> None:
    bad = Impairment(loss=0.05, delay_ms=2, jitter_ms=10)
    async with Relay(bad, bad) as relay, watching_through(relay) as viewer:
        before = len(viewer.sinks["instance-0"].timings)
        await until(lambda: len(viewer.sinks["instance-0"].timings) > before + 60, 20.0)
        path = relay.links[0].to_viewer
        assert path.lost > 0
