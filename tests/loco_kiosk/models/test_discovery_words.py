from dataclasses import replace

import pytest

from backend.contract.events import DiscoveryState
from backend.contract.instance import Instance, InstanceState
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.look import palette
from loco_kiosk.models import discovery_words


def instance(slot: int, state: InstanceState, reason: str = "", **changes: object) -> Instance:
    return Instance(id=f"instance-{slot}", slot=slot, name=f"PC {slot + 1}", state=state, reason=reason, **changes)  # type: ignore[arg-type]  # fields by name


VIEW = BackendView(
    url="http://wall.local:8480",
    connected=True,
    reason="",
    mode="kubernetes",
    synced=True,
    age_s=1.0,
    revision=7,
    state=DiscoveryState.LIVE,
    instances=(
        instance(0, InstanceState.READY),
        instance(1, InstanceState.LOST, "The node is down."),
        instance(2, InstanceState.GONE),
    ),
    taken_s=100.0,
)


def test_a_live_list_is_told_with_its_source_and_its_size_and_not_redrawn_each_second() -> None:
    first = discovery_words.line(VIEW, 100.0)
    assert (first["word"], first["text"]) == ("Live", "Kubernetes · 2 machines · up to date")
    assert discovery_words.line(VIEW, 104.0) == first


def test_a_live_list_that_is_not_confirmed_any_more_tells_its_age() -> None:
    assert discovery_words.line(VIEW, 120.0)["text"].endswith("list 21 s old")


@pytest.mark.parametrize(
    ("state", "word", "colour"),
    [
        (DiscoveryState.INIT, "Looking", "booting"),
        (DiscoveryState.SYNCING, "Reading the list", "booting"),
        (DiscoveryState.LIVE, "Live", "live"),
        (DiscoveryState.STALE, "Stale", "stale"),
        (DiscoveryState.LOST, "Lost", "lost"),
    ],
)
def test_each_state_has_a_word_and_a_colour(state: DiscoveryState, word: str, colour: str) -> None:
    line = discovery_words.line(replace(VIEW, state=state), 100.0)
    assert (line["word"], line["colour"], line["glyph"]) == (word, palette.STATES[colour], colour)


def test_a_stale_list_tells_its_age_at_once_and_one_that_was_never_there_has_none() -> None:
    assert discovery_words.age(replace(VIEW, state=DiscoveryState.STALE), 100.0) == "list 1 s old"
    assert discovery_words.age(replace(VIEW, state=DiscoveryState.INIT), 100.0) == "no list yet"


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (119, "119 s"), (150, "2 min"), (9000, "2 h")])
def test_spans_are_for_people(seconds: float, words: str) -> None:
    assert discovery_words.span(seconds) == words


def test_the_details_say_why_the_list_cannot_be_trusted() -> None:
    doubtful = replace(VIEW, state=DiscoveryState.STALE, doubt="The API server is silent.")
    rows = {row["label"]: row["value"] for row in discovery_words.details(doubtful, 103.0)}
    assert rows["Why"] == "The API server is silent."
    assert rows["List confirmed"] == "4.0 s ago"
    assert rows["Machines"] == "1 ready, 1 lost, 1 switched off"
    assert "Why" not in {row["label"] for row in discovery_words.details(VIEW, 103.0)}


@pytest.mark.parametrize("state", InstanceState)
def test_every_machine_is_listed_with_its_state_since_when_and_why(state: InstanceState) -> None:
    shown = instance(4, state, "A reason.", since=1000.0, node="node-2", zone="west", health=40)
    (row,) = discovery_words.machines(replace(VIEW, instances=(shown,)), 1042.0)
    assert (row["number"], row["name"]) == ("5", "PC 5")
    assert row["word"].endswith(" for 42 s")
    assert row["said"] == "A reason. · node-2 · west · health 40 %"


def test_an_unknown_source_keeps_its_own_name() -> None:
    assert discovery_words.mode(replace(VIEW, mode="nomad")) == "nomad"
    assert discovery_words.mode(replace(VIEW, mode="local")) == "This computer"
