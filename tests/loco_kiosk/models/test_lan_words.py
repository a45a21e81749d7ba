import itertools
from typing import Any

import pytest

from backend.contract.lan import DirectPlay, LanStatus, Layer2, PairReach, PortKind, PortState, PortStatus, RoomStatus
from loco_kiosk.look import outlines, palette
from loco_kiosk.models import lan_words

NAMES = {"instance-0": "Castle Yard", "instance-1": "Harbour"}


def port(number: int, **changes: Any) -> PortStatus:
    given: dict[str, Any] = {"name": f"instance-{number - 1}", "kind": PortKind.DGRAM, "state": PortState.UP}
    return PortStatus(number=number, **(given | changes))


def room(*ports: PortStatus, pairs: tuple[PairReach, ...] = (), name: str = "lan", network: str = "") -> RoomStatus:
    return RoomStatus(name=name, ports=ports, pairs=pairs, network=network)


def shown(*rooms: RoomStatus) -> list[dict[str, Any]]:
    return lan_words.rooms(LanStatus(rooms=rooms), NAMES)


def test_a_port_is_told_by_the_name_and_brick_of_its_machine() -> None:
    (told,) = shown(room(port(2, frames_in=12_345, frames_out=7)))[0]["ports"]
    assert (told["number"], told["name"], told["brick"]) == ("2", "Harbour", palette.BRICKS[1])
    assert (told["sent"], told["heard"], told["dropped"]) == ("12\u202f345", "7", "-")
    assert (told["word"], told["up"], told["said"]) == ("Connected", True, "Not heard yet.")


def test_the_second_line_says_all_that_is_known() -> None:
    (told,) = shown(
        room(
            port(
                1,
                state=PortState.BLOCKED,
                reason="A loop.",
                macs=("02:00",),
                addresses=("192.168.98.10",),
                directplay_ports=(2300, 47624),
                drops={"storm": 2, "foreign_source": 1},
            )
        )
    )[0]["ports"]
    assert told["said"] == (
        "A loop. · 02:00 · 192.168.98.10 · game on 2300, 47624 · dropped: foreign source 1, storm 2"
    )
    assert (told["word"], told["up"], told["dropped"]) == ("Blocked", False, "3")


def test_the_most_frequent_broadcasts_are_named_and_the_others_counted() -> None:
    (told,) = shown(room(port(1, broadcasts={"arp": 3, "loco": 1200, "ipx": 1, "other": 1})))[0]["ports"]
    assert told["broadcasts"] == "trains 1\u202f200, ARP 3 +2"
    assert shown(room(port(1)))[0]["ports"][0]["broadcasts"] == "-"


def test_guests_and_sites_without_a_tile_are_told_by_name() -> None:
    link = port(10_001, name="lan@north", kind=PortKind.LINK, macs=("a", "b"))
    own, other = shown(room(port(20_001, name="doom"), link))[0]["ports"]
    assert (own["name"], own["number"], own["brick"]) == ("doom", "20001", palette.BUTTON)
    assert (other["name"], other["number"], other["said"]) == ("Other site", "@", "lan@north · 2 addresses")


def test_the_matrix_has_the_ethernet_above_its_diagonal_and_games_below() -> None:
    pairs = (
        PairReach(a=1, b=2, layer2=Layer2.PROVEN, directplay=DirectPlay.OPEN),
        PairReach(a=1, b=3, layer2=Layer2.DOWN, directplay=DirectPlay.SILENT),
    )
    matrix = shown(room(port(1), port(2), port(3), pairs=pairs))[0]["matrix"]
    glyphs = [[cell["glyph"] for cell in row] for row in matrix]
    assert glyphs == [["", "check", "close"], ["check", "", ""], ["dash", "", ""]]
    assert [matrix[place][place]["text"] for place in range(3)] == ["1", "2", "3"]


def test_a_room_that_is_too_large_for_a_matrix_is_counted_in_words() -> None:
    ports = tuple(port(number) for number in range(1, lan_words.MATRIX_MAX + 2))
    pairs = tuple(
        PairReach(a=a.number, b=b.number, layer2=Layer2.EXPECTED) for a, b in itertools.combinations(ports, 2)
    )
    told = shown(room(*ports, pairs=pairs, network="10.0.0.0/8"))[0]
    assert told["matrix"] == []
    assert told["summary"] == "0 of 78 pairs spoke lately · addresses from 10.0.0.0/8"
    assert shown(room(port(1)))[0]["summary"] == "nobody to speak with"


def test_everything_fits_into_one_line() -> None:
    away = port(2, state=PortState.DOWN, drops={"full": 2_000_000}, frames_in=5)
    status = LanStatus(rooms=(room(port(1, frames_in=10)), room(away, name="hall")))
    assert lan_words.summary(status) == "2 networks · 1 of 2 connected · 15 frames · 2.0 M frames dropped"
    alone = LanStatus(rooms=(room(port(1)),))
    assert lan_words.summary(alone) == "One network · 1 of 1 connected · 0 frames · nothing dropped"


@pytest.mark.parametrize("state", PortState)
def test_every_state_has_a_word_and_a_glyph_that_is_drawn(state: PortState) -> None:
    (told,) = shown(room(port(1, state=state)))[0]["ports"]
    assert told["word"]
    assert told["glyph"] in outlines.PATHS


@pytest.mark.parametrize("layer2", Layer2)
@pytest.mark.parametrize("directplay", DirectPlay)
def test_every_reach_has_a_glyph_that_is_drawn_and_explained(layer2: Layer2, directplay: DirectPlay) -> None:
    pair = PairReach(a=1, b=2, layer2=layer2, directplay=directplay)
    matrix = shown(room(port(1), port(2), pairs=(pair,)))[0]["matrix"]
    explained = {entry["glyph"]: entry["colour"] for entry in lan_words.legend()}
    for cell in (matrix[0][1], matrix[1][0]):
        assert cell["glyph"] == "" or explained[cell["glyph"]] == cell["colour"]
    assert matrix[0][1]["glyph"] in outlines.PATHS
