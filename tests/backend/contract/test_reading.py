"""Typed reads from JSON objects."""

import pytest

from backend.contract.errors import WireError
from backend.contract.reading import boolean, integer, json_object, mapping, number, sequence_of_strings, string

DATA = {"text": "a", "count": 3, "ratio": 0.5, "flag": True, "inner": {}, "names": ["a"], "nothing": None}


def test_fields_of_the_right_type_are_read() -> None:
    assert string(DATA, "text") == "a"
    assert integer(DATA, "count") == 3
    assert number(DATA, "ratio") == 0.5
    assert number(DATA, "count") == 3.0
    assert boolean(DATA, "flag") is True
    assert mapping(DATA, "inner") == {}
    assert sequence_of_strings(DATA, "names") == ("a",)


def test_an_absent_field_takes_its_default_or_is_named() -> None:
    assert string(DATA, "absent", "x") == "x"
    assert sequence_of_strings(DATA, "absent") == ()
    with pytest.raises(WireError, match="The field 'absent' is missing"):
        integer(DATA, "absent")


@pytest.mark.parametrize("read", [string, integer, number, boolean, mapping])
def test_null_is_of_no_type(read: object) -> None:
    assert callable(read)
    with pytest.raises(WireError, match="'nothing' must be"):
        read(DATA, "nothing")


def test_true_is_no_number() -> None:
    for read in (integer, number):
        with pytest.raises(WireError):
            read(DATA, "flag")


@pytest.mark.parametrize("text", ["", "[]", "1", "{", b"\xff", "NaN"])
def test_what_is_no_object_is_refused_with_its_name(text: str | bytes) -> None:
    with pytest.raises(WireError, match="The thing"):
        json_object(text, "The thing")
