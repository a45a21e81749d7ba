"""Errors that become the answer to an HTTP request.

RequestError                 has an HTTP status and a title; its text says what to do
├── UnknownInstanceError     404
├── UnknownSessionError      404
├── InstanceLostError        503, with Retry-After
├── StreamerSlowError        504
├── StreamerFailedError      502
└── StreamerRefusedError     the streamer's own status and words
"""

from backend.contract.errors import LocoError


class RequestError(LocoError):
    """A request cannot be done; the text says why and what to do."""

    status = 400
    title = "Bad request"
    retry_after_s: int | None = None

    def __init__(self, detail: str, *, status: int | None = None, title: str | None = None) -> None:
        super().__init__(detail)
        self.status = status or self.status
        self.title = title or self.title


class UnknownInstanceError(RequestError):
    """There is no instance of that id."""

    status = 404
    title = "Unknown instance"


class UnknownSessionError(RequestError):
    """The session's name cannot be one of a streamer."""

    status = 404
    title = "Unknown session"


class InstanceLostError(RequestError):
    """The instance exists, but nothing answers for it."""

    status = 503
    title = "Instance not reachable"
    retry_after_s = 2


class StreamerSlowError(RequestError):
    """The streamer took the request and did not answer in time."""

    status = 504
    title = "Streamer too slow"
    retry_after_s = 2


class StreamerFailedError(RequestError):
    """The streamer broke, or answered with something that it must not."""

    status = 502
    title = "Streamer failed"
    retry_after_s = 2


class StreamerRefusedError(RequestError):
    """The streamer refused the request; its words are passed on."""
