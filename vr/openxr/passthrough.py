"""The real room behind the wall, by whichever way the headset has."""

import ctypes
from enum import StrEnum
from typing import cast

import xr

from vr.openxr import extensions
from vr.openxr.extensions import Extensions
from vr.openxr.instance import System, in_words

_STEREO = xr.ViewConfigurationType.PRIMARY_STEREO


class Way(StrEnum):
    """How the room can be seen."""

    NONE = "none"
    BLEND = "blend"
    """The runtime puts it behind what is not covered (XrEnvironmentBlendMode)."""
    FACEBOOK = "facebook"
    """A layer of its own at the back (XR_FB_passthrough)."""
    GLASS = "glass"
    """The display is see-through and cannot be anything else."""


def way_of(blend_modes: frozenset[int], switched_on: Extensions) -> Way:
    """The best way on offer; ``blend_modes`` are XrEnvironmentBlendMode numbers."""
    if xr.EnvironmentBlendMode.ALPHA_BLEND.value in blend_modes:
        return Way.BLEND
    if extensions.FB_PASSTHROUGH in switched_on:
        return Way.FACEBOOK
    return Way.NONE if xr.EnvironmentBlendMode.OPAQUE.value in blend_modes else Way.GLASS


class Passthrough:
    """The passthrough of one session; off at first, and never on where there is none."""

    def __init__(self, instance: xr.Instance, session: xr.Session, system: System, switched_on: Extensions) -> None:
        with in_words():
            modes = xr.enumerate_environment_blend_modes(instance, system.id, _STEREO)
        self.way = way_of(frozenset(int(mode) for mode in modes), switched_on)
        self._session = session
        self._layer: xr.CompositionLayerPassthroughFB | None = None
        self._on = self.way is Way.GLASS

    @property
    def on(self) -> bool:
        """Whether the room is seen, so that no surround is to be drawn over it."""
        return self._on

    @property
    def blend_mode(self) -> xr.EnvironmentBlendMode:
        """What xrEndFrame is told."""
        if self.way is Way.GLASS:
            return xr.EnvironmentBlendMode.ADDITIVE
        blends = self._on and self.way is Way.BLEND
        return xr.EnvironmentBlendMode.ALPHA_BLEND if blends else xr.EnvironmentBlendMode.OPAQUE

    def switch(self, on: bool) -> bool:
        """Show the room or not; returns whether it is shown now."""
        if self.way is Way.FACEBOOK and on and self._layer is None:
            self._layer = self._start()
        self._on = self.way is Way.GLASS or (on and self.way is not Way.NONE)
        return self._on

    def layers(self) -> list[ctypes.Structure]:
        """What goes behind all other layers."""
        if self._on and self._layer is not None:
            return [cast(ctypes.Structure, self._layer)]
        return []

    def _start(self) -> xr.CompositionLayerPassthroughFB:
        running = xr.PassthroughFlagsFB.IS_RUNNING_AT_CREATION_BIT
        with in_words():
            self._feature = xr.create_passthrough_fb(self._session, xr.PassthroughCreateInfoFB(flags=running))
            info = xr.PassthroughLayerCreateInfoFB(
                passthrough=self._feature,
                flags=running,
                purpose=xr.PassthroughLayerPurposeFB.RECONSTRUCTION,
            )
            self._handle = xr.create_passthrough_layer_fb(self._session, info)
        behind = xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT
        return xr.CompositionLayerPassthroughFB(flags=behind, space=None, layer_handle=self._handle)
