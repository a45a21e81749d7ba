"""Key chords that the visitor's own system would swallow, for the menu that types them into the guest."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord by W3C codes; pressed in order, released in reverse."""

    label: str
    codes: tuple[str, ...]
    hint: str


CHORDS = (
    Chord("Ctrl + Alt + Del", ("ControlLeft", "AltLeft", "Delete"), "task list or restart"),
    Chord("Ctrl + Esc", ("ControlLeft", "Escape"), "start menu"),
    Chord("Alt + F4", ("AltLeft", "F4"), "close the program"),
    Chord("Alt + Tab", ("AltLeft", "Tab"), "next program"),
    Chord("Alt + Enter", ("AltLeft", "Enter"), "full screen in the guest"),
    Chord("Windows", ("MetaLeft",), "start menu"),
    Chord("Print Screen", ("PrintScreen",), "copy the picture"),
    Chord("Esc", ("Escape",), "cancel"),
    Chord("F1", ("F1",), "help in the guest"),
    Chord("F2", ("F2",), "F2 in the guest"),
    Chord("F3", ("F3",), "F3 in the guest"),
    Chord("Pause", ("Pause",), "halt or break"),
)
