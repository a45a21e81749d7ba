"""Ledger of what one viewer holds down in the guest."""

from typing import TypeVar

from backend.contract.input import Button, Key

Item = TypeVar("Item", str, int)


class HeldKeys:
    """Every press that has no release yet; it is released for the viewer who can no longer do so."""

    def __init__(self) -> None:
        self._codes: dict[str, None] = {}
        self._buttons: dict[int, None] = {}

    def key(self, code: str, down: bool) -> bool:
        """Note a key; False for a release of what is not held, which the guest must not see.

        A repeated press counts: it is how a held key repeats in the guest.
        """
        return _note(self._codes, code, down)

    def button(self, button: int, down: bool) -> bool:
        """Note a mouse button, likewise."""
        return _note(self._buttons, button, down)

    def release_all(self) -> list[Key | Button]:
        """The releases that are due, last pressed first; nothing is held afterwards."""
        due: list[Key | Button] = [Button(0, button, False) for button in reversed(self._buttons)]
        due += [Key(0, code, False) for code in reversed(self._codes)]
        self._codes.clear()
        self._buttons.clear()
        return due


def _note(held: dict[Item, None], item: Item, down: bool) -> bool:
    if down:
        held[item] = None
        return True
    return held.pop(item, False) is None
