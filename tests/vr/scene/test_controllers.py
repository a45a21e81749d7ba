from vr.scene.controllers import ABSENT, Hand


def test_each_hand_has_another() -> None:
    assert Hand.LEFT.other is Hand.RIGHT
    assert Hand.RIGHT.other is Hand.LEFT


def test_a_hand_that_is_absent_holds_nothing() -> None:
    assert not ABSENT.active
    assert (ABSENT.aim, ABSENT.grip, ABSENT.select, ABSENT.grab) == (None, None, 0.0, 0.0)
