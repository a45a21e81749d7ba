import os
from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.contract.lan_wiring import guest_mac
from backend.local.plan import cluster_plan
from backend.qemu.emulator import Emulator
from backend.settings import BackendSettings


def test_each_guest_has_its_slot_its_name_and_its_streamer(tmp_path: Path) -> None:
    settings = BackendSettings(local=3, state_directory=tmp_path, log_level="debug", log_format="json")
    plan = cluster_plan(settings, {"guest": {"memory_mib": 48, "instance-1": {"memory_mib": 64}}})
    assert [(machine.id, machine.slot, machine.name) for machine in plan.machines] == [
        ("instance-0", 0, "PC 1"),
        ("instance-1", 1, "PC 2"),
        ("instance-2", 2, "PC 3"),
    ]
    assert [machine.memory_mib for machine in plan.machines] == [48, 64, 48]
    arguments = " ".join(plan.machines[1].streamer)
    assert "--instance instance-1" in arguments
    assert "--log-level debug --log-format json" in arguments
    assert "--media-addresses 127.0.0.1" in arguments
    assert plan.state_root == tmp_path


def test_a_backend_for_the_network_offers_media_on_all_addresses() -> None:
    plan = cluster_plan(BackendSettings(local=1), {}, loopback=False)
    assert "--media-addresses" not in plan.machines[0].streamer
    plan = cluster_plan(BackendSettings(local=1, media_addresses=("192.0.2.1", "192.0.2.2")), {}, loopback=False)
    assert "192.0.2.1,192.0.2.2" in plan.machines[0].streamer


def test_streamers_find_the_package_and_the_settings_file() -> None:
    plan = cluster_plan(BackendSettings(local=1), {}, config="/etc/wall.toml")
    assert plan.environment["LOCO_CONFIG"] == "/etc/wall.toml"
    assert (Path(plan.environment["PYTHONPATH"].split(os.pathsep)[0]) / "backend" / "local").is_dir()


def test_a_misspelt_guest_setting_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="memory_mib"):
        cluster_plan(BackendSettings(local=1), {"guest": {"memory_mb": 1}})


def test_one_missing_image_does_not_keep_the_others_from_starting(tmp_path: Path) -> None:
    tables = {"guest": {"memory_mib": 32, "instance-1": {"image": str(tmp_path / "missing.img")}}}
    assert len(cluster_plan(BackendSettings(local=3), tables).machines) == 3


def test_all_guests_are_on_a_lan_unless_it_is_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = cluster_plan(BackendSettings(local=3, log_format="json"), {})
    assert plan.lan is not None
    assert plan.lan.http == ""
    assert " ".join(plan.lan.arguments) == "--guests 3 --log-level info --log-format json"
    assert cluster_plan(BackendSettings(local=3), {"lan": {"enabled": False}}).lan is None
    monkeypatch.setenv("LOCO_LAN_ENABLED", "no")
    assert cluster_plan(BackendSettings(local=3), {}).lan is None


def test_the_switch_can_be_asked_where_the_settings_say() -> None:
    plan = cluster_plan(BackendSettings(local=1), {"lan": {"http": "127.0.0.1:8482"}})
    assert plan.lan is not None
    assert plan.lan.http == "127.0.0.1:8482"


@pytest.mark.parametrize(
    ("table", "words"),
    [({"romes": []}, "rooms"), ({"rooms": ["yard=0-1", "hall=1-2"]}, "choose one"), ({"rooms": ["yard=0"]}, "No room")],
)
def test_rooms_that_leave_a_guest_out_or_in_two_stop_the_start(table: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        cluster_plan(BackendSettings(local=3), {"lan": table})


@pytest.mark.parametrize(
    ("table", "mac"),
    [({}, "02:4c:4f:43:00:01"), ({"site": "hall"}, guest_mac("instance-1", "hall")), ({"enabled": False}, None)],
)
def test_each_guest_keeps_its_address_on_the_lan(tmp_path: Path, table: dict[str, object], mac: str | None) -> None:
    machine = cluster_plan(BackendSettings(local=2), {"lan": table}).machines[1]
    emulator = machine.make_supervisor(tmp_path, tmp_path, lambda _report: None)
    assert isinstance(emulator, Emulator)
    assert emulator.mac == mac
