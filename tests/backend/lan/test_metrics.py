import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from backend.lan.metrics import PortCollector, SwitchCollector, exposition
from backend.lan.settings import LanSettings
from backend.lan.switch import Switch
from tests.backend.lan.wires import Ear, frame

ROOT = Path(__file__).resolve().parents[3]


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Values by name and labels."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def shown() -> str:
    switch = Switch(LanSettings())
    room = switch.rooms["lan"].room
    one, two = Ear(1), Ear(2)
    room.add(one)
    room.add(two)
    room.forward(one, frame(1), 1.0)
    room.forward(one, b"", 1.0)
    two.set_connected(False)
    ports = PortCollector(lambda: [(each.room.name, port) for each, port in switch.ports])
    return exposition(ports, SwitchCollector(switch)).decode()


def test_every_counter_of_a_port_is_shown() -> None:
    values = samples(shown())
    assert values["loco_lan_port_up", "instance-0", "lan"] == 1
    assert values["loco_lan_port_up", "instance-1", "lan"] == 0
    assert values["loco_lan_frames_total", "in", "instance-0", "lan"] == 1
    assert values["loco_lan_bytes_total", "out", "instance-1", "lan"] == 60
    assert values["loco_lan_drops_total", "too_short", "instance-0", "lan"] == 1
    assert values["loco_lan_broadcasts_total", "instance-0", "loco", "lan"] == 1
    assert values["loco_lan_addresses", "lan"] == 1
    assert values["loco_lan_pairs", "down", "lan"] == 1
    assert values["loco_lan_flaps_total", "lan"] == 0
    assert values["loco_lan_refused_total", "agent"] == 0


def test_every_name_is_explained() -> None:
    explained = (ROOT / "docs" / "lan.md").read_text(encoding="utf-8")
    names = set(re.findall(r"^# TYPE (loco_lan_\w+)", shown(), flags=re.MULTILINE))
    assert len(names) == 9
    assert {name for name in names if f"`{name}`" not in explained} == set()
