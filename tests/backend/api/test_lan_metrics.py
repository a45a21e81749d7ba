from prometheus_client import CollectorRegistry, generate_latest

from backend.api.lan_metrics import LanCollector
from backend.api.lan_source import LanSource
from tests.backend.fake_switch import FakeSwitch


async def test_it_tells_whether_the_switch_answers() -> None:
    async with FakeSwitch().serving() as switch, LanSource(switch.address) as source:
        registry = CollectorRegistry()
        registry.register(LanCollector(source))
        assert b"loco_lan_answers 0.0" in generate_latest(registry)
        await source.body()
        text = generate_latest(registry)
    assert b"loco_lan_answers 1.0" in text
    assert b"loco_lan_asked_total 1.0" in text
    assert b"loco_lan_failed_total 0.0" in text
