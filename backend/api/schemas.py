"""The JSON schemas of the OpenAPI document; answers have no field that is not named here."""

from typing import Any

from backend.contract.events import DiscoveryState
from backend.contract.instance import InstanceState, RecoverLevel
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
    level: Json = {"type": "string", "enum": [level.value for level in RecoverLevel]}
    state_of_list = {
        "mode": TEXT,
        "state": {"type": "string", "enum": [state.value for state in DiscoveryState]},
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
    guest = _object(state={"type": "string", "enum": [state.value for state in GuestState]}, reason=TEXT)
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


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }
