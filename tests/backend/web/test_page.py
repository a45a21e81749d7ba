import gzip
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.web.page import STATIC, Page, policy

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(Page().routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_page_comes_with_a_policy_that_allows_nothing_but_itself(client: Client) -> None:
    answer = await client.get("/")
    assert answer.status == 200
    assert answer.content_type == "text/html"
    rules = dict(rule.strip().split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split(";"))
    host = f"{client.host}:{client.port}"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == f"'self' ws://{host} wss://{host}"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize("host", ["evil; script-src *", "a b", "", "x\r\ny"])
def test_a_strange_host_name_adds_nothing_to_the_policy(host: str) -> None:
    assert "connect-src 'self';" in policy(host)


async def test_every_file_that_the_page_names_is_served_with_its_type(client: Client) -> None:
    text = await (await client.get("/")).text()
    named = set(re.findall(r'(?:href|src)="(web/[^"]+)"', text))
    modules = {f"web/{path.name}" for path in STATIC.glob("*.js")}
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    for name in sorted(named | modules):
        answer = await client.get(f"/{name}")
        assert (answer.status, answer.content_type) == (200, types[name.rpartition(".")[2]]), name


async def test_an_unchanged_file_is_not_sent_again_and_a_sent_one_is_compressed(client: Client) -> None:
    first = await client.get("/web/wall.js", headers={"Accept-Encoding": "gzip"}, auto_decompress=False)
    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await first.read()) == (STATIC / "wall.js").read_bytes()
    again = await client.get("/web/wall.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    other = await client.get("/web/wall.js", headers={"If-None-Match": '"other"'})
    assert other.status == 200


@pytest.mark.parametrize("path", ["/web/none.js", "/web/..%2Fpage.py", "/web/.hidden"])
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 404


def test_the_page_needs_no_other_host() -> None:
    addresses = re.compile(r"https?://(?!www\.w3\.org/2000/svg)")
    assert not [path.name for path in STATIC.iterdir() if addresses.search(path.read_text(encoding="utf-8"))]


def test_the_files_of_the_page_stay_small() -> None:
    bound = {".js": 260, ".css": 400, ".html": 150}
    long = [path.name for path in STATIC.iterdir() if path.read_text().count("\n") > bound.get(path.suffix, 50)]
    assert not long
