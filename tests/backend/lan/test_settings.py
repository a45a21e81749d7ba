from backend.contract.settings import load
from backend.lan.settings import CaptureSettings, LanSettings, PortSettings


def test_lists_are_read_from_flags_and_secrets_from_the_environment() -> None:
    environment = {"LOCO_LAN_TOKEN": "secret", "LOCO_CONFIG": ""}
    arguments = ["--rooms", "yard=0-4,attic=*", "--guests", "9"]
    settings, _ = load(LanSettings, "lan", arguments, description="", environment=environment)
    assert settings.rooms == ("yard=0-4", "attic=*")
    assert settings.token == "secret"
    assert "secret" not in repr(settings)


def test_the_defaults_open_nothing_to_the_network() -> None:
    settings = LanSettings()
    assert settings.listen == settings.link_listen == ""
    assert settings.http.startswith("127.0.0.1:")
    assert settings.source_check == "own"


def test_the_agent_and_the_capture_have_tables_of_their_own() -> None:
    environment = {"LOCO_LAN_PORT_SWITCH": "switch:1", "LOCO_LAN_CAPTURE_HTTP": "/run/lan.sock"}
    port, _ = load(PortSettings, "lan_port", [], description="", environment=environment)
    capture, _ = load(CaptureSettings, "lan_capture", ["--port", "3"], description="", environment=environment)
    assert (port.switch, capture.http, capture.port) == ("switch:1", "/run/lan.sock", 3)
