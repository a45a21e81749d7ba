import pytest

from loco_kiosk.ui.keyboard_grab import REFUSED, KeyboardGrab


class Window:
    """What the grab needs of a QWindow."""

    def __init__(self, grants: bool = True) -> None:
        self.active, self.grants = True, grants
        self.calls: list[bool] = []

    def isActive(self) -> bool:  # noqa: N802
        return self.active

    def setKeyboardGrabEnabled(self, on: bool) -> bool:  # noqa: N802
        self.calls.append(on)
        return self.grants


def grab_of(window: Window) -> KeyboardGrab:
    return KeyboardGrab(window)  # type: ignore[arg-type]  # a window in miniature


def test_it_holds_while_a_guest_is_in_front() -> None:
    window = Window()
    grab = grab_of(window)
    grab.want(True)
    grab.want(True)
    assert grab.held
    grab.want(False)
    assert window.calls == [True, False]


def test_it_waits_for_the_window_and_takes_the_keyboard_back() -> None:
    window = Window()
    window.active = False
    grab = grab_of(window)
    grab.want(True)
    assert not grab.held
    window.active = True
    grab.refresh()
    assert grab.held
    grab.lost()
    assert not grab.held
    grab.refresh()
    assert window.calls == [True, False, True]


def test_a_refusal_is_told_to_each_visitor_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    grab = grab_of(Window(grants=False))
    told = [grab.want(True), grab.refresh(), grab.want(True), grab.want(False), grab.want(True)]
    assert told == [REFUSED, "", "", "", REFUSED]
    assert not grab.held
    assert caplog.text.count("menu of special keys") == 1


def test_a_keyboard_that_is_granted_needs_no_words() -> None:
    assert grab_of(Window()).want(True) == ""
