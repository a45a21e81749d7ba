import re
from typing import Any

from jsonschema import Draft202012Validator

from backend.api.openapi import document
from backend.contract.problem import Problem
from backend.web.page import FILES, PAGE


def check(value: Any, schema: dict[str, Any]) -> None:
    """Hold a value against a schema of the document."""
    Draft202012Validator({"components": document()["components"], **schema}).validate(value)


def operations() -> set[tuple[str, str]]:
    methods = {"get", "put", "post", "patch", "delete"}
    return {(path, method) for path, item in document()["paths"].items() for method in item.keys() & methods}


async def test_the_document_has_exactly_the_routes_that_there_are(backend: Any) -> None:
    routes = {
        (route.resource.canonical, route.method.lower())
        for route in backend.client.app.router.routes()
        if route.method != "HEAD" and route.resource.canonical not in (PAGE, FILES)
    }
    assert routes == operations()


async def test_every_answer_has_the_documented_form(backend: Any) -> None:
    bodies = {("/api/focus", "put"): {"id": None}}
    for path, method in sorted(operations()):
        url = path.format(id="instance-0", session="s")
        body = bodies.get((path, method))
        backend.streamer.answer = {"status": 200 if method == "delete" else 202}
        async with backend.client.request(method.upper(), url, json=body) as response:
            responses = document()["paths"][path][method]["responses"]
            described = responses.get(str(response.status), responses["default"])
            if "content" not in described:
                assert not await response.read()
                continue
            assert response.content_type in described["content"], (method, path, response.status)
            if response.content_type.endswith("json"):
                check(await response.json(), described["content"][response.content_type]["schema"])


async def test_it_is_served(backend: Any) -> None:
    async with backend.client.get("/api/openapi.json") as response:
        assert await response.json() == document()


def test_it_is_whole() -> None:
    whole = document()
    assert whole["openapi"].startswith("3.1")
    references = set(re.findall(r"'#/components/schemas/(\w+)'", repr(whole)))
    assert references <= set(whole["components"]["schemas"])
    for path, item in whole["paths"].items():
        named = {parameter["name"] for parameter in item.get("parameters", [])}
        assert named == set(re.findall(r"{(\w+)}", path))
    check(Problem(404, "a", "b", "c").to_json(), whole["components"]["schemas"]["Problem"])
