import asyncio

from backend.streamer.spreader import AT_ONCE, Spreader
from tests.backend.streamer.textbook_viewer import until


def spreader(sent: list[bytes], rate_bps: int) -> Spreader[bytes]:
    made: Spreader[bytes] = Spreader(sent.append, len)
    made.rate_bps = rate_bps
    return made


def packets(first: int, count: int) -> list[bytes]:
    return [number.to_bytes(2, "big") * 500 for number in range(first, first + count)]


async def test_a_usual_picture_leaves_at_once() -> None:
    sent: list[bytes] = []
    one = spreader(sent, 1_000_000)
    one.add(packets(0, AT_ONCE))
    assert len(sent) == AT_ONCE
    assert not one.busy


async def test_the_rest_of_a_large_one_takes_its_time_and_what_follows_stays_behind() -> None:
    sent: list[bytes] = []
    one = spreader(sent, 4_000_000)
    loop = asyncio.get_running_loop()
    start = loop.time()
    one.add(packets(0, 40))
    one.add(packets(40, 2))
    assert len(sent) == AT_ONCE
    await until(lambda: len(sent) == 42)
    assert loop.time() - start > 31 * 8000 / 4_000_000 * 0.9
    assert sent == packets(0, 42)
    assert not one.busy


async def test_it_says_when_too_much_waits() -> None:
    sent: list[bytes] = []
    one = spreader(sent, 400_000)
    one.add(packets(0, AT_ONCE + 10))
    assert not one.full
    one.add(packets(0, 20))
    assert one.full
    one.clear()
    assert not one.full
    assert not one.busy
    await asyncio.sleep(0.05)
    assert len(sent) == AT_ONCE


async def test_even_the_slowest_rate_sends() -> None:
    sent: list[bytes] = []
    one = spreader(sent, 100_000)
    one.add(packets(0, AT_ONCE + 2))
    await until(lambda: len(sent) == AT_ONCE + 2)
