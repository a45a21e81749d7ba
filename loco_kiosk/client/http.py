"""HTTP answers and network errors as sentences for a person."""

import asyncio

import aiohttp

from backend.contract.errors import WireError
from backend.contract.problem import Problem

NETWORK_ERRORS = (aiohttp.ClientError, OSError, asyncio.TimeoutError)
"""What a request can raise when the other side or the network fails."""


def describe_error(error: Exception, who: str) -> str:
    """Why ``who`` could not be talked to."""
    match error:
        case asyncio.TimeoutError():
            return f"{who} does not answer in time."
        case aiohttp.ClientConnectorError():
            return f"{who} cannot be reached ({error.os_error.strerror or 'connection refused'})."
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | ConnectionResetError():
            return f"{who} closed the connection."
        case _:
            return f"{who} cannot be talked to ({str(error) or type(error).__name__})."


async def describe_answer(response: aiohttp.ClientResponse, who: str) -> str:
    """Why ``who`` refused: the detail of its problem document (RFC 9457), else the status."""
    try:
        problem = Problem.from_json(await response.content.read(65_536))
    except WireError:
        return f"{who} answered {response.status} {response.reason or ''}".rstrip() + "."
    return problem.detail or problem.title or f"{who} answered {response.status}."
