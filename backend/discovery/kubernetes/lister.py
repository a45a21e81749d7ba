"""A complete list, page by page."""

import asyncio
from typing import Any

from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.errors import ConnectionLostError, GarbledError
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.resource import Resource
from backend.discovery.kubernetes.store import Listing, Object, drop_fields, uid_of


async def full_list(api: KubeApi, resource: Resource, limits: Limits) -> Listing:
    """All objects at one version: a consistent read, as no version is asked for.

    Raises:
        KubernetesError: it failed; :class:`GoneError` when the pages took so long that the list's version expired.
    """
    try:
        async with asyncio.timeout(limits.list_s):
            return await _pages(api, resource, limits.page)
    except TimeoutError as error:
        raise ConnectionLostError(f"a list of {resource.name} took more than {limits.list_s:.0f} s") from error


async def _pages(api: KubeApi, resource: Resource, size: int) -> Listing:
    objects: dict[str, Object] = {}
    params = {**resource.selectors, "limit": str(size)}
    version = ""
    while True:
        page = await api.get(resource.path, params, resource=resource.name, verb="list")
        of_page, more = _take(page, resource, objects)
        version = version or of_page
        if not more:
            return Listing(objects, version)
        params["continue"] = more


def _take(page: dict[str, Any], resource: Resource, objects: dict[str, Object]) -> tuple[str, str]:
    """Add the objects of a page; its version, and the token of the next one."""
    try:
        # A list without items may say null.
        for item in page["items"] or ():
            objects[uid_of(item)] = drop_fields(item, resource.drop)
        version, more = page["metadata"]["resourceVersion"], page["metadata"].get("continue")
    except (LookupError, TypeError, AttributeError) as error:
        raise GarbledError(f"a list of {resource.name} is not what the API promises") from error
    if not version:
        raise GarbledError(f"a list of {resource.name} has no version")
    return str(version), str(more or "")
