"""Instances and their ids."""

import pytest

from backend.contract.errors import SettingsError, WireError
from backend.contract.instance import Instance, InstanceState, instance_id, slot_of

MINIMAL = {"id": "instance-0", "slot": 0, "name": "A", "state": "ready"}


def test_absent_optional_fields_take_their_defaults() -> None:
    instance = Instance.from_json(MINIMAL)
    assert instance == Instance(id="instance-0", slot=0, name="A", state=InstanceState.READY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "dancing"}, "Unknown instance state 'dancing'"),
        ({"slot": "0"}, "'slot' must be a whole number"),
        ({"slot": True}, "'slot' must be a whole number"),
        ({"addresses": [1]}, "'addresses' must be an array of strings"),
        ({"since": float("nan")}, "'since' must be finite"),
        ({"since": 10**400}, "'since' is too large"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(WireError, match=words):
        Instance.from_json(MINIMAL | change)


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(WireError):
        Instance.from_json(["instance-0"])


def test_the_slot_is_the_ordinal_of_the_id() -> None:
    assert slot_of("instance-12") == 12
    assert slot_of("win98-lab-0") == 0


@pytest.mark.parametrize("bad", ["", "instance", "instance-", "instance-x", "7", "instance-²"])
def test_an_id_without_an_ordinal_is_refused(bad: str) -> None:
    with pytest.raises(WireError):
        slot_of(bad)


def test_auto_is_the_number_of_the_host_and_anything_else_stays() -> None:
    assert instance_id("auto", "loco-emulator-12") == "instance-12"
    assert instance_id("win98-3", "loco-emulator-12") == "win98-3"


@pytest.mark.parametrize(
    ("wanted", "host", "words"), [("auto", "kiosk", "'kiosk'"), ("instance-", "pc-1", "instance-3")]
)
def test_no_number_anywhere_is_explained(wanted: str, host: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        instance_id(wanted, host)
