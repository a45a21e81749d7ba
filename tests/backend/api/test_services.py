from typing import Any

from backend.api.services import SERVICES, Services


def test_without_a_supervisor_nothing_is_restarted_and_no_name_is_trusted(backend: Any) -> None:
    given = backend.client.app[SERVICES]
    services = Services(registry=given.registry, broker=given.broker, metrics=given.metrics, refresh=given.refresh)
    assert services.restart is None
    assert services.allowed_hosts == frozenset()
    assert services.body_limit_bytes >= 16 * 1024, "an offer with three channels and many candidates fits"
    assert services.freshness_s <= 5, "clients call a backend stale after some seconds"
