import subprocess
import sys

from loco_kiosk.client.backend_view import BackendView

VIEW = BackendView(
    url="http://wall", connected=True, reason="", mode="static", synced=True, age_s=2.0, revision=1, taken_s=100.0
)


def test_the_list_grows_old_from_the_moment_of_the_view_on() -> None:
    assert VIEW.age_at(103.5) == 5.5
    assert VIEW.age_at(99.0) == 2.0


def test_the_window_can_name_it_without_the_library_of_the_client() -> None:
    program = "import sys, loco_kiosk.client.backend_view; print('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"
