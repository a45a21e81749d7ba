"""Errors of the VR program; each text is a sentence that the kiosk shows as it stands.

VrError
├── NoRuntimeError      this machine has no OpenXR runtime, or none is chosen
├── ServiceDownError    a runtime is installed, but its service does not run
├── NoHeadsetError      the runtime runs, but sees no headset
├── NoGraphicsError     no graphics that runtime and machine share
├── OpenXrError         the runtime refused a call, with its own word for it
├── RuntimeLostError    the runtime ended in the middle of a session
└── FeedEndedError      whoever sent the pictures has gone

All but the last are tried again: they heal once somebody plugs in, starts or chooses what is missing.
"""

from backend.contract.errors import LocoError


class VrError(LocoError):
    """Base of every error that the VR program raises on purpose."""


class NoRuntimeError(VrError):
    """No OpenXR runtime is installed, or none is chosen as the active one."""


class ServiceDownError(VrError):
    """A runtime is installed, but the service behind it does not answer."""


class NoHeadsetError(VrError):
    """The runtime works, but no headset is connected."""


class NoGraphicsError(VrError):
    """Runtime and machine have no way of drawing in common."""


class OpenXrError(VrError):
    """The runtime refused something that it should do; the text has its own word for it."""


class RuntimeLostError(VrError):
    """The runtime ended, crashed or gave the session up; everything of it must be made anew."""


class FeedEndedError(VrError):
    """The process that sends the pictures has ended or closed its end of the feed."""
