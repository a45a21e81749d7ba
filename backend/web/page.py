"""Serves the page at ``/`` and its files below ``/web/``, all from memory.

The page needs nothing from anywhere else, so its policy allows nothing else: no other host, no inline script or style,
no HTML made from text (Trusted Types without a policy).
"""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ETag, web

PAGE = "/"
FILES = "/web/{file}"
STATIC = Path(__file__).parent / "static"
INDEX = "index.html"

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {connect}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    # Asked for again each time, and answered by 304: a new backend must not meet an old page.
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), fullscreen=(self)",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file of the page."""

    body: bytes
    content_type: str
    etag: str

    @classmethod
    def read(cls, path: Path) -> "File":
        """Load it from disk."""
        body = path.read_bytes()
        kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
        return cls(body, kind or "application/octet-stream", hashlib.sha256(body).hexdigest()[:20])


class Page:
    """The files, read once."""

    def __init__(self, directory: Path = STATIC) -> None:
        self._files = {path.name: File.read(path) for path in sorted(directory.iterdir()) if path.is_file()}

    def routes(self) -> list[web.RouteDef]:
        """To be added to an application."""
        return [web.get(PAGE, self._index), web.get(FILES, self._file)]

    async def _index(self, request: web.Request) -> web.Response:
        return _response(request, self._files[INDEX])

    async def _file(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound(text="The page has no such file. Reload it: it may be older than the backend.")
        return _response(request, file)


def policy(host: str) -> str:
    """Content-Security-Policy; ``host`` as the browser named it: not every browser counts WebSockets to 'self'."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return _POLICY.format(connect=f"'self'{sockets}")


def _response(request: web.Request, file: File) -> web.Response:
    response = web.Response(headers={**_HEADERS, "Content-Security-Policy": policy(request.host)})
    # Weak: the compressed body counts as the same.
    response.etag = ETag(file.etag, is_weak=True)
    if request.if_none_match and any(tag.value in (file.etag, "*") for tag in request.if_none_match):
        response.set_status(304)
        return response
    response.body, response.content_type, response.charset = file.body, file.content_type, "utf-8"
    response.enable_compression()
    return response
