import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vr.scene.memory import NAME, LayoutMemory
from vr.scene.spot import Spot

SPOTS = {"pc-1": Spot(0.1, -0.2, 1.5, 0.6), "pc-2": Spot(-1.0, 0.3, 2.5, 0.4)}


def test_places_come_back(tmp_path: Path) -> None:
    memory = LayoutMemory(tmp_path / "new directory")
    memory.save(SPOTS)
    assert LayoutMemory(tmp_path / "new directory").load() == SPOTS
    assert memory.notice == ""
    assert [path.name for path in (tmp_path / "new directory").iterdir()] == [NAME]


def test_no_file_is_no_error(tmp_path: Path) -> None:
    memory = LayoutMemory(tmp_path)
    assert memory.load() == {}
    assert memory.notice == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON"),
        ("\x00\xff", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is of another version"),
        ('{"version": 2, "screens": {}}', "it is of another version"),
        ('{"version": 1, "screens": []}', "it is of another version"),
        ('{"version": 1, "screens": {"pc-1": [1, 2, 3]}}', "'pc-1' needs 4 numbers"),
        ('{"version": 1, "screens": {"pc-1": [0, 0, 1e9, 1]}}', "'pc-1' has a number that makes no sense"),
        ('{"version": 1, "screens": {"pc-1": [0, 0, NaN, 1]}}', "'pc-1' has a number that makes no sense"),
        ('{"version": 1, "screens": {"pc-1": [0, 0, true, 1]}}', "'pc-1' has a number that makes no sense"),
        (" " * 300_000, "it is too long"),
    ],
)
def test_a_bad_file_is_put_aside_and_told(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / NAME
    path.write_text(text, encoding="latin-1")
    memory = LayoutMemory(tmp_path)
    assert memory.load() == {}
    assert reason in memory.notice
    assert (tmp_path / "vr-layout.bad").read_text(encoding="latin-1") == text
    memory.save(SPOTS)
    assert LayoutMemory(tmp_path).load() == SPOTS


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = LayoutMemory(tmp_path / "file")
    memory.save(SPOTS)
    assert memory.notice.startswith("The places of the screens could not be kept")
    memory = LayoutMemory(tmp_path / "file")
    assert memory.load() == {}
    assert memory.notice.startswith("The places of the screens could not be read")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_whatever_the_file_holds_loading_never_fails(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    directory = tmp_path_factory.mktemp("state")
    (directory / NAME).write_text(json.dumps({"version": 1, "screens": {"pc": content}}))
    for spot in LayoutMemory(directory).load().values():
        assert all(math.isfinite(number) for number in spot)
