import dataclasses
from collections.abc import Callable

import pytest

from backend.contract.tasks import TaskScope
from backend.discovery.kubernetes.checker import Checker
from backend.discovery.kubernetes.errors import ConnectionLostError
from backend.discovery.kubernetes.statistics import ResourceStatistics
from backend.discovery.kubernetes.store import Change, Listing, Store
from tests.backend.discovery.kubernetes.following import QUICK
from tests.loco_kiosk.waiting import until

LIMITS = dataclasses.replace(QUICK, relist_s=0.01, relist_settle_s=0.01)


class Checked:
    """A copy of two objects, and what the list says of them."""

    def __init__(self) -> None:
        self.store = Store()
        for uid in ("a", "b"):
            self.tell("ADDED", uid, 1)
        self.listing = Listing(dict(self.store.objects), "5")
        self.meanwhile: Callable[[], None] = lambda: None
        self.watch: object | None = "watch"
        self.counters = ResourceStatistics()
        self.corrected = 0
        self.checker = Checker(
            self.store, self._fetch, lambda: self.watch, limits=LIMITS, counters=self.counters, on_drift=self._drifted
        )

    def tell(self, kind: str, uid: str, version: int) -> None:
        item = {"metadata": {"uid": uid, "resourceVersion": str(version)}}
        self.store.apply(Change(kind, str(version), item))

    def _drifted(self) -> None:
        self.corrected += 1

    async def _fetch(self) -> Listing:
        self.meanwhile()
        return self.listing


async def test_a_copy_that_equals_the_list_has_no_drift() -> None:
    one = Checked()
    assert await one.checker.check() == set()
    assert (one.counters.lists, one.counters.drift, one.corrected) == (1, 0, 0)


async def test_what_is_told_while_it_compares_is_no_drift() -> None:
    one = Checked()

    def meanwhile() -> None:
        one.tell("MODIFIED", "a", 6)
        one.tell("DELETED", "b", 7)
        one.tell("ADDED", "c", 8)

    one.meanwhile = meanwhile
    assert await one.checker.check() == set()
    assert one.store.objects.keys() == {"a", "c"}


async def test_what_was_never_told_is_counted_corrected_and_told() -> None:
    one = Checked()
    one.listing.objects["c"] = {"metadata": {"uid": "c", "resourceVersion": "4"}}
    one.listing.objects["a"] = {"metadata": {"uid": "a", "resourceVersion": "3"}}
    del one.listing.objects["b"]
    assert await one.checker.check() == {"a", "b", "c"}
    assert one.store.objects == one.listing.objects
    assert (one.counters.drift, one.corrected) == (3, 1)


@pytest.mark.parametrize("watch", [None, "another"])
async def test_without_one_watch_from_beginning_to_end_nothing_is_concluded(watch: object) -> None:
    one = Checked()
    one.listing.objects.clear()

    def meanwhile() -> None:
        one.watch = watch

    one.meanwhile = meanwhile
    assert await one.checker.check() == set()
    assert len(one.store.objects) == 2


async def test_it_goes_on_after_a_list_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    one, tasks = Checked(), TaskScope("test")
    calls = []

    def meanwhile() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionLostError("gone")
        one.listing.objects.clear()

    one.meanwhile = meanwhile
    tasks.spawn(one.checker.run("pods"), "checks")
    await until(lambda: one.corrected)
    await tasks.close()
    assert "pods: the checking list failed: gone" in caplog.text
    assert "pods: the watch had not told 2 changes: ['a', 'b']" in caplog.text
