import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.input import Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel, decode, encode
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.input.pointer import INTERVAL_US
from loco_kiosk.input.router import Router
from loco_kiosk.settings import KioskSettings


class Wall:
    """Takes what the router sends; keeps what each guest holds, as its streamer would."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, InputMessage]] = []
        self.commands: list[str] = []
        self.held: dict[str, set[object]] = {}
        self.router = Router(Hotkeys(KioskSettings().hotkeys()), send=self.take, command=self.commands.append)

    def take(self, instance: str, message: InputMessage) -> None:
        assert decode(encode(message)) == message
        self.sent.append((instance, message))
        held = self.held.setdefault(instance, set())
        match message:
            case Key() | Button():
                item = message.code if isinstance(message, Key) else message.button
                assert (item in held) is not message.down, f"{item} moved twice the same way"
                held ^= {item}
            case ReleaseAll():
                held.clear()

    def press(self, *codes: str) -> None:
        for code in codes:
            self.router.key(code, True)

    def release(self, *codes: str) -> None:
        for code in codes:
            self.router.key(code, False)

    def keys(self) -> list[tuple[str, bool]]:
        return [(message.code, message.down) for _, message in self.sent if isinstance(message, Key)]


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def zoomed(wall: Wall) -> Wall:
    wall.router.set_focus("instance-0")
    return wall


def test_in_the_grid_plain_keys_are_commands(wall: Wall) -> None:
    for code in ("Digit1", "Numpad9", "ArrowLeft", "Enter", "PageDown", "Escape", "F1", "KeyM"):
        wall.press(code)
        wall.release(code)
    assert wall.commands == ["pick_1", "pick_9", "left", "zoom", "page_down", "grid", "help", "mute"]
    assert wall.sent == []


def test_in_the_grid_other_keys_are_left_to_qt(wall: Wall) -> None:
    assert not wall.router.key("Tab", True)
    assert not wall.router.key("Tab", False)
    wall.press("ShiftLeft")
    assert not wall.router.key("Digit1", True)


def test_a_zoomed_guest_gets_every_key(zoomed: Wall) -> None:
    for code in ("AltLeft", "Tab", "MetaLeft", "F1", "Digit1", "Escape"):
        assert zoomed.router.key(code, True)
        assert zoomed.router.key(code, False)
    assert zoomed.commands == []
    assert len(zoomed.keys()) == 12


def test_a_hotkey_releases_the_modifiers_that_the_guest_already_has(zoomed: Wall) -> None:
    zoomed.press("ControlLeft", "AltLeft", "KeyG")
    assert zoomed.commands == ["grid"]
    assert zoomed.held["instance-0"] == set()
    zoomed.release("KeyG", "AltLeft", "ControlLeft")
    assert zoomed.keys() == [("ControlLeft", True), ("AltLeft", True)]
    assert isinstance(zoomed.sent[-1][1], ReleaseAll)


def test_the_enter_that_zooms_never_reaches_the_guest(wall: Wall) -> None:
    wall.press("Enter")
    wall.router.set_focus("instance-3")
    assert wall.router.key("Enter", False)
    assert wall.sent == []


def test_a_key_held_while_the_tile_switches_goes_up_where_it_went_down(zoomed: Wall) -> None:
    zoomed.press("KeyA")
    zoomed.router.set_focus("instance-1")
    zoomed.release("KeyA")
    assert [instance for instance, _ in zoomed.sent] == ["instance-0", "instance-0"]
    assert zoomed.held["instance-0"] == set()


def test_losing_the_window_releases_everything_once(zoomed: Wall) -> None:
    zoomed.press("KeyA", "ShiftLeft")
    zoomed.router.button(0, True, (1, 2), 0)
    zoomed.router.release_all()
    zoomed.router.release_all()
    assert [type(message) for _, message in zoomed.sent] == [Key, Key, Button, ReleaseAll]
    zoomed.press("KeyB")
    assert zoomed.held["instance-0"] == {"KeyB"}


def test_a_swallowed_release_does_not_kill_the_key(zoomed: Wall) -> None:
    zoomed.press("KeyA", "KeyA")
    assert zoomed.keys() == [("KeyA", True), ("KeyA", False), ("KeyA", True)]


def test_an_open_panel_takes_the_keys_and_releases_the_guest(zoomed: Wall) -> None:
    zoomed.press("KeyA")
    zoomed.router.set_paused(True)
    assert zoomed.held["instance-0"] == set()
    zoomed.press("Escape")
    assert zoomed.commands == ["grid"]
    zoomed.router.set_paused(False)
    zoomed.release("KeyA", "Escape")
    zoomed.press("KeyB")
    assert zoomed.held["instance-0"] == {"KeyB"}


def test_ctrl_alt_del_is_typed_in_order_and_leaves_nothing_down(zoomed: Wall) -> None:
    zoomed.press("ShiftLeft")
    assert zoomed.router.type_chord(("ControlLeft", "AltLeft", "Delete"))
    assert zoomed.keys()[1:] == [
        ("ControlLeft", True), ("AltLeft", True), ("Delete", True),
        ("Delete", False), ("AltLeft", False), ("ControlLeft", False),
    ]  # fmt: skip
    assert zoomed.held["instance-0"] == set()


def test_a_chord_without_a_guest_in_front_is_counted(wall: Wall) -> None:
    assert not wall.router.type_chord(("F4",))
    assert wall.router.drops == {"no guest in front": 1}


def test_sequence_numbers_count_up_by_guest(wall: Wall) -> None:
    assert [wall.router.key_to("a", "KeyA", True), wall.router.key_to("b", "KeyA", True)] == [1, 1]
    assert wall.router.key_to("a", "KeyA", True) is None
    assert wall.router.key_to("a", "KeyA", False) == 2
    wall.router.forget("a")
    assert wall.router.key_to("a", "KeyA", True) == 1


def test_moves_are_coalesced_and_the_newest_wins(zoomed: Wall) -> None:
    for step in range(10):
        zoomed.router.move_to(step, step, step * 1000)
    assert zoomed.router.move_waits
    zoomed.router.send_due_move(2 * INTERVAL_US)
    assert not zoomed.router.move_waits
    assert [message for _, message in zoomed.sent] == [MoveTo(1, 0, 0), MoveTo(2, 8, 8), MoveTo(3, 9, 9)]


def test_a_button_goes_down_where_the_pointer_is(zoomed: Wall) -> None:
    zoomed.router.move_to(1, 1, 0)
    zoomed.router.move_to(7, 7, 1)
    zoomed.router.button(0, True, (7, 7), 2)
    assert [message for _, message in zoomed.sent[1:]] == [MoveTo(2, 7, 7), Button(3, 0, True, (7, 7))]
    assert zoomed.router.button_held()


def test_movements_are_sums_that_heal_what_got_lost(zoomed: Wall) -> None:
    zoomed.router.move_by(0.4, 0, 0)
    zoomed.router.move_by(0.4, -3, INTERVAL_US)
    zoomed.router.move_by(10, 10, 2 * INTERVAL_US)
    assert [message for _, message in zoomed.sent] == [MoveBy(1, 0, 0), MoveBy(2, 1, -3), MoveBy(3, 11, 7)]


def test_a_change_of_the_pointer_mode_drops_what_waits_of_the_old_one(zoomed: Wall) -> None:
    zoomed.router.move_by(1, 1, 0)
    zoomed.router.move_by(1, 1, 1)
    zoomed.router.move_to(500, 500, 2)
    zoomed.router.send_due_move(INTERVAL_US)
    assert [message for _, message in zoomed.sent] == [MoveBy(1, 1, 1), MoveTo(2, 500, 500)]


def test_the_wheel_turns_in_whole_steps(zoomed: Wall) -> None:
    zoomed.router.wheel(60, 0, 0)
    zoomed.router.wheel(60, -240, 0)
    assert [message for _, message in zoomed.sent] == [Wheel(1, 1, -2)]


def test_in_the_grid_the_pointer_reaches_no_guest(wall: Wall) -> None:
    wall.router.move_to(1, 1, 0)
    wall.router.move_by(1, 1, 0)
    wall.router.button(0, True, None, 0)
    wall.router.wheel(240, 0, 0)
    assert wall.sent == []
    assert not wall.router.button_held()
    assert not wall.router.move_waits


CODES = ["KeyA", "KeyG", "Enter", "Digit1", "ControlLeft", "AltLeft", "ShiftLeft", "F1"]
operations = st.lists(
    st.one_of(
        st.tuples(st.just("key"), st.sampled_from(CODES), st.booleans()),
        st.tuples(st.just("focus"), st.sampled_from(["", "a", "b"])),
        st.tuples(st.just("pause"), st.booleans()),
        st.tuples(st.just("button"), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("chord"), st.lists(st.sampled_from(CODES), unique=True, max_size=3)),
        st.tuples(st.just("lost")),
    )
)


@given(operations)
def test_whatever_happens_no_key_stays_down_in_a_guest_that_is_not_in_front(events: list[tuple[object, ...]]) -> None:
    wall = Wall()
    actions = {
        "key": wall.router.key,
        "focus": wall.router.set_focus,
        "pause": wall.router.set_paused,
        "button": lambda button, down: wall.router.button(button, down, None, 0),
        "chord": wall.router.type_chord,
        "lost": wall.router.release_all,
    }
    for name, *arguments in events:
        actions[str(name)](*arguments)  # type: ignore[operator]  # a table of functions of different shape
        for instance, held in wall.held.items():
            assert not held or (instance == wall.router.focus and wall.router.to_guest)
    wall.release(*CODES)
    for button in range(3):
        wall.router.button(button, False, None, 0)
    assert not any(wall.held.values())


def test_the_next_chord_goes_to_whoever_listens_and_to_nobody_else(wall: Wall) -> None:
    heard: list[str] = []
    wall.router.listen(lambda chord: heard.append(str(chord)))
    wall.press("ControlLeft", "AltLeft", "KeyG")
    wall.release("KeyG", "AltLeft", "ControlLeft")
    assert heard == ["Ctrl+Alt+G"]
    assert (wall.commands, wall.sent) == ([], [])
    wall.press("F1")
    assert wall.commands == ["help"]


@pytest.mark.parametrize(("codes", "heard"), [(["Escape"], [None]), (["ShiftLeft", "Escape"], ["Shift+Escape"])])
def test_escape_alone_means_no_chord(wall: Wall, codes: list[str], heard: list[str | None]) -> None:
    told: list[str | None] = []
    wall.router.listen(lambda chord: told.append(None if chord is None else str(chord)))
    wall.press(*codes)
    assert told == heard
    assert wall.commands == []


def test_a_listener_that_gives_up_leaves_the_keys_as_they_were(wall: Wall) -> None:
    wall.router.listen(lambda _chord: pytest.fail("nobody listens any more"))
    wall.router.listen(None)
    wall.press("F1")
    assert wall.commands == ["help"]
