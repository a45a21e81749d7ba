from vr.scene.button import Button, at

LEFT = Button("left", "Left", 0.0, 0.0, 0.4, 1.0)
RIGHT = Button("right", "Right", 0.5, 0.0, 0.5, 1.0)


def test_a_point_finds_the_button_under_it() -> None:
    assert at((LEFT, RIGHT), 0.39, 0.5) == "left"
    assert at((LEFT, RIGHT), 0.5, 0.5) == "right"


def test_between_buttons_there_is_nothing() -> None:
    assert at((LEFT, RIGHT), 0.45, 0.5) == ""
