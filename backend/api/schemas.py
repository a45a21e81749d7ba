"""The JSON schemas of the OpenAPI document; answers have no field that is not named here."""

import enum
from typing import Any

from backend.contract.events import DiscoveryState
from backend.contract.instance import InstanceState, RecoverLevel
from backend.contract.lan import DirectPlay, Layer2, PortKind, PortState
from backend.contract.status import GuestState

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
_WHOLE: Json = {"type": "integer"}
_COUNT: Json = _WHOLE | {"minimum": 0}
_PERCENT: Json = _COUNT | {"maximum": 100}
_NUMBER: Json = {"type": "number"}
_FLAG: Json = {"type": "boolean"}
_ID: Json = {"type": ["string", "null"]}
_STATE: Json = {"type": "string", "enum": [state.value for state in InstanceState]}


def schemas() -> Json:
    """All schemas by name."""
    level: Json = _one_of(RecoverLevel)
    state_of_list = {
        "mode": TEXT,
        "state": _one_of(DiscoveryState),
        "reason": TEXT | {"description": "Why the state is not live."},
        "synced": _FLAG,
        "age_s": _NUMBER | {"minimum": 0},
        "revision": _COUNT,
    }
    return {
        "Instance": _instance(),
        "InstanceList": _object(instances=_array(reference("Instance"))),
        "Summary": _object(total=_COUNT, ready=_COUNT, not_ready=_COUNT),
        "Live": _object(instances=_array(reference("Instance")), summary=reference("Summary"), **state_of_list),
        "Discovery": _object(instances=_COUNT, trouble=TEXT, **state_of_list),
        "Focus": _object(id=_ID),
        "FocusRequest": {"type": "object", "required": ["id"], "properties": {"id": _ID}},
        "RecoveryRequest": {"type": "object", "properties": {"level": level}},
        "Recovery": _object(id=TEXT, level=level),
        "Health": _object(ok=_FLAG),
        "Streamer": _streamer(),
        "Quality": _quality(),
        "WallQuality": _object(score=_PERCENT, worst=_ID, instances=_array(reference("Quality"))),
        "IceServers": _object(servers=_array(reference("IceServer")), ttl_s=_NUMBER),
        "IceServer": _ice_server(),
        **_lan(),
        "Problem": _object(type=TEXT, status=_WHOLE, title=TEXT, detail=TEXT, correlation_id=TEXT),
    }


def reference(name: str) -> Json:
    """To a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _instance() -> Json:
    return _object(
        id=TEXT,
        slot=_COUNT,
        name=TEXT,
        state=_STATE,
        reason=TEXT | {"description": "Why it is not ready, and what happens next."},
        addresses=_array(TEXT),
        port=_COUNT | {"maximum": 65_535},
        zone=TEXT,
        node=TEXT,
        description=TEXT | {"description": "A few words for people."},
        health=_PERCENT,
        since=_NUMBER | {"description": "Start of the state, Unix time."},
        last_seen=_NUMBER | {"description": "When it was last known to exist, Unix time."},
    )


def _streamer() -> Json:
    guest = _object(state=_one_of(GuestState), reason=TEXT)
    return _object(
        version=_WHOLE,
        instance=TEXT,
        guest=guest,
        viewers=_COUNT,
        controller=TEXT | {"description": "Who holds keyboard and mouse; empty for nobody."},
        picture_age_s=_NUMBER | {"description": "Since the guest last changed its picture; -1 for never."},
        fps=_NUMBER,
        audio_dbfs=_NUMBER,
        uptime_s=_NUMBER,
        encode_ms=_NUMBER | {"description": "Mean of the last second; -1 where no picture was encoded."},
        drops={"type": "object", "additionalProperties": _COUNT, "description": "In the last second, by cause."},
    )


def _quality() -> Json:
    return _object(
        id=TEXT,
        state=_STATE,
        score=_PERCENT | {"description": "0 (dead) to 100 (all well)."},
        reasons=_array(TEXT) | {"description": "What is missing to 100; the worst first."},
        streamer={"oneOf": [reference("Streamer"), {"type": "null"}]},
    )


def _ice_server() -> Json:
    whole = _object(urls=_array(TEXT), username=TEXT, credential=TEXT)
    return whole | {"required": ["urls"]}


def _lan() -> Json:
    return {
        "Lan": _object(version=_WHOLE, site=TEXT, uptime_s=_NUMBER, rooms=_array(reference("LanRoom"))),
        "LanRoom": _object(
            name=TEXT,
            ports=_array(reference("LanPort")),
            pairs=_array(reference("LanPair")) | {"description": "Each pair of ports once."},
            network=TEXT | {"description": "Where the switch gives guests their addresses; empty where it does not."},
        ),
        "LanPort": _lan_port(),
        "LanPair": _object(
            a=_COUNT,
            b=_COUNT,
            layer2=_one_of(Layer2),
            frames_ab=_COUNT | {"description": "Frames of a that b took."},
            frames_ba=_COUNT,
            directplay=_one_of(DirectPlay),
        ),
    }


def _lan_port() -> Json:
    counts: Json = {"type": "object", "additionalProperties": _COUNT}
    return _object(
        number=_COUNT,
        name=TEXT | {"description": "Id of the instance, or the operator's name for it."},
        kind=_one_of(PortKind),
        state=_one_of(PortState),
        reason=TEXT | {"description": "Why it is not up."},
        since=_NUMBER | {"description": "Start of the state, Unix time."},
        macs=_array(TEXT),
        addresses=_array(TEXT),
        heard_age_s=_NUMBER | {"description": "Since its last frame; -1 for never."},
        frames_in=_COUNT | {"description": "From the guest."},
        frames_out=_COUNT | {"description": "To the guest."},
        bytes_in=_COUNT,
        bytes_out=_COUNT,
        drops=counts | {"description": "Frames dropped, by cause."},
        broadcasts=counts | {"description": "Broadcasts and multicasts from this port, by protocol."},
        directplay=_one_of(DirectPlay),
        directplay_ports=_array(_COUNT | {"maximum": 65_535}),
    )


def _one_of(kind: type[enum.StrEnum]) -> Json:
    return {"type": "string", "enum": [each.value for each in kind]}


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }
