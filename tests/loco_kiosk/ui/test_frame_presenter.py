import av
import pytest
from pytestqt.qtbot import QtBot

from loco_kiosk.ui.frame_presenter import FramePresenter
from loco_kiosk.ui.scaler import Scaler, Scaling, Target
from tests.loco_kiosk.ui._scene import spin
from tests.loco_kiosk.ui._synthetic import picture, timing


class RecordedScreen:
    def __init__(self) -> None:
        self.frames: list[av.VideoFrame | None] = []
        self.scaled: list[av.VideoFrame | None] = []
        self.scaler: Scaler | None = Scaler(Target(32, 24, Scaling.SMOOTH))

    def show_frame(self, frame: av.VideoFrame | None, scaled: av.VideoFrame | None = None) -> None:
        self.frames.append(frame)
        self.scaled.append(scaled)


@pytest.fixture
def screen() -> RecordedScreen:
    return RecordedScreen()


@pytest.fixture
def presenter(qtbot: QtBot, screen: RecordedScreen) -> FramePresenter:
    made = FramePresenter()
    made.register(0, screen)
    made.place({0: "instance-0"})
    screen.frames.clear()
    return made


def test_the_newest_picture_wins_and_the_older_is_counted(presenter: FramePresenter, screen: RecordedScreen) -> None:
    older, newer = picture(0, 0), picture(0, 1)
    mailbox = presenter.mailbox("instance-0")
    mailbox.put(older, timing())
    mailbox.put(newer, timing())
    spin(20)
    assert screen.frames == [newer]
    assert mailbox.shown.drops == {"newer_picture": 1}


def test_a_picture_counts_when_it_reached_a_swap(presenter: FramePresenter) -> None:
    presenter.mailbox("instance-0").put(picture(0, 0), timing())
    spin(20)
    shown = presenter.shown("instance-0")
    assert shown.presented == 0
    presenter.before_sync()
    presenter.after_swap()
    assert shown.presented == 1
    assert 0 < shown.capture_to_swap_ms[0] < 5000


def test_a_picture_after_the_sync_belongs_to_the_next_swap(presenter: FramePresenter) -> None:
    mailbox = presenter.mailbox("instance-0")
    mailbox.put(picture(0, 0), timing())
    spin(20)
    presenter.before_sync()
    mailbox.put(picture(0, 1), timing())
    spin(20)
    presenter.after_swap()
    assert mailbox.shown.presented == 1


def test_a_swap_without_pictures_counts_nothing(presenter: FramePresenter) -> None:
    presenter.after_swap()
    assert (presenter.swaps, presenter.shown("instance-0").presented) == (1, 0)


def test_flushes_keep_their_distance_but_the_first_goes_at_once(
    presenter: FramePresenter, screen: RecordedScreen
) -> None:
    presenter.limit(2)
    mailbox = presenter.mailbox("instance-0")
    mailbox.put(picture(0, 0), timing())
    spin(20)
    mailbox.put(picture(0, 1), timing())
    spin(100)
    assert len(screen.frames) == 1
    spin(600)
    assert len(screen.frames) == 2


def test_a_turned_page_shows_the_last_picture_again(presenter: FramePresenter, screen: RecordedScreen) -> None:
    frame = picture(0, 0)
    presenter.mailbox("instance-0").put(frame, timing())
    spin(20)
    presenter.place({0: "instance-9"})
    presenter.place({0: "instance-0"})
    assert screen.frames == [frame, None, frame]


def test_a_picture_that_came_before_its_place_is_shown_when_the_place_is_known(
    presenter: FramePresenter, screen: RecordedScreen
) -> None:
    frame = picture(3, 0)
    presenter.mailbox("instance-3").put(frame, timing())
    spin(20)
    presenter.place({0: "instance-3"})
    assert screen.frames[-1] is frame


def test_a_picture_is_scaled_where_it_is_left_for_the_tile_that_shows_it(
    presenter: FramePresenter, screen: RecordedScreen
) -> None:
    shown, hidden = presenter.mailbox("instance-0"), presenter.mailbox("instance-1")
    shown.put(picture(0, 0), timing())
    hidden.put(picture(1, 0), timing())
    spin(20)
    assert [(scaled.width, scaled.height) for scaled in screen.scaled[-1:] if scaled] == [(32, 24)]
    presenter.place({0: "instance-1"})
    assert (shown.scaler, hidden.scaler) == (None, screen.scaler)
