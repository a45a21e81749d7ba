import pytest

from backend.contract.errors import SettingsError
from backend.lan.rooms import RoomPlan, named


def test_without_rooms_everybody_is_in_one() -> None:
    plan = RoomPlan(("lan=*",))
    assert {plan.room_of(name) for name in ("instance-0", "instance-99", "visitor")} == {"lan"}


def test_members_are_ordinals_ranges_and_names() -> None:
    plan = RoomPlan(("yard=0-4+7", "attic=visitor+5", "cellar=*"))
    rooms = [plan.room_of(f"instance-{number}") for number in range(9)]
    assert rooms == ["yard"] * 5 + ["attic", "cellar", "yard", "cellar"]
    assert plan.room_of("visitor") == "attic"
    assert plan.room_of("loco-emulator-7") == "yard"


def test_who_is_in_no_room_is_told_so() -> None:
    with pytest.raises(SettingsError, match="instance-9"):
        RoomPlan(("yard=0-4",)).room_of("instance-9")


@pytest.mark.parametrize(
    "rooms",
    [("yard",), ("yard=",), ("=0-4",), ("Yard=0",), ("a=0", "a=1"), ("a=4-0",), ("a=0-4", "b=4"), ("a=*", "b=*")],
)
def test_rooms_that_cannot_be_are_refused(rooms: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError):
        RoomPlan(rooms)


def test_named_values_are_gathered() -> None:
    assert named(("a=1", "b=x=y", "a=2"), "macs", "a=1") == {"a": ["1", "2"], "b": ["x=y"]}


@pytest.mark.parametrize("entry", ["a", "a=", "=1"])
def test_a_value_without_name_is_refused_with_an_example(entry: str) -> None:
    with pytest.raises(SettingsError, match="instance-3=mac"):
        named((entry,), "macs", "instance-3=mac")
