"""Several spaces by one call, on a real runtime."""

from collections.abc import Iterator
from typing import Any

import pytest
import xr

from tests.vr.monado import Monado
from tests.vr.openxr.parts import Parts, opened
from tests.vr.remote_control import EYE_HEIGHT_M, RemoteControl
from vr.openxr.extensions import LOCATE_SPACES
from vr.openxr.locating import Locator

pytestmark = pytest.mark.monado


@pytest.fixture(params=[True, False], ids=["together", "one-by-one"])
def parts(request: pytest.FixtureRequest, monado_null: Monado) -> Iterator[Parts]:
    with opened(without=() if request.param else (LOCATE_SPACES,)) as made:
        yield made


def space(parts: Parts, kind: xr.ReferenceSpaceType, across_m: float = 0.0) -> xr.Space:
    pose = xr.Posef(xr.Quaternionf(0.0, 0.0, 0.0, 1.0), xr.Vector3f(across_m, 0.0, 0.0))
    return xr.create_reference_space(parts.session, xr.ReferenceSpaceCreateInfo(kind, pose))


def test_each_space_is_found_where_it_is(parts: Parts, remote: RemoteControl) -> None:
    local, head = space(parts, xr.ReferenceSpaceType.LOCAL), space(parts, xr.ReferenceSpaceType.VIEW)
    aside = space(parts, xr.ReferenceSpaceType.LOCAL, 3.0)
    locator = Locator(parts.instance, parts.session, parts.extensions)
    remote.head(head_position=(0.5, EYE_HEIGHT_M, 1.0))

    def arrived() -> bool:
        now = parts.now()
        locator.look([aside, head], local, now)
        found = locator.find(head, local, now)
        return found is not None and found.position == pytest.approx((0.5, 0.0, 1.0), abs=1e-3)

    parts.until(arrived, "head")
    now = parts.now()
    locator.look([aside, head], local, now)
    for each, across_m in ((aside, 3.0), (local, 0.0)):
        found = locator.find(each, local, now)
        assert found is not None
        assert found.position.x == pytest.approx(across_m)
    from_aside = locator.find(head, aside, now)
    assert from_aside is not None
    assert from_aside.position.x == pytest.approx(-2.5, abs=1e-3)


def test_one_call_finds_all_of_a_moment(monado_null: Monado) -> None:
    with opened() as parts:
        local = space(parts, xr.ReferenceSpaceType.LOCAL)
        spaces = [space(parts, xr.ReferenceSpaceType.LOCAL, float(n)) for n in range(5)]
        locator = Locator(parts.instance, parts.session, parts.extensions)
        calls = []
        call = locator._call
        assert call is not None

        def counted(*arguments: Any) -> int:
            calls.append(arguments)
            return call(*arguments)

        locator._call = counted
        now = parts.now()
        locator.look(spaces, local, now)
        found = [locator.find(each, local, now) for each in spaces]
        assert [pose.position.x for pose in found if pose is not None] == [0.0, 1.0, 2.0, 3.0, 4.0]
        assert len(calls) == 1
