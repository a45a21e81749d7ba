import pytest

from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.look import wording


def tile(state: TileState = TileState.LIVE, **changes: object) -> TileView:
    return TileView(slot=0, id="instance-0", name="Yard", state=state, **changes)  # type: ignore[arg-type]  # a dict


@pytest.mark.parametrize("state", TileState)
def test_every_state_has_a_word(state: TileState) -> None:
    assert wording.state_word(state)


@pytest.mark.parametrize("state", [state for state in TileState if state is not TileState.LIVE])
def test_a_tile_that_is_not_live_always_says_why(state: TileState) -> None:
    assert wording.reason(tile(state))


def test_a_still_screen_is_called_still() -> None:
    assert wording.fps(tile(fps=0.0)) == "still"
    assert wording.fps(tile(fps=29.6)) == "30 fps"
    assert wording.fps(tile(TileState.LOST, fps=30)) == "-"


def test_delay_is_whole_milliseconds() -> None:
    assert wording.delay(tile(delay_ms=8.4)) == "8 ms"
    assert wording.delay(tile()) == "-"


def test_the_holder_is_named() -> None:
    assert wording.holder(tile(mine=True, holder="Anna")) == "You"
    assert wording.holder(tile(holder="Anna")) == "Anna"
    assert wording.holder(tile()) == "Free to play"


@pytest.mark.parametrize(("dbfs", "bricks"), [(-120, 0), (-54, 0), (-27, 6), (0, 12), (6, 12)])
def test_the_meter_has_twelve_bricks_down_to_54_db(dbfs: float, bricks: int) -> None:
    assert wording.segments(dbfs) == bricks


def test_the_summary_counts_states_and_leaves_out_free_slots() -> None:
    counted = wording.summary([tile(), tile(), tile(TileState.LOST), tile(TileState.EMPTY)])
    assert [(entry["state"], entry["count"]) for entry in counted] == [("live", 2), ("lost", 1)]


def test_viewers_are_counted_in_words() -> None:
    assert [wording.viewers(count) for count in (0, 1, 2)] == ["0 watching", "1 watching", "2 watching"]
