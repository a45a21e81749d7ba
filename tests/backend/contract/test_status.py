"""Status documents of a streamer."""

import json

import pytest

from backend.contract.errors import VersionError, WireError
from backend.contract.reading import json_object
from backend.contract.status import GuestReport, GuestState, StreamerStatus

STATUS = StreamerStatus(
    instance="instance-1",
    guest=GuestReport(GuestState.RESTARTING, "The emulator ended; it starts again in 2 s."),
    viewers=2,
    controller="hall",
    picture_age_s=0.5,
    fps=30.0,
    audio_dbfs=-30.0,
    uptime_s=12.0,
    encode_ms=1.5,
    drops={"slow_viewer": 2},
)


def test_a_status_is_read_back() -> None:
    assert StreamerStatus.from_json(json_object(json.dumps(STATUS.to_json()), "status")) == STATUS


def test_an_unknown_guest_state_is_refused() -> None:
    with pytest.raises(WireError, match="Unknown guest state"):
        StreamerStatus.from_json(STATUS.to_json() | {"guest": {"state": "asleep"}})


def test_another_version_is_refused() -> None:
    with pytest.raises(VersionError, match="update the streamer"):
        StreamerStatus.from_json(STATUS.to_json() | {"version": 0})
