import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loco_kiosk.check.processes import Process, age_s, costs, role_of, snapshot

NURSERY = ("python", "-m", "backend.local.nursery_process", "5", "backend.streamer.app")


def process(pid: int, parent: int, *command: str, name: str = "python") -> Process:
    return Process(pid=pid, parent=parent, started=0, name=name, command=command, cpu_s=0.0)


TREE = {
    item.pid: item
    for item in (
        process(1, 0, "loco-kiosk"),
        process(2, 1, "/usr/bin/python", "-P", "-m", "backend", "--local", "9"),
        process(9, 2, "/usr/bin/python", "-P", "-m", "backend.lan", "--guests", "9"),
        process(3, 2, "/usr/bin/qemu-system-x86_64", "-name", "loco-instance-7", "-m", "32", name="qemu-system-x86"),
        process(4, 2, *NURSERY),
        process(5, 4, *NURSERY, name="instance-2"),
        process(6, 4, *NURSERY),
        process(7, 2, "python", "-m", "backend.streamer", "--instance", "instance-4"),
        process(8, 1, "busctl", name="busctl"),
    )
}


@pytest.mark.parametrize(
    ("pid", "role"),
    [
        (1, ("kiosk", "")), (2, ("backend", "")), (3, ("qemu", "instance-7")), (4, ("backend", "nursery")),
        (5, ("streamer", "instance-2")), (6, ("streamer", "6")), (7, ("streamer", "instance-4")),
        (8, ("other", "busctl")), (9, ("backend", "switch")),
    ],
)  # fmt: skip
def test_every_process_of_the_cluster_has_its_role(pid: int, role: tuple[str, str]) -> None:
    assert role_of(TREE[pid], TREE, root=1) == role


def test_a_child_that_works_is_found_with_what_it_spends() -> None:
    program = "import time\nwhile time.process_time() < 0.2: pass\nprint('done', flush=True); input()"
    before = snapshot(os.getpid())
    command = [sys.executable, "-c", program, "backend.streamer", "--instance", "instance-3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "done\n"
        found = {(cost.role, cost.id): cost for cost in costs(before, os.getpid())}
        child.communicate("\n")
    streamer, kiosk = found["streamer", "instance-3"], found["kiosk", ""]
    assert 0.1 < streamer.cpu_s < 10
    assert 1 < streamer.pss_mib <= streamer.rss_mib
    assert 0 <= kiosk.cpu_s < time.process_time()


def test_strangers_are_not_ours() -> None:
    found = snapshot(os.getpid())
    assert os.getpid() in found
    assert os.getppid() not in found


def test_a_torn_entry_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "10").mkdir()
    (tmp_path / "10" / "stat").write_text("garbage")
    (tmp_path / "11").mkdir()
    assert snapshot(10, tmp_path) == {}


def test_a_name_with_brackets_is_read(tmp_path: Path) -> None:
    (tmp_path / "10").mkdir()
    fields = " ".join(["S", "1"] + ["0"] * 9 + ["150", "50"] + ["0"] * 6 + ["777", "0"])
    (tmp_path / "10" / "stat").write_text(f"10 (a) b) {fields}")
    (tmp_path / "10" / "cmdline").write_bytes(b"")
    (found,) = snapshot(10, tmp_path).values()
    assert (found.name, found.parent, found.started) == ("a) b", 1, 777)
    assert found.cpu_s == 200 / os.sysconf("SC_CLK_TCK")


def test_the_age_of_a_process_counts_from_its_start() -> None:
    with subprocess.Popen(["sleep", "30"]) as child:
        began = time.monotonic()
        found = snapshot(child.pid)[child.pid]
        assert 0 <= age_s(found) < time.monotonic() - began + 1
        child.kill()
