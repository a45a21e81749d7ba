from typing import Any

from backend.contract import routes


def test_every_route_of_the_contract_is_served(backend: Any) -> None:
    contract = {
        value
        for name, value in vars(routes).items()
        if name.isupper()
        and isinstance(value, str)
        and value.startswith("/")
        # Of other programs; captures of the guests' LAN are for who sits at the switch.
        and not name.startswith(("STREAMER", "LAN_"))
    }
    page = {"/", "/web/{file}"}
    assert {resource.canonical for resource in backend.client.app.router.resources()} - page == contract


async def test_a_fixed_path_is_never_taken_for_an_instance(backend: Any) -> None:
    async with backend.client.post("/api/instances/refresh") as response:
        assert response.status == 200
    assert len(backend.refreshes) == 1
