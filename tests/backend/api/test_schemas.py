from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from backend.api.schemas import reference, schemas
from backend.contract.ice import IceServer, IceServers
from backend.contract.instance import Instance, InstanceState
from backend.contract.quality import Quality, quality_of_wall
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from tests.backend.fake_switch import STATUS as STATUS_OF_LAN

STATUS = StreamerStatus(instance="instance-0", guest=GuestReport(GuestState.RUNNING))
QUALITY = Quality(id="instance-0", state=InstanceState.READY, score=90, reasons=("Late.",), status=STATUS)


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"components": {"schemas": schemas()}, **reference(name)})


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("Instance", Instance(id="instance-0", slot=0, name="PC", state=InstanceState.GONE).to_json()),
        ("Streamer", STATUS.to_json()),
        ("Quality", QUALITY.to_json()),
        ("WallQuality", quality_of_wall((QUALITY,)) | {"instances": [QUALITY.to_json()]}),
        ("WallQuality", quality_of_wall(()) | {"instances": []}),
        ("Lan", STATUS_OF_LAN.to_json()),
        ("IceServers", IceServers((IceServer(("stun:a",)), IceServer(("turn:a",), "1:x", "y")), 60).to_json()),
    ],
)
def test_what_the_contract_writes_fits_its_schema_and_nothing_more_does(name: str, document: dict[str, Any]) -> None:
    validator(name).validate(document)
    with pytest.raises(ValidationError):
        validator(name).validate({**document, "surplus": 1})
    with pytest.raises(ValidationError):
        validator(name).validate({})


def test_every_schema_is_a_schema() -> None:
    for schema in schemas().values():
        Draft202012Validator.check_schema(schema)
