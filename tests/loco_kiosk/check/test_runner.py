import asyncio

import pytest

from loco_kiosk.check.report import Report
from loco_kiosk.check.runner import Check
from loco_kiosk.check.verdict import problems
from loco_kiosk.client.tile import TileState
from tests.loco_kiosk.check.pretended_wall import PretendedWall
from tests.loco_kiosk.waiting import until


async def checked(wall: PretendedWall, *, expected: int | None = None, seconds: float = 0.5) -> Report:
    check = Check(
        wall, expected=len(wall.tiles) if expected is None else expected, seconds=seconds,
        presses_per_s=10,
        live_patience_s=0.3, control_patience_s=0.3,
    )  # fmt: skip
    return await check.run()


async def test_every_guest_is_pressed_and_its_answers_are_measured() -> None:
    wall = PretendedWall(3)
    report = await checked(wall)
    assert problems(report) == []
    for tile in report.tiles:
        assert tile.pressed >= 2
        assert tile.key_to_picture.n >= tile.pressed - 1
        assert tile.key_to_picture.p50 is not None
        assert 4 <= tile.key_to_picture.p50 < 200
        assert tile.capture_to_swap.p50 == 5.0
        assert tile.fps_presented == pytest.approx(tile.pressed / report.seconds, rel=0.6)
        assert tile.drops["newer_picture"] >= 1
    assert report.key_to_picture.n == sum(tile.key_to_picture.n for tile in report.tiles)
    assert wall.held == []
    assert wall.most_held == 1
    assert wall.watchers == {}
    assert wall.released_control == [tile.id for tile in report.tiles]


async def test_guests_without_a_probe_are_measured_by_the_streamers_word() -> None:
    report = await checked(PretendedWall(1, probe=False))
    assert problems(report) == []
    assert report.tiles[0].key_to_picture.p50 == pytest.approx(4.0, abs=0.1)


async def test_a_guest_that_does_not_answer_fails_the_check_alone() -> None:
    wall = PretendedWall(2)
    wall.mute.add("instance-1")
    (sentence,) = problems(await checked(wall))
    assert sentence.startswith("instance-1 answered 0 of")


async def test_the_holder_of_the_keyboard_is_named() -> None:
    wall = PretendedWall(1)
    wall.mute.add("instance-0")
    wall.request_control = lambda instance: wall.change(instance, holder="Anna")  # type: ignore[method-assign]
    (sentence,) = problems(await checked(wall))
    assert sentence.endswith("Anna has keyboard and mouse.")


async def test_a_tile_that_is_not_live_is_not_pressed_and_tells_why() -> None:
    wall = PretendedWall(2)
    wall.change("instance-0", state=TileState.LOST, reason="Nothing answers.", next_step="Tries again.")
    report = await checked(wall)
    assert problems(report) == ["instance-0 is lost: Nothing answers. Tries again."]
    assert wall.pressed["instance-0"] == 0


async def test_it_waits_for_slow_tiles_before_it_measures() -> None:
    wall = PretendedWall(1)
    wall.change("instance-0", state=TileState.BOOTING)
    asyncio.get_running_loop().call_later(0.2, lambda: wall.change("instance-0", state=TileState.LIVE))
    started: list[TileState] = []
    check = Check(
        wall, expected=1, seconds=0.3,
        presses_per_s=10, on_start=lambda: started.append(wall.tiles["instance-0"].state),
        live_patience_s=10,
    )  # fmt: skip
    report = await check.run()
    assert started == [TileState.LIVE]
    assert report.tiles[0].live_share == 1.0


async def test_missing_machines_are_waited_for_in_bounds_and_then_told() -> None:
    report = await checked(PretendedWall(1), expected=9)
    assert "Only 1 of 9" in problems(report)[0]


async def test_an_empty_wall_takes_its_time_and_fails() -> None:
    report = await checked(PretendedWall(0), expected=1, seconds=0.1)
    assert report.seconds >= 0.1
    assert problems(report)


async def test_ending_the_program_in_the_middle_lets_every_key_go() -> None:
    wall = PretendedWall(1)
    task = asyncio.get_running_loop().create_task(checked(wall, seconds=60))
    await until(lambda: wall.held)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert wall.held == []
    assert wall.released_control == ["instance-0"]
