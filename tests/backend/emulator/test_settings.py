from pathlib import Path

from backend.contract.settings import load
from backend.emulator.settings import EmulatorSettings


def test_the_defaults_are_those_of_its_container() -> None:
    settings, _ = load(EmulatorSettings, "emulator", [], description="", environment={"LOCO_CONFIG": "/dev/null"})
    assert settings.instance == "auto"
    assert settings.directory == Path("/run/loco")
    assert settings.state_directory == Path("/var/lib/loco")


def test_variables_set_it() -> None:
    environment = {"LOCO_CONFIG": "/dev/null", "LOCO_EMULATOR_INSTANCE": "instance-7", "LOCO_EMULATOR_DIRECTORY": "/r"}
    settings, _ = load(EmulatorSettings, "emulator", [], description="", environment=environment)
    assert (settings.instance, settings.directory) == ("instance-7", Path("/r"))
