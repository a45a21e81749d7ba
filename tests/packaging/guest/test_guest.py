"""The demo guest in a real QEMU: what it shows, answers, plays and costs."""

import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.packaging.guest.machine import LAMP, NUMBER, PATIENCE_S, TRAIN, Machine, Picture, wait_until

pytestmark = pytest.mark.qemu

WAVE_HEAD = 44
WAVE_BYTES_PER_S = 44_100 * 4


@pytest.fixture(scope="module")
def still(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A guest whose train stands; tests leave it standing."""
    with Machine(tmp_path_factory.mktemp("still") / "m", image, number="4", still="1") as machine:
        machine.wait_for_markers("R")
        yield machine


@pytest.fixture(scope="module")
def moving(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A guest whose train is on its way; tests leave it so."""
    with Machine(tmp_path_factory.mktemp("moving") / "m", image, number="5") as machine:
        machine.wait_for_markers("R")
        yield machine


def lamp_luma(picture: Picture) -> float:
    return float(picture[LAMP].mean())


def changed(before: Picture, after: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray((before != after).any(axis=2))


def test_it_boots_in_well_under_a_second_of_guest_time(still: Machine) -> None:
    ((_letter, ready_us),) = still.markers("R")
    assert 0 < int(ready_us) < 1_000_000


def test_each_machine_shows_its_own_number(still: Machine, moving: Machine) -> None:
    four, five = still.picture()[NUMBER], moving.picture()[NUMBER]
    assert changed(four, five).mean() > 0.05


def test_it_boots_without_a_number_and_without_settings(image: Path, tmp_path: Path) -> None:
    with Machine(tmp_path / "m", image) as machine:
        machine.wait_for_markers("R")
        assert machine.picture().std() > 20


@pytest.mark.parametrize("vga", ["cirrus", "vmware"])
def test_it_shows_the_same_on_other_display_cards(image: Path, tmp_path: Path, still: Machine, vga: str) -> None:
    with Machine(tmp_path / "m", image, vga=vga, number="4", still="1") as machine:
        machine.wait_for_markers("R")
        assert changed(machine.picture()[NUMBER], still.picture()[NUMBER]).mean() == 0


def test_a_card_without_a_mode_is_told_on_the_debug_port(image: Path, tmp_path: Path) -> None:
    with Machine(tmp_path / "m", image, vga="none") as machine:
        assert "VBE" in machine.wait_for_markers("E")[0]


def test_a_still_guest_draws_nothing_and_hardly_works(still: Machine) -> None:
    frames = len(still.markers("F"))
    before, cpu_s, start_s = still.picture(), still.cpu_seconds(), time.monotonic()
    time.sleep(1.5)  # the share of a processor is measured over a time
    share = (still.cpu_seconds() - cpu_s) / (time.monotonic() - start_s)
    assert np.array_equal(before, still.picture())
    assert len(still.markers("F")) == frames
    assert share < 0.04


def test_a_key_toggles_the_lamp_and_says_so(still: Machine) -> None:
    keys = len(still.markers("K"))
    dark = still.picture()
    still.key("x", down=True)
    presses = still.wait_for_markers("K", keys + 1)
    bright = still.picture()
    still.key("x", down=False)
    releases = still.wait_for_markers("U")
    assert presses[-1][1] == releases[-1][1] == "2d"
    assert abs(lamp_luma(bright) - lamp_luma(dark)) > 80
    still.tap("x")
    still.wait_for_markers("K", keys + 2)
    assert lamp_luma(still.picture()) == lamp_luma(dark)


def test_a_held_key_counts_once(still: Machine) -> None:
    keys = len(still.markers("K"))
    for _repeat in range(3):
        still.key("z", down=True)
    still.key("z", down=False)
    still.tap("left")
    pressed = [key for _letter, key, _us in still.wait_for_markers("K", keys + 2)[keys:]]
    assert pressed == ["2c", "cb"]
    still.tap("right")
    still.wait_for_markers("K", keys + 3)


def test_the_last_keys_stand_at_the_bottom(still: Machine) -> None:
    before = still.picture()
    still.tap("q")
    wait_until(lambda: bool(changed(before, still.picture())[450:475].any()), "a key cap")


def test_mouse_and_clicks_are_seen(still: Machine) -> None:
    before = still.picture()
    still.move(-40, 60)
    moves = still.wait_for_markers("M")
    assert moves[0][1:4] == ["-40", "60", "0"]
    rows, columns = np.nonzero(changed(before, still.picture()))
    assert (int(columns.min()), int(rows.min())) == (280, 300)
    still.button("left", down=True)
    still.wait_for_markers("M", 2)
    still.button("left", down=False)
    still.wait_for_markers("M", 3)
    still.move(100, 0)
    still.wait_for_markers("M", 4)
    flower = changed(before, still.picture())[290:320, 270:300]
    assert flower.any()


def test_an_absolute_pointer_goes_where_it_is_put(image: Path, tmp_path: Path) -> None:
    with Machine(tmp_path / "m", image, still="1", pointer="absolute") as machine:
        machine.wait_for_markers("R")
        assert [mouse["absolute"] for mouse in machine.execute("query-mice") if mouse["current"]] == [True]
        before = machine.picture()
        for count, (x, y) in enumerate([(500, 90), (200, 300)], start=1):
            machine.place(x, y)
            machine.wait_for_markers("M", count)
            rows, columns = np.nonzero(changed(before, machine.picture()))
            assert (int(columns.min()), int(rows.min())) == (x, y)


def test_keys_and_moves_during_boot_do_not_confuse_it(image: Path, tmp_path: Path) -> None:
    with Machine(tmp_path / "m", image, still="1") as machine:
        while not machine.markers("R"):
            machine.tap("a")
            machine.move(1, 1)
        machine.tap("b")
        wait_until(lambda: machine.markers("K")[-1:] != [] and machine.markers("K")[-1][1] == "30", "the key B")
        machine.move(1, 0)
        moves = machine.wait_for_markers("M")
        assert all(int(across) >= 0 and int(down) >= 0 and buttons == "0" for _m, across, down, buttons, _us in moves)


def test_the_train_moves_at_thirty_frames_a_second(moving: Machine) -> None:
    before = moving.picture()
    first, second = moving.wait_for_markers("F", 2)[:2]
    elapsed_s = (int(second[2]) - int(first[2])) / 1e6
    assert (int(second[1]) - int(first[1])) / elapsed_s == pytest.approx(30, rel=0.15)
    wait_until(lambda: bool(changed(before, moving.picture())[TRAIN].any()), "the train to move")
    assert not changed(before, moving.picture())[LAMP].any()


@pytest.mark.parametrize("scene", ["yard", "full"])
def test_it_draws_sixty_frames_a_second_where_it_is_told(image: Path, tmp_path: Path, scene: str) -> None:
    with Machine(tmp_path / "m", image, number="1", fps="60", scene=scene) as machine:
        told = machine.wait_for_markers("F", 3)
        (_, first, began_us), (_, last, ended_us) = told[0], told[-1]
        rate = (int(last) - int(first)) / (int(ended_us) - int(began_us)) * 1e6
        assert 54 < rate < 61
        machine.tap("6")
        now = len(machine.markers("F"))
        told = machine.wait_for_markers("F", now + 3)[now:]
        rate = (int(told[-1][1]) - int(told[1][1])) / (int(told[-1][2]) - int(told[1][2])) * 1e6
        assert 27 < rate < 31


def test_full_motion_changes_the_land_but_not_the_lamp(moving: Machine) -> None:
    moving.tap("f")
    moving.wait_for_markers("K")
    before = moving.picture()
    wait_until(lambda: bool(changed(before, moving.picture())[200:440].mean() > 0.1), "motion of the whole picture")
    assert not changed(before, moving.picture())[LAMP].any()
    moving.tap("f")
    moving.wait_for_markers("K", 2)


def test_a_snapshot_goes_on_from_where_it_was_taken(still: Machine) -> None:
    before = still.picture()
    assert still.monitor("savevm ready").strip() == ""
    keys = len(still.markers("K"))
    still.tap("a")
    still.wait_for_markers("K", keys + 1)
    assert still.monitor("loadvm ready").strip() == ""
    assert np.array_equal(before, still.picture())
    still.tap("a")
    still.wait_for_markers("K", keys + 2)
    assert lamp_luma(still.picture()) != lamp_luma(before)


def test_a_moving_train_is_heard_and_a_still_one_is_not(image: Path, tmp_path: Path) -> None:
    file = tmp_path / "sound.wav"
    with Machine(tmp_path / "m", image, audio=f"wav,path={file}", number="2") as machine:
        machine.wait_for_markers("F", 2)
        machine.execute("quit")
    assert loudness_dbfs(file) > -50
    with Machine(tmp_path / "n", image, audio=f"wav,path={file}", number="2", still="1") as machine:
        machine.wait_for_markers("R")
        machine.execute("quit")
    assert loudness_dbfs(file) < -80


def test_a_machine_performs_after_its_start_and_then_waits_for_its_turn(image: Path, tmp_path: Path) -> None:
    file = tmp_path / "sound.wav"
    with Machine(tmp_path / "m", image, audio=f"wav,path={file}", number="9") as machine:
        machine.wait_for_markers("R")
        performance_s = resting_s = 0.0
        deadline = time.monotonic() + 2 * PATIENCE_S
        while resting_s < 1.5:  # a pause is told from a note by its length
            assert time.monotonic() < deadline, "it performs for ever"
            time.sleep(0.5)
            heard_s = max(0, file.stat().st_size - WAVE_HEAD) / WAVE_BYTES_PER_S
            resting_s = resting_s + 0.5 if heard_s == performance_s > 0 else 0.0
            performance_s = heard_s
        assert performance_s == pytest.approx(6.0, abs=1.0)
        assert moves(machine)
        machine.tap("m")
        machine.tap("m")
        wait_until(lambda: file.stat().st_size - WAVE_HEAD > (performance_s + 1) * WAVE_BYTES_PER_S, "an encore")


def moves(machine: Machine) -> bool:
    before = machine.picture()
    wait_until(lambda: bool(changed(before, machine.picture())[TRAIN].any()), "the train to move")
    return True


def loudness_dbfs(file: Path) -> float:
    with wave.open(str(file)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    mean_square = float(np.mean(np.square(samples.astype(np.float64)))) if samples.size else 0.0
    return 10 * float(np.log10(mean_square / 32768**2 + 1e-12))
