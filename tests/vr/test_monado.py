import os

import pytest
import xr

from tests.vr.headless import headless
from tests.vr.monado import Monado, until
from tests.vr.remote_control import RemoteControl


def test_what_the_remote_control_sends_is_what_an_openxr_program_reads(
    monado_null: Monado, remote: RemoteControl
) -> None:
    with headless() as session:
        remote.aim("right", at=(1.0, 0.0, 0.0), origin=(0.5, 0.0, -0.25))
        remote.hold("right", trigger=0.75)
        until(lambda: session.trigger_value("right") == 0.75, 2.0, lambda: str(session.trigger_value("right")))
        x, y, z, *rotation = session.pose(session.aim["right"])
        assert (x, y, z) == pytest.approx((0.5, 0.0, -0.25), abs=1e-4)
        assert rotation == pytest.approx(remote.hand("right").rotation, abs=1e-4)


def test_recentring_makes_where_the_head_is_the_centre(monado_null: Monado, remote: RemoteControl) -> None:
    with headless() as session:
        remote.head(head_position=(1.0, 1.6, 0.5))
        until(lambda: session.pose(session.head)[0] > 0.99, 2.0, lambda: str(session.pose(session.head)))
        session.poll()
        monado_null.recentre()
        until(lambda: session.pose(session.head)[0] < 0.01, 2.0, lambda: str(session.pose(session.head)))
        assert xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING in session.poll()


def test_a_killed_service_is_lost_to_its_programs_and_serves_new_ones_after_its_restart(monado_null: Monado) -> None:
    with headless() as session:
        monado_null.kill()
        with pytest.raises(xr.exception.InstanceLostError):
            session.poll()
    monado_null.start()
    with headless() as session, monado_null.remote() as remote:
        remote.hold("left", trigger=1.0)
        until(lambda: session.trigger_value("left") == 1.0, 2.0, lambda: "no trigger")


def test_the_composited_display_can_be_looked_at(monado: Monado) -> None:
    assert monado.picture().shape == (640, 1280, 3)


def test_the_service_does_not_run_as_root(monado_null: Monado) -> None:
    assert monado_null.runtime_directory.joinpath("monado_comp_ipc").stat().st_uid == (os.geteuid() or 65534)
