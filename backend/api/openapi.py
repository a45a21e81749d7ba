"""The OpenAPI 3.1 document of the backend; a test holds it against the real routes and answers."""

from backend.api.schemas import TEXT, Json, reference, schemas
from backend.contract import problem, routes
from backend.contract.version import PROTOCOL_VERSION


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
        "components": {"schemas": schemas()},
    }


def _paths() -> Json:
    return {
        routes.INSTANCES: {"get": _operation("All instances by slot.", {"200": _json("InstanceList")})},
        routes.LIVE: {"get": _operation("All instances, with summary, revision and age.", {"200": _json("Live")})},
        routes.REFRESH: {"post": _operation("Look for instances now.", {"200": _json("Live")})},
        routes.QUALITY: {"get": _operation("How well the wall serves its viewers.", {"200": _json("WallQuality")})},
        routes.INSTANCE_QUALITY: {
            "parameters": [_parameter("id")],
            "get": _operation(
                "How well an instance serves its viewers.",
                {"200": _json("Quality"), "404": _problem("No such instance.")},
            ),
        },
        routes.ICE: {
            "get": _operation(
                "STUN and TURN servers for a viewer, with a credential that ends soon.",
                {"200": _json("IceServers"), "503": _problem("The TURN secret cannot be read.")},
            )
        },
        **_lan_paths(),
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
                "Move the focus.",
                {"200": _json("Focus"), "404": _problem("No such instance.")},
                _json_body("FocusRequest"),
            ),
        },
        routes.RECOVER: {
            "parameters": [_parameter("id")],
            "post": _operation(
                "Reset a guest, or restart its emulator.",
                {"202": _json("Recovery"), **_streamer_problems()},
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


def _lan_paths() -> Json:
    return {
        routes.LAN: {
            "get": _operation(
                "The guests' Ethernet: rooms, ports, and who reaches whom.",
                {
                    "200": _json("Lan"),
                    "404": _problem("The guests have no LAN."),
                    "502": _problem("The switch failed."),
                    "503": _problem("The switch does not answer."),
                },
            )
        },
    }


def _whep_paths() -> Json:
    answer = _described("The SDP answer; Location is the session.", "application/sdp")
    answer["headers"]["Location"] = {"schema": TEXT, "required": True}
    return {
        routes.WHEP: {
            "parameters": [_parameter("id")],
            "post": _operation(
                "Open a WHEP session.",
                {"201": answer, "415": _problem("Not an SDP offer."), **_streamer_problems()},
                _body("application/sdp", TEXT),
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
                _body("application/trickle-ice-sdpfrag", TEXT),
            ),
            "delete": _operation("End a session.", {"200": {"description": "Ended."}, **_streamer_problems()}),
        },
    }


def _operation(summary: str, responses: Json, body: Json | None = None) -> Json:
    operation: Json = {
        "summary": summary,
        "responses": responses
        | {"429": _problem("The caller asks too often."), "default": _problem("Any other error.")},
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
    return {
        "description": description,
        "headers": {routes.CORRELATION_HEADER: {"schema": TEXT, "required": True}},
        "content": {media_type: {"schema": schema or {}}},
    }


def _json(name: str) -> Json:
    return _described(name, "application/json", reference(name))


def _problem(description: str) -> Json:
    return _described(description, problem.CONTENT_TYPE, reference("Problem"))


def _body(media_type: str, schema: Json, *, required: bool = True) -> Json:
    return {"required": required, "content": {media_type: {"schema": schema}}}


def _json_body(name: str, *, required: bool = True) -> Json:
    return _body("application/json", reference(name), required=required)


def _parameter(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": TEXT | {"pattern": "^[A-Za-z0-9._~-]{1,128}$"},
    }
