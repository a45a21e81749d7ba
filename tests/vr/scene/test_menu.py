import dataclasses

from vr.scene.button import at
from vr.scene.menu import MenuAction, MenuModel


def label(menu: MenuModel, action: MenuAction) -> str:
    return next(button.label for button in menu.buttons if button.name == action)


def test_there_is_a_button_for_every_action_and_each_has_words() -> None:
    menu = MenuModel()
    assert [button.name for button in menu.buttons] == list(MenuAction)
    assert all(button.label for button in menu.buttons)


def test_the_middle_of_each_button_is_that_button() -> None:
    buttons = MenuModel().buttons
    assert [at(buttons, b.x + b.width / 2, b.y + b.height / 2) for b in buttons] == list(MenuAction)


def test_buttons_stay_where_they_are_whatever_the_state() -> None:
    plain, other = MenuModel(), MenuModel(focused="PC 1", near=True, muted=True, mono=True, keyboard=True, pages=3)
    assert [dataclasses.replace(b, label="") for b in plain.buttons] == [
        dataclasses.replace(b, label="") for b in other.buttons
    ]


def test_a_switch_says_what_pressing_it_would_do() -> None:
    assert label(MenuModel(muted=True), MenuAction.MUTE) == "Sound on"
    assert label(MenuModel(volume=0.8), MenuAction.MUTE) == "Mute (80%)"
    assert label(MenuModel(near=True), MenuAction.FOCUS) == "Back to the wall"
    assert label(MenuModel(confirm=MenuAction.LEAVE), MenuAction.LEAVE) == "Leave VR: sure?"
    assert MenuModel(muted=True, mono=True).on == {MenuAction.MUTE, MenuAction.MONO}


def test_what_would_do_nothing_is_disabled() -> None:
    assert MenuModel().disabled >= {MenuAction.FOCUS, MenuAction.KEYBOARD, MenuAction.PAGE_UP, MenuAction.PAGE_DOWN}
    middle = MenuModel(focused="PC 1", mine=True, volume=0.5, page=1, pages=3, moved=True)
    assert not middle.disabled
    assert MenuAction.LOUDER in MenuModel(volume=1.0).disabled


def test_the_title_names_screen_and_page() -> None:
    assert MenuModel(focused="PC 4", page=1, pages=3).title == "PC 4 \u00b7 page 2 of 3"
    assert MenuModel().title == "No screen in focus"
