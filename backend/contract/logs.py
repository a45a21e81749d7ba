"""Structured logs on standard error: readable text on a terminal, JSON lines elsewhere if asked for.

Every record carries the program, and where set the instance and the correlation id. Never log a secret, an SDP (it
holds ICE credentials) or what a person types.
"""

import contextvars
import json
import logging
import sys
import time
from typing import Literal

LogFormat = Literal["text", "json"]

instance: contextvars.ContextVar[str] = contextvars.ContextVar("instance", default="")
"""Id of the instance that the running task works for."""
correlation_id: contextvars.ContextVar[str] = contextvars.ContextVar("correlation_id", default="")
"""Id of the request that the running task answers."""

FIELDS = "fields"
"""Name for ``extra``: a flat mapping of what the message says, for collectors; ``extra={FIELDS: {"status": 200}}``."""


class _Text(logging.Formatter):
    def __init__(self, program: str, instance_id: str) -> None:
        super().__init__()
        self._program = program
        self._instance = instance_id

    def format(self, record: logging.LogRecord) -> str:
        clock = time.strftime("%H:%M:%S", time.localtime(record.created))
        where = " ".join(part for part in (self._program, instance.get() or self._instance) if part)
        identity = f" [{correlation_id.get()}]" if correlation_id.get() else ""
        line = f"{clock}.{int(record.msecs):03d} {record.levelname:<7} {where}: {record.getMessage()}{identity}"
        return line + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")


class _Json(logging.Formatter):
    def __init__(self, program: str, instance_id: str) -> None:
        super().__init__()
        self._program = program
        self._instance = instance_id

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "program": self._program,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if instance_id := instance.get() or self._instance:
            entry["instance"] = instance_id
        if correlation_id.get():
            entry["correlation_id"] = correlation_id.get()
        entry |= getattr(record, FIELDS, {})
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure(program: str, level: str = "info", style: LogFormat = "text", *, instance_id: str = "") -> None:
    """Send the log of this process to standard error. Call once, first thing.

    ``instance_id`` is for a process that works for one instance alone, whatever thread or task speaks.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((_Json if style == "json" else _Text)(program, instance_id))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Libraries that tell each packet or request at info level.
    for noisy in ("aioice", "aiortc", "aiohttp.access", "qemu.qmp"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
