"""What the buttons of the wrist menu do to the rest of the program."""

from typing import Protocol

from loco_kiosk.client.vr_messages import SoundState
from vr.scene.menu import MenuAction
from vr.scene.panels import MENU
from vr.scene.scene import Scene

_VOLUME_STEP = 0.1
_SURE = frozenset({MenuAction.LEAVE, MenuAction.RECOVER})
"""What cannot be taken back is asked for twice."""


class Commands(Protocol):
    """What the feed can be told; see :class:`vr.feed.feed.Feed`."""

    sound: SoundState

    def set_sound(self, volume: float, *, muted: bool, mono: bool) -> None:
        """Loudness."""

    def recover(self, id: str, level: str = "reset") -> None:  # noqa: A002 - the wire's word
        """Start a guest anew."""


class Choices:
    """Carries out the buttons, and remembers the switches that only they move."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self.confirm: MenuAction | None = None
        """The action that waits for a second press."""
        self.statistics = False
        self.recentre = False
        """The wearer asked for it; whoever does it clears this."""
        self.leave = False
        """The wearer asked to leave."""

    def choose(self, action: MenuAction, scene: Scene) -> None:
        """A button was pressed."""
        sure = action is self.confirm
        self.confirm = action if action in _SURE and not sure else None
        if self.confirm is None:
            self._do(action, scene)

    def _do(self, action: MenuAction, scene: Scene) -> None:
        match action:
            case MenuAction.LEAVE:
                self.leave = True
            case MenuAction.RECENTRE:
                self.recentre = True
            case MenuAction.STATISTICS:
                self.statistics = not self.statistics
            case MenuAction.QUIETER | MenuAction.LOUDER | MenuAction.MUTE | MenuAction.MONO:
                self._sound(action)
            case MenuAction.RELEASE:
                scene.let_go()
            case MenuAction.RECOVER:
                self._recover(scene)
            case _:
                _in_scene(action, scene)

    def _sound(self, action: MenuAction) -> None:
        now = self._commands.sound
        step = {MenuAction.QUIETER: -_VOLUME_STEP, MenuAction.LOUDER: _VOLUME_STEP}.get(action, 0.0)
        # Who makes it louder wants to hear it.
        muted = not now.muted if action is MenuAction.MUTE else now.muted and action is not MenuAction.LOUDER
        mono = now.mono is not (action is MenuAction.MONO)
        self._commands.set_sound(min(max(round(now.volume + step, 2), 0.0), 1.0), muted=muted, mono=mono)

    def _recover(self, scene: Scene) -> None:
        if scene.guests.front:
            scene.let_go()
            self._commands.recover(scene.guests.front)


def _in_scene(action: MenuAction, scene: Scene) -> None:
    match action:
        case MenuAction.FOCUS:
            scene.focus(scene.guests.front or None, near=not scene.near)
        case MenuAction.KEYBOARD:
            scene.toggle_keyboard()
        case MenuAction.PAGE_UP:
            scene.turn_page(-1)
        case MenuAction.PAGE_DOWN:
            scene.turn_page(1)
        case MenuAction.PUT_BACK:
            scene.put_back()
        case MenuAction.CLOSE:
            scene.panels.close(MENU)
        case _:
            raise AssertionError(f"{action} is not about the scene")
