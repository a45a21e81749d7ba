import pytest
from pytestqt.qtbot import QtBot

from loco_kiosk.models.vr_model import Pointing, VrModel
from loco_kiosk.models.vr_words import WORDS, VrPhase

PLACES = {0: "instance-9", 4: "instance-13"}


@pytest.fixture
def model(qtbot: QtBot) -> VrModel:
    return VrModel()


def test_a_new_phase_opens_the_strip_and_it_can_be_put_away(model: VrModel) -> None:
    model.show(VrPhase.STARTING, "", running=True)
    assert (model.open, model.title, model.word) == (True, "Starting VR", "Starting")
    model.toggleOpen()
    model.show(VrPhase.STARTING, "Still busy.", running=True)
    assert (model.open, model.sentence) == (False, "Still busy.")
    model.show(VrPhase.NO_HEADSET, "", running=False)
    assert model.open
    assert model.sentence == WORDS[VrPhase.NO_HEADSET].hint


def test_while_the_headset_is_worn_the_strip_shows_only_when_asked_for(model: VrModel) -> None:
    model.show(VrPhase.STARTING, "", running=True)
    model.show(VrPhase.WORN, "", running=True)
    assert not model.open
    model.toggleOpen()
    assert model.open


def test_without_vr_there_is_nothing_to_open(model: VrModel) -> None:
    model.toggleOpen()
    assert not model.open


def test_nothing_is_said_where_nothing_changed(model: VrModel, qtbot: QtBot) -> None:
    model.show(VrPhase.WAITING, "", running=True)
    with qtbot.assertNotEmitted(model.changed):
        model.show(VrPhase.WAITING, "", running=True)


def test_each_hand_points_at_the_tile_of_its_machine(model: VrModel) -> None:
    model.point([Pointing("left", "instance-9", 0.25, 0.75, pressed=True)], PLACES)
    assert (model.left.place, model.left.u, model.left.v, model.left.pressed) == (0, 0.25, 0.75, True)
    assert model.right.place == -1


def test_a_hand_that_points_at_nothing_on_this_page_is_not_shown(model: VrModel, qtbot: QtBot) -> None:
    model.point([Pointing("right", "instance-13", 0.5, 0.5, pressed=False)], PLACES)
    assert model.right.place == 4
    model.point([Pointing("right", "instance-2", 0.5, 0.5, pressed=False)], PLACES)
    assert model.right.place == -1
    with qtbot.assertNotEmitted(model.right.changed):
        model.point([], PLACES)
