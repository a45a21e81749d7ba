"""The roster: lists, discovery, focus, recovery."""

from typing import Any

from aiohttp import web

from backend.api.services import SERVICES
from backend.contract.errors import WireError
from backend.contract.instance import RecoverLevel
from backend.contract.reading import json_object, string
from backend.signaling.errors import RequestError, UnknownInstanceError


async def list_instances(request: web.Request) -> web.Response:
    """GET: the instances alone."""
    registry = request.app[SERVICES].registry
    return _json(b'{"instances":' + registry.instances_json() + b"}")


async def live(request: web.Request) -> web.Response:
    """GET: the instances, and how far to trust the list."""
    return _json(request.app[SERVICES].registry.live_json())


async def refresh(request: web.Request) -> web.Response:
    """POST: look now, then answer like :func:`live`."""
    services = request.app[SERVICES]
    await services.refresh()
    return _json(services.registry.live_json())


async def discovery(request: web.Request) -> web.Response:
    """GET: the state of discovery itself."""
    registry = request.app[SERVICES].registry
    return web.json_response(
        {
            "mode": registry.mode,
            "state": registry.state.value,
            "reason": registry.reason,
            "synced": registry.synced,
            "age_s": registry.age_s,
            "revision": registry.revision,
            "instances": len(registry.instances),
            "trouble": registry.trouble,
        }
    )


async def get_focus(request: web.Request) -> web.Response:
    """GET: the instance that the wall shows large, null for none."""
    return web.json_response({"id": request.app[SERVICES].registry.focus})


async def put_focus(request: web.Request) -> web.Response:
    """PUT: move the focus; every event stream hears of it."""
    registry = request.app[SERVICES].registry
    document = await _document(request)
    if "id" not in document:
        raise _expected('{"id": "instance-3"} or {"id": null}')
    focus = document["id"]
    if focus is not None and (not isinstance(focus, str) or registry.get(focus) is None):
        raise UnknownInstanceError(f"There is no instance {focus!r:.60} to focus on.")
    registry.set_focus(focus)
    return web.json_response({"id": focus})


async def recover(request: web.Request) -> web.Response:
    """POST: reset the guest (default), or restart its emulator."""
    services = request.app[SERVICES]
    instance_id = request.match_info["id"]
    document = await _document(request) if request.can_read_body else {}
    try:
        level = RecoverLevel(string(document, "level", RecoverLevel.RESET.value))
    except (ValueError, WireError) as error:
        raise _expected('{"level": "reset"} or {"level": "restart"}') from error
    if services.registry.get(instance_id) is None:
        raise UnknownInstanceError(f"There is no instance {instance_id!r:.60} to recover.")
    if level is RecoverLevel.RESTART and services.restart is not None:
        await services.restart(instance_id)
    else:
        await services.broker.recover(instance_id, level)
    return web.json_response({"id": instance_id, "level": level.value}, status=202)


def _json(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


async def _document(request: web.Request) -> dict[str, Any]:
    try:
        return json_object(await request.read(), "The body")
    except WireError as error:
        raise RequestError(str(error)) from error


def _expected(example: str) -> RequestError:
    return RequestError(f"The body must be JSON such as {example}.")
