import json
import time

from backend.contract.instance import Instance, InstanceState
from backend.discovery.live import Roster, instance_json


def instance(slot: int) -> Instance:
    return Instance(id=f"instance-{slot}", slot=slot, name='A "name"', state=InstanceState.READY, addresses=("::1",))


def test_the_document_holds_every_instance_and_the_state_of_the_list() -> None:
    rows = [(instance(slot), instance_json(instance(slot))) for slot in range(2)]
    document = json.loads(
        Roster.of(7, rows).document(mode="kubernetes", synced=True, age_s=0.5, state="stale", reason='It said "no".')
    )
    assert [Instance.from_json(row) for row in document.pop("instances")] == [instance(0), instance(1)]
    assert document == {
        "mode": "kubernetes",
        "summary": {"total": 2, "ready": 2, "not_ready": 0},
        "revision": 7,
        "synced": True,
        "age_s": 0.5,
        "state": "stale",
        "reason": 'It said "no".',
    }


def test_a_thousand_instances_are_told_again_without_being_serialised_again() -> None:
    roster = Roster.of(1, [(instance(slot), instance_json(instance(slot))) for slot in range(1000)])
    began = time.perf_counter()
    for _ in range(100):
        roster.document(mode="test", synced=True, age_s=0.5, state="live", reason="")
    assert (time.perf_counter() - began) / 100 < 0.01
