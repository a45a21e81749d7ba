"""The headset as the rest of the program sees it: phases, frames, hands, head, layers."""

import contextlib
import ctypes
import dataclasses
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import xr

from vr.errors import NoGraphicsError, OpenXrError, RuntimeLostError
from vr.graphics.canvas import Canvas, Graphics, Item, Projector
from vr.openxr import events, hand_tracking, instance
from vr.openxr.actions import Actions
from vr.openxr.extensions import CYLINDER, Extensions, select
from vr.openxr.instance import in_words
from vr.openxr.layer_path import Wish
from vr.openxr.layers import Composer
from vr.openxr.meter import Meter
from vr.openxr.passthrough import Passthrough
from vr.openxr.phase import Phase
from vr.openxr.session import FrameTime, Session
from vr.openxr.spaces import Spaces
from vr.openxr.waiting import Meanwhile
from vr.scene.controllers import Hand, HandState
from vr.scene.geometry import Pose, compose
from vr.scene.layer import Layer

log = logging.getLogger(__name__)

_STEREO = xr.ViewConfigurationType.PRIMARY_STEREO
_TRACKED = xr.ViewStateFlags.ORIENTATION_VALID_BIT | xr.ViewStateFlags.POSITION_VALID_BIT
_ENDING = "The OpenXR runtime is about to end. The wall returns by itself when the runtime is back."


@dataclass(frozen=True, slots=True)
class News:
    """What a poll of the runtime brought."""

    phase: Phase
    worn: bool
    """Whether somebody wears the headset, where it can tell; else true."""
    recentred: bool
    """The room has a new origin: what is held must be let go."""


class Runtime:
    """One connection to the runtime with one session. Threading: the frame loop's.

    Order of the end: whoever made canvases closes them, then :meth:`close`. After any error everything is made anew.
    """

    def __init__(self, graphics: Graphics, wish: Wish) -> None:
        self.graphics = graphics
        self._wish = wish
        self._stack = contextlib.ExitStack()
        self._worn = True
        self.meter = Meter()
        self._projector: Projector | None = None

    @classmethod
    def start(cls, graphics: Graphics, offered: frozenset[str], wish: Wish) -> "Runtime":
        """Connect, find the headset and make a session; ``offered`` are the runtime's extensions.

        Raises:
            ServiceDownError, NoHeadsetError, NoGraphicsError, RuntimeLostError, OpenXrError: as their names say.
        """
        runtime = cls(graphics, wish)
        try:
            runtime._open(select(offered, graphics.extensions))
        except BaseException:
            runtime.close()
            raise
        return runtime

    @property
    def session(self) -> xr.Session:
        """For making canvases."""
        return self._session.handle

    @property
    def layer_limit(self) -> int:
        """The most pictures of a frame that need no drawing, beside a passthrough."""
        return self.system.layer_limit - len(self.passthrough.layers())

    @property
    def bends(self) -> bool:
        """Whether bent placements look bent; if not, they are to be placed flat, so that rays meet what is seen."""
        return self._wish is Wish.PROJECTION or (self._wish is not Wish.QUAD and self._cylinders)

    def poll(self) -> News:
        """Take the runtime's news; call it once a frame, and often while no frames are wanted.

        Raises:
            RuntimeLostError: session or runtime are lost.
        """
        recentred = False
        for event in events.poll(self._instance):
            match event:
                case events.StateChanged(state):
                    self._session.state_changed(state)
                case events.Recentred():
                    recentred = True
                    self.spaces.forget_offset()
                case events.ProfileChanged():
                    self._actions.profile_changed()
                case events.PresenceChanged(worn):
                    self._worn = worn
                case events.RuntimeEnds():
                    raise RuntimeLostError(_ENDING)
        return News(self._session.phase, self._worn, recentred)

    def wait_frame(self, meanwhile: Meanwhile = lambda: False) -> FrameTime | None:
        """Wait for the next frame and begin it; None while the runtime wants none (then do something else first).

        ``meanwhile`` does one small thing at a time until the frame comes, and tells whether there was one to do.
        """
        return self._session.wait_frame(meanwhile)

    def read_hands(self, frame: FrameTime) -> dict[Hand, HandState]:
        """Both hands when the frame will be seen; a hand without a controller is looked at by the cameras."""
        hands = self._actions.read(frame.display)
        if self._session.phase is not Phase.FOCUSED:
            return hands
        bare = {hand: tracked for hand, tracked in self._tracked.items() if not _holds_controller(hands[hand])}
        head = self.head(frame) if bare else None
        for hand, tracked in bare.items():
            hands[hand] = _completed(hands[hand], tracked.read(self.spaces, head, frame.display))
        return hands

    def head(self, frame: FrameTime) -> Pose | None:
        """Where the head is when the frame will be seen; None while it is not tracked."""
        with in_words():
            return self.spaces.locate(self.spaces.head, frame.display)

    def end_frame(self, frame: FrameTime, layers: Sequence[Layer]) -> None:
        """Show ``layers``, back to front; without any where nobody looks."""
        behind = self.passthrough.layers()
        composed = self._composer.compose(frame, layers, len(behind)) if frame.should_render else []
        self._session.end_frame(frame, behind + composed, self.passthrough.blend_mode)
        self.meter.add(time.perf_counter() - frame.waited_s, len(behind) + len(composed))

    def tick(self, hand: Hand) -> None:
        """A short vibration."""
        self._actions.tick(hand)

    def recentre(self, frame: FrameTime) -> bool:
        """Put the origin where the wearer stands and looks; False while the head is not tracked."""
        return self.spaces.recentre(frame.display)

    def request_exit(self) -> bool:
        """Ask to end in order, then go on with polls and frames until the phase is EXITING; False: no need to."""
        return self._session.request_exit()

    def close(self) -> None:
        """Give everything back; also after the runtime is lost."""
        self._stack.close()

    def _open(self, extensions: Extensions) -> None:
        self._instance = instance.create(extensions)
        self._stack.callback(_quietly, partial(xr.destroy_instance, self._instance))
        self.system = instance.find_system(self._instance)
        # Graphics outlive the session, and the instance outlives both.
        self._stack.callback(self.graphics.close)
        binding = self._open_graphics()
        self._session = Session(self._instance, self.system, binding)
        self._stack.callback(_quietly, self._session.close)
        self.spaces = Spaces(self._instance, self._session.handle, extensions)
        self._actions = Actions(self._instance, self._session.handle, extensions, self.spaces)
        self._tracked = hand_tracking.open_hands(self._instance, self._session.handle, extensions)
        self.passthrough = Passthrough(self._instance, self._session.handle, self.system, extensions)
        self._cylinders = CYLINDER in extensions
        self._composer = Composer(
            self.spaces, self._wish, cylinders=self._cylinders, limit=self.system.layer_limit, draw=self._draw
        )
        log.info("%s with %s, drawn by %s", self.system.runtime, self.system.headset, self.graphics.name)

    def _open_graphics(self) -> ctypes.Structure:
        """What ties a session to the graphics; a runtime refuses those that do not reach the headset's GPU."""
        try:
            with in_words():
                return self.graphics.open(self._instance, self.system.id)
        except OpenXrError as error:
            raise NoGraphicsError(f"{self.graphics.name} does not reach the headset. {error}") from error

    def _draw(self, frame: FrameTime, layers: Sequence[Layer]) -> xr.CompositionLayerProjection | None:
        """Draw pictures as the eyes will see them, where there are no layers for them."""
        with in_words():
            where = xr.ViewLocateInfo(_STEREO, frame.display, self.spaces.world)
            state, views = xr.locate_views(self.session, where)
            if _TRACKED not in state.view_state_flags:
                return None
            projection = self._own_projector().draw(views, [self._item(frame, layer) for layer in layers])
            if projection is not None:
                projection.space = self.spaces.world
            return projection

    def _item(self, frame: FrameTime, layer: Layer) -> Item:
        placement = layer.placement
        if layer.head_locked and (head := self.head(frame)) is not None:
            placement = dataclasses.replace(placement, pose=compose(head, placement.pose))
        return Item(cast(Canvas, layer.canvas), placement, layer.opaque)

    def _own_projector(self) -> Projector:
        if self._projector is None:
            views = xr.enumerate_view_configuration_views(self._instance, self.system.id, _STEREO)
            self._projector = self.graphics.projector(self.session, views)
            self._stack.callback(_quietly, self._projector.close)
        return self._projector


def _holds_controller(state: HandState) -> bool:
    return state.active and state.kind == "controller"


def _completed(told: HandState, seen: HandState) -> HandState:
    """A bare hand that the runtime itself reads has its ray and its pinch, but no word for the other buttons."""
    return dataclasses.replace(told, secondary=seen.secondary, menu=seen.menu) if told.active else seen


def _quietly(close: Callable[[], None]) -> None:
    try:
        close()
    except (xr.ResultException, RuntimeLostError) as error:
        log.debug("closing after the runtime has gone: %s", error)
