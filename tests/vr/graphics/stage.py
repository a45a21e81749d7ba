"""A small OpenXR program around one kind of graphics: enough to see on a real runtime what it puts there."""

import contextlib
import ctypes
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import numpy as np
import xr
from numpy.typing import NDArray

from tests.vr.monado import Monado
from vr.graphics.canvas import Canvas, Graphics, Projector
from vr.graphics.choice import choose
from vr.graphics.opengl import egl, glx
from vr.scene.geometry import Placement

STEREO = xr.ViewConfigurationType.PRIMARY_STEREO
CYLINDER = "XR_KHR_composition_layer_cylinder"
BEGINS_WITHIN_S = 10.0
SHOWS_WITHIN_S = 20.0
FRAMES_A_LOOK = 4
Shown = tuple[Canvas, Placement, bool]
KINDS: dict[str, Callable[[], Graphics]] = {
    "vulkan": lambda: choose(["XR_KHR_vulkan_enable2"], "vulkan"),
    "egl": lambda: choose(egl.EXTENSIONS, "opengl"),
    "glx": lambda: choose(glx.EXTENSIONS, "opengl"),
}


class Closes(Protocol):
    """Anything that has to be closed before its session."""

    def close(self) -> None: ...


class Stage:
    """One session that is begun; ``frame`` submits one frame."""

    def __init__(self, graphics: Graphics) -> None:
        self.graphics = graphics
        self._own = contextlib.ExitStack()
        self.instance = xr.create_instance(
            xr.InstanceCreateInfo(
                application_info=xr.ApplicationInfo("graphics test", 1, "", 0, xr.Version(1, 0, 0)),
                enabled_extension_names=[*graphics.extensions, CYLINDER],
            )
        )
        system = xr.get_system(self.instance, xr.SystemGetInfo(xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        self._binding = graphics.open(self.instance, system)
        self.session = xr.create_session(self.instance, xr.SessionCreateInfo(system_id=system, next=self._binding))
        self.views = xr.enumerate_view_configuration_views(self.instance, system, STEREO)
        self.space = xr.create_reference_space(
            self.session, xr.ReferenceSpaceCreateInfo(xr.ReferenceSpaceType.LOCAL, xr.Posef())
        )
        self._begin()

    def close(self) -> None:
        """End in the order that graphics demand; a runtime that was killed has ended already."""
        self._own.close()
        with contextlib.suppress(xr.exception.ErrorResult):
            xr.destroy_session(self.session)
        self.graphics.close()
        with contextlib.suppress(xr.exception.ErrorResult):
            xr.destroy_instance(self.instance)

    def owns(self, thing: Closes) -> None:
        """Close it before the session ends."""
        self._own.callback(thing.close)

    def canvas(self, width_px: int, height_px: int) -> Canvas:
        """A canvas that is closed with the stage."""
        canvas = self.graphics.canvas(self.session, width_px, height_px)
        self.owns(canvas)
        return canvas

    def projector(self) -> Projector:
        """A projector that is closed with the stage."""
        projector = self.graphics.projector(self.session, self.views)
        self.owns(projector)
        return projector

    def wait(self) -> xr.FrameState:
        """Begin a frame that shows something."""
        while True:
            self._poll()
            state = xr.wait_frame(self.session, xr.FrameWaitInfo())
            xr.begin_frame(self.session, xr.FrameBeginInfo())
            if state.should_render:
                return state
            self.end(state, [])

    def end(self, state: xr.FrameState, layers: Sequence[ctypes.Structure]) -> None:
        """End a frame with these layers."""
        pointers = [
            ctypes.cast(ctypes.pointer(layer), ctypes.POINTER(xr.CompositionLayerBaseHeader)) for layer in layers
        ]
        info = xr.FrameEndInfo(
            display_time=state.predicted_display_time,
            environment_blend_mode=xr.EnvironmentBlendMode.OPAQUE,
            layers=pointers,
        )
        xr.end_frame(self.session, info)

    def locate(self, state: xr.FrameState) -> Sequence[xr.View]:
        """Where the eyes are in this frame."""
        info = xr.ViewLocateInfo(STEREO, state.predicted_display_time, self.space)
        views: Sequence[xr.View] = xr.locate_views(self.session, info)[1]
        return views

    def show(
        self,
        layers: Callable[[xr.FrameState], Sequence[ctypes.Structure]],
        headset: Monado,
        expected: Callable[[NDArray[np.uint8]], bool],
    ) -> NDArray[np.uint8]:
        """Submit frames until the headset's displays show what is expected; returns their picture."""
        deadline = time.monotonic() + SHOWS_WITHIN_S
        while True:
            for _ in range(FRAMES_A_LOOK):
                state = self.wait()
                self.end(state, layers(state))
            picture = headset.picture()
            if expected(picture):
                return picture
            assert time.monotonic() < deadline, "the headset does not show what it should"

    def still(
        self, layers: Callable[[xr.FrameState], Sequence[ctypes.Structure]], headset: Monado
    ) -> NDArray[np.uint8]:
        """Submit frames until the displays show something that does not change any more."""
        pictures = [headset.picture()]

        def settled(picture: NDArray[np.uint8]) -> bool:
            pictures.append(picture)
            black_around = not picture[0, 0].any()  # an idle runtime fills everything with a colour of its own
            return black_around and bool(picture.any()) and np.array_equal(picture, pictures[-2])

        return self.show(layers, headset, settled)

    def layer(self, item: Shown, *, flat: bool = False) -> ctypes.Structure:
        """What the runtime shows by itself: a cylinder, or a quad."""
        canvas, placement, opaque = item
        blending = xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT
        blending |= xr.CompositionLayerFlags.UNPREMULTIPLIED_ALPHA_BIT
        rectangle = xr.Rect2Di(xr.Offset2Di(0, 0), xr.Extent2Di(canvas.width_px, canvas.height_px))
        common = {
            "layer_flags": xr.CompositionLayerFlags.NONE if opaque else blending,
            "space": self.space,
            "eye_visibility": xr.EyeVisibility.BOTH,
            "sub_image": xr.SwapchainSubImage(canvas.swapchain, rectangle, 0),
        }
        pose = placement.pose if flat else placement.axis
        where = xr.Posef(xr.Quaternionf(*pose.rotation), xr.Vector3f(*pose.position))
        if flat:
            size = xr.Extent2Df(placement.width_m, placement.height_m)
            quad: ctypes.Structure = xr.CompositionLayerQuad(pose=where, size=size, **common)
            return quad
        cylinder: ctypes.Structure = xr.CompositionLayerCylinderKHR(
            pose=where,
            radius=placement.radius_m or 0.0,
            central_angle=placement.angle,
            aspect_ratio=placement.width_m / placement.height_m,
            **common,
        )
        return cylinder

    def _begin(self) -> None:
        deadline = time.monotonic() + BEGINS_WITHIN_S
        while not self._poll():
            assert time.monotonic() < deadline, "the runtime never made the session ready"
            time.sleep(0.01)
        xr.begin_session(self.session, xr.SessionBeginInfo(STEREO))

    def _poll(self) -> bool:
        """Take all events; whether the session became ready."""
        ready = False
        while True:
            try:
                event = xr.poll_event(self.instance)
            except xr.EventUnavailable:
                return ready
            if event.type == xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
                changed = ctypes.cast(ctypes.byref(event), ctypes.POINTER(xr.EventDataSessionStateChanged)).contents
                ready |= xr.SessionState(changed.state) == xr.SessionState.READY


@contextmanager
def staged(graphics: Graphics) -> Iterator[Stage]:
    """A stage that is closed in the end."""
    stage = Stage(graphics)
    try:
        yield stage
    finally:
        stage.close()
