"""The OpenAPI 3.1 document of the backend; a test holds it against the real routes and answers."""

from typing import Any

from backend.api.instances import RecoverLevel
from backend.contract import problem, routes
from backend.contract.instance import InstanceState
from backend.contract.version import PROTOCOL_VERSION

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_WHOLE: Json = {"type": "integer"}
_NUMBER: Json = {"type": "number"}
_FLAG: Json = {"type": "boolean"}
_ID: Json = {"type": ["string", "null"]}


def document() -> Json:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Loco backend",
            "version": str(PROTOCOL_VERSION),
            "description": "Finds the emulators of a wall and introduces viewers to them. Times are seconds.",
        },
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }


def _paths() -> Json:
    return {
        routes.INSTANCES: {"get": _operation("All instances by slot.", {"200": _json("InstanceList")})},
        routes.LIVE: {"get": _operation("All instances, with summary, revision and age.", {"200": _json("Live")})},
        routes.REFRESH: {"post": _operation("Look for instances now.", {"200": _json("Live")})},
        routes.DISCOVERY: {"get": _operation("The state of discovery.", {"200": _json("Discovery")})},
        routes.EVENTS: {
            "get": _operation(
                "Event stream over a WebSocket: one snapshot, then changes; a gap in revisions asks for a new stream.",
                {"101": {"description": "The stream begins."}, "426": _problem("Not a WebSocket.")},
            )
        },
        routes.FOCUS: {
            "get": _operation("The instance in focus.", {"200": _json("Focus")}),
            "put": _operation(
                "Move the focus.", {"200": _json("Focus"), "404": _problem("No such instance.")}, _json_body("Focus")
            ),
        },
        routes.RECOVER: {
            "parameters": [_parameter("id")],
            "post": _operation(
                "Reset a guest, or restart its emulator.",
                {"202": _json("Recovery"), "501": _problem("The level is not possible here."), **_streamer_problems()},
                _json_body("RecoveryRequest", required=False),
            ),
        },
        **_whep_paths(),
        routes.OPENAPI: {"get": _operation("This document.", {"200": _described("OpenAPI 3.1.", "application/json")})},
        routes.HEALTHZ: {"get": _operation("The process answers.", {"200": _json("Health")})},
        routes.READYZ: {
            "get": _operation(
                "The first complete list has come.", {"200": _json("Health"), "503": _problem("It has not come yet.")}
            )
        },
        routes.METRICS: {
            "get": _operation("Prometheus metrics.", {"200": _described("Text exposition.", "text/plain")})
        },
    }


def _whep_paths() -> Json:
    answer = _described("The SDP answer; Location is the session.", "application/sdp")
    answer["headers"] = {"Location": {"schema": _TEXT}}
    return {
        routes.WHEP: {
            "parameters": [_parameter("id")],
            "post": _operation(
                "Open a WHEP session.",
                {"201": answer, "415": _problem("Not an SDP offer."), **_streamer_problems()},
                _body("application/sdp", _TEXT),
            ),
        },
        routes.WHEP_SESSION: {
            "parameters": [_parameter("id"), _parameter("session")],
            "patch": _operation(
                "Trickle ICE or ICE restart.",
                {
                    "200": _described("ICE restart: the new fragment.", "application/trickle-ice-sdpfrag"),
                    "204": {"description": "Taken."},
                    "415": _problem("Not an SDP fragment."),
                    **_streamer_problems(),
                },
                _body("application/trickle-ice-sdpfrag", _TEXT),
            ),
            "delete": _operation("End a session.", {"200": {"description": "Ended."}, **_streamer_problems()}),
        },
    }


def _schemas() -> Json:
    instance = _object(
        id=_TEXT,
        slot=_WHOLE | {"minimum": 0},
        name=_TEXT,
        state={"type": "string", "enum": [state.value for state in InstanceState]},
        reason=_TEXT | {"description": "Why it is not ready, and what happens next."},
        addresses=_array(_TEXT),
        port=_WHOLE,
        zone=_TEXT,
        node=_TEXT,
        description=_TEXT | {"description": "A few words for people, where somebody wrote them."},
        health=_WHOLE | {"minimum": 0, "maximum": 100},
        since=_NUMBER | {"description": "Start of the state, Unix time."},
        last_seen=_NUMBER | {"description": "When it was last known to exist, Unix time."},
    )
    level: Json = {"type": "string", "enum": [level.value for level in RecoverLevel]}
    state_of_list = {"mode": _TEXT, "synced": _FLAG, "age_s": _NUMBER, "revision": _WHOLE}
    return {
        "Instance": instance,
        "InstanceList": _object(instances=_array(_reference("Instance"))),
        "Summary": _object(total=_WHOLE, ready=_WHOLE, not_ready=_WHOLE),
        "Live": _object(instances=_array(_reference("Instance")), summary=_reference("Summary"), **state_of_list),
        "Discovery": _object(instances=_WHOLE, trouble=_TEXT, **state_of_list),
        "Focus": _object(id=_ID),
        "RecoveryRequest": {"type": "object", "properties": {"level": level}},
        "Recovery": _object(id=_TEXT, level=level),
        "Health": _object(ok=_FLAG),
        "Problem": _object(type=_TEXT, status=_WHOLE, title=_TEXT, detail=_TEXT, correlation_id=_TEXT),
    }


def _operation(summary: str, responses: Json, body: Json | None = None) -> Json:
    operation: Json = {
        "summary": summary,
        "responses": responses | {"default": _problem("Any other error.")},
    }
    return operation | ({"requestBody": body} if body else {})


def _streamer_problems() -> Json:
    return {
        "404": _problem("No such instance or session."),
        "502": _problem("The streamer failed."),
        "503": _problem("The instance cannot be reached."),
        "504": _problem("The streamer is too slow."),
    }


def _described(description: str, media_type: str, schema: Json | None = None) -> Json:
    return {"description": description, "content": {media_type: {"schema": schema or {}}}}


def _json(name: str) -> Json:
    return _described(name, "application/json", _reference(name))


def _problem(description: str) -> Json:
    return _described(description, problem.CONTENT_TYPE, _reference("Problem"))


def _body(media_type: str, schema: Json, *, required: bool = True) -> Json:
    return {"required": required, "content": {media_type: {"schema": schema}}}


def _json_body(name: str, *, required: bool = True) -> Json:
    return _body("application/json", _reference(name), required=required)


def _parameter(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


def _object(**properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}
