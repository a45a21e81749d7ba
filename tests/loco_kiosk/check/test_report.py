import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.check.report import Figure, ProcessCost, Report, TileResult, percentile
from loco_kiosk.client.tile import TileState


def test_percentiles_are_real_samples() -> None:
    samples = list(range(1, 101))
    assert (percentile(samples, 50), percentile(samples, 95), percentile([7.0], 95)) == (50, 95, 7.0)


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 50)
    assert Figure.of([]) == Figure(0, None, None)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_the_figures_lie_within_the_samples_and_in_order(samples: list[float]) -> None:
    figure = Figure.of(samples)
    assert figure.p50 is not None
    assert figure.p95 is not None
    assert min(samples) <= figure.p50 <= figure.p95 <= max(samples)
    assert sum(sample <= figure.p95 for sample in samples) >= 0.95 * len(samples)


def test_the_document_has_the_agreed_fields() -> None:
    tile = TileResult(
        id="instance-0", state=TileState.LIVE, fps_presented=29.97, key_to_picture=Figure(3, 9.0, 12.345),
        freezes=1, frozen_ms=180.04, drops={"late": 2}, audio_dbfs=-20.04,
    )  # fmt: skip
    report = Report(
        tiles=(tile,), expected=1, seconds=20.0, processes=(ProcessCost("qemu", "instance-0", 1.23456, 80.06),),
        platform={"os": "Debian"}, key_to_picture=Figure(3, 9.0, 12.345),
    )  # fmt: skip
    assert json.loads(json.dumps(report.to_json(ok=True))) == {
        "tiles": [
            {
                "id": "instance-0",
                "state": "live",
                "fps_presented": 29.97,
                "key_to_picture_ms": {"n": 3, "p50": 9.0, "p95": 12.35},
                "capture_to_swap_ms": {"n": 0, "p50": None, "p95": None},
                "freezes": 1,
                "frozen_ms": 180.0,
                "drops": {"late": 2},
                "audio_dbfs": -20.0,
            }
        ],
        "key_to_picture_ms": {"n": 3, "p50": 9.0, "p95": 12.35},
        "processes": [{"role": "qemu", "id": "instance-0", "cpu_s": 1.235, "rss_mib": 80.1}],
        "platform": {"os": "Debian"},
        "seconds": 20.0,
        "ok": True,
    }
