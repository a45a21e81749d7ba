import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.contract.control import CONTROL_CHANNEL, KEYS_CHANNEL, POINTER_CHANNEL
from backend.contract.input import Key, MoveTo, encode
from backend.streamer.counters import Drops
from backend.streamer.data_channels import DataChannels

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
TAGS = st.sampled_from(["viewer/hello", "control/request", "focus/tier", "clock/ping", "other"])


class Ears:
    def __init__(self) -> None:
        self.drops = Drops()
        self.heard: list[object] = []
        self.refused: list[str] = []
        self.channels = DataChannels(
            on_control=self.heard.append,
            on_input=self.heard.append,
            on_refused=self.refused.append,
            drops=self.drops,
        )

    def accounted(self) -> int:
        return len(self.heard) + sum(self.drops.totals().values())


async def test_input_goes_by_the_channel_it_belongs_to() -> None:
    ears = Ears()
    ears.channels.receive(KEYS_CHANNEL, encode(Key(1, "KeyA", True)))
    ears.channels.receive(POINTER_CHANNEL, encode(MoveTo(2, 3, 4)))
    ears.channels.receive(KEYS_CHANNEL, encode(MoveTo(3, 3, 4)))
    assert ears.heard == [Key(1, "KeyA", True), MoveTo(2, 3, 4)]
    assert ears.drops.totals() == {"malformed_message": 1}


async def test_another_version_is_refused_with_words() -> None:
    ears = Ears()
    ears.channels.receive(CONTROL_CHANNEL, '{"type":"viewer/hello","version":0,"name":"x"}')
    assert "protocol 0" in ears.refused[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.binary(max_size=64), st.sampled_from([KEYS_CHANNEL, POINTER_CHANNEL, CONTROL_CHANNEL]))
async def test_any_bytes_are_heard_or_counted(data: bytes, label: str) -> None:
    ears = Ears()
    ears.channels.receive(label, data)
    assert ears.accounted() == 1


@given(TAGS, st.dictionaries(st.sampled_from(["version", "name", "tier", "viewer_us"]), JSON), JSON)
async def test_any_json_is_heard_or_counted(tag: str, fields: dict[str, object], other: object) -> None:
    ears = Ears()
    ears.channels.receive(CONTROL_CHANNEL, json.dumps({"type": tag} | fields))
    ears.channels.receive(CONTROL_CHANNEL, json.dumps(other))
    assert ears.accounted() == 2


@given(st.text(max_size=100))
async def test_any_text_is_heard_or_counted(text: str) -> None:
    ears = Ears()
    ears.channels.receive(CONTROL_CHANNEL, text)
    ears.channels.receive(KEYS_CHANNEL, text)
    assert ears.accounted() == 2
