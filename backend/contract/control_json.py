"""The messages of :mod:`backend.contract.control` as JSON objects, tagged ``area/verb`` in ``type``.

An unknown tag reads as None: count it and go on.
"""

import enum
from typing import Any, TypeVar, assert_never

from backend.contract.control import (
    ClockPing,
    ClockPong,
    ControlRelease,
    ControlRequest,
    ControlState,
    FocusTier,
    GuestStateChanged,
    InputShown,
    PathReport,
    PictureFormat,
    PictureWish,
    PointerMode,
    Preference,
    RenditionChosen,
    StreamerHello,
    StreamerStatistics,
    Tier,
    ToStreamer,
    ToViewer,
    ViewerHello,
)
from backend.contract.errors import WireError
from backend.contract.reading import boolean, integer, json_object, mapping, number, string
from backend.contract.status import GuestReport
from backend.contract.version import PROTOCOL_VERSION, require_version

Choice = TypeVar("Choice", bound=enum.StrEnum)


def to_streamer_json(message: ToStreamer) -> dict[str, Any]:
    """One message of a viewer, before ``json.dumps``."""
    match message:
        case ViewerHello():
            return {"type": "viewer/hello", "version": PROTOCOL_VERSION, "name": message.name}
        case ControlRequest():
            return {"type": "control/request"}
        case ControlRelease():
            return {"type": "control/release"}
        case FocusTier():
            return {
                "type": "focus/tier",
                "tier": message.tier.value,
                "width_px": message.width_px,
                "height_px": message.height_px,
            }
        case ClockPing():
            return {"type": "clock/ping", "viewer_us": message.viewer_us}
        case PictureWish():
            return {
                "type": "picture/wish",
                "preference": message.preference.value,
                "pixel_exact": message.pixel_exact,
            }
        case PathReport():
            return {
                "type": "path/report",
                "loss": message.loss,
                "delay_ms": message.delay_ms,
                "round_trip_ms": message.round_trip_ms,
                "received_bps": message.received_bps,
            }
        case _:
            assert_never(message)


def to_streamer_from_json(text: str | bytes) -> ToStreamer | None:
    """Read a viewer's message; None for an unknown tag.

    Raises:
        WireError: the message does not fit its tag.
        VersionError: the viewer is of another protocol version.
    """
    data = json_object(text, "A control message")
    match string(data, "type"):
        case "viewer/hello":
            require_version(data.get("version"), "viewer")
            return ViewerHello(string(data, "name")[:64])
        case "control/request":
            return ControlRequest()
        case "control/release":
            return ControlRelease()
        case "focus/tier":
            return FocusTier(
                _choice(Tier, string(data, "tier")), integer(data, "width_px", 0), integer(data, "height_px", 0)
            )
        case "clock/ping":
            return ClockPing(integer(data, "viewer_us"))
        case "picture/wish":
            return PictureWish(_choice(Preference, string(data, "preference")), boolean(data, "pixel_exact"))
        case "path/report":
            return PathReport(
                _part(number(data, "loss")),
                number(data, "delay_ms"),
                number(data, "round_trip_ms"),
                integer(data, "received_bps"),
            )
        case _:
            return None


def to_viewer_json(message: ToViewer) -> dict[str, Any]:
    """One message of a streamer, before ``json.dumps``."""
    match message:
        case StreamerHello():
            return {
                "type": "streamer/hello",
                "version": PROTOCOL_VERSION,
                "instance": message.instance,
                "viewer": message.viewer,
                "probe": message.probe and list(message.probe),
            }
        case PictureFormat():
            return {
                "type": "picture/format",
                "width_px": message.width_px,
                "height_px": message.height_px,
                "pointer": message.pointer.value,
            }
        case ControlState():
            return {
                "type": "control/state",
                "holder": message.holder,
                "holder_name": message.holder_name,
                "yours": message.yours,
                "viewers": message.viewers,
            }
        case GuestStateChanged():
            return {"type": "guest/state", "guest": message.guest.to_json()}
        case ClockPong():
            return {
                "type": "clock/pong",
                "viewer_us": message.viewer_us,
                "streamer_us": message.streamer_us,
                "rtp_origin": message.rtp_origin,
            }
        case InputShown():
            return {"type": "input/shown", "sequence": message.sequence, "rtp_timestamp": message.rtp_timestamp}
        case RenditionChosen():
            return {
                "type": "rendition/chosen",
                "width_px": message.width_px,
                "height_px": message.height_px,
                "pixel_exact": message.pixel_exact,
                "max_fps": message.max_fps,
                "max_bit_rate_bps": message.max_bit_rate_bps,
                "reason": message.reason,
            }
        case StreamerStatistics():
            return {
                "type": "statistics/second",
                "newest_rtp_timestamp": message.newest_rtp_timestamp,
                "pictures": message.pictures,
                "fps": message.fps,
                "bit_rate_bps": message.bit_rate_bps,
                "audio_dbfs": message.audio_dbfs,
                "stages_ms": message.stages_ms,
                "drops": message.drops,
            }
        case _:
            assert_never(message)


def to_viewer_from_json(text: str | bytes) -> ToViewer | None:
    """Read a streamer's message; None for an unknown tag.

    Raises:
        WireError: the message does not fit its tag.
        VersionError: the streamer is of another protocol version.
    """
    data = json_object(text, "A control message")
    match string(data, "type"):
        case "streamer/hello":
            require_version(data.get("version"), "streamer")
            return StreamerHello(string(data, "instance"), string(data, "viewer"), _probe(data.get("probe")))
        case "picture/format":
            pointer = _choice(PointerMode, string(data, "pointer"))
            return PictureFormat(integer(data, "width_px"), integer(data, "height_px"), pointer)
        case "control/state":
            holder = None if data.get("holder") is None else string(data, "holder")
            return ControlState(holder, string(data, "holder_name"), boolean(data, "yours"), integer(data, "viewers"))
        case "guest/state":
            return GuestStateChanged(GuestReport.from_json(mapping(data, "guest")))
        case "clock/pong":
            return ClockPong(integer(data, "viewer_us"), integer(data, "streamer_us"), integer(data, "rtp_origin"))
        case "input/shown":
            return InputShown(integer(data, "sequence"), integer(data, "rtp_timestamp"))
        case "rendition/chosen":
            return RenditionChosen(
                integer(data, "width_px"),
                integer(data, "height_px"),
                boolean(data, "pixel_exact"),
                number(data, "max_fps"),
                integer(data, "max_bit_rate_bps"),
                string(data, "reason"),
            )
        case "statistics/second":
            stages, drops = mapping(data, "stages_ms"), mapping(data, "drops")
            return StreamerStatistics(
                integer(data, "newest_rtp_timestamp"),
                integer(data, "pictures"),
                number(data, "fps"),
                integer(data, "bit_rate_bps"),
                number(data, "audio_dbfs"),
                {name: number(stages, name) for name in stages},
                {name: integer(drops, name) for name in drops},
            )
        case _:
            return None


def _choice(kind: type[Choice], text: str) -> Choice:
    try:
        return kind(text)
    except ValueError as error:
        raise WireError(f"{text!r:.40} is none of {', '.join(kind)}.") from error


def _part(value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise WireError(f"'loss' must be between 0 and 1, not {value!r}.")
    return value


def _probe(value: object) -> tuple[int, int, int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 4 or not all(type(item) is int for item in value):
        raise WireError("'probe' must be four whole numbers or null.")
    x, y, width, height = value
    return x, y, width, height
