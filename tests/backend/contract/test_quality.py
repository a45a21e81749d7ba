from backend.contract.instance import InstanceState
from backend.contract.quality import Quality, quality_of_wall
from backend.contract.status import GuestReport, GuestState, StreamerStatus


def quality(number: int, score: int) -> Quality:
    return Quality(id=f"instance-{number}", state=InstanceState.READY, score=score)


def test_a_wall_is_as_well_as_its_instances_and_names_the_sickest() -> None:
    document = quality_of_wall((quality(0, 100), quality(1, 30), quality(2, 80)))
    assert document == {"score": 70, "worst": "instance-1"}


def test_a_wall_without_instances_shows_nothing() -> None:
    assert quality_of_wall(()) == {"score": 0, "worst": None}


def test_reasons_and_figures_are_told() -> None:
    status = StreamerStatus(instance="instance-0", guest=GuestReport(GuestState.RUNNING), viewers=3)
    each = Quality(
        id="instance-0", state=InstanceState.DEGRADED, score=40, reasons=("The picture stands still.",), status=status
    ).to_json()
    assert each["reasons"] == ["The picture stands still."]
    assert each["streamer"]["viewers"] == 3
