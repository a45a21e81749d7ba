import platform
from pathlib import Path

from loco_kiosk.check.platform_facts import facts


def qemu(directory: Path, body: str) -> str:
    program = directory / "qemu"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


def test_the_facts_name_system_python_and_qemu(tmp_path: Path) -> None:
    found = facts(qemu(tmp_path, "echo 'QEMU emulator version 10.0.2 (Debian 1:10)'; echo copyright"))
    assert found["qemu"] == "10.0.2 (Debian 1:10)"
    assert found["python"] == platform.python_version()
    assert found["os"]
    assert int(found["cores"]) >= 1


def test_a_machine_without_qemu_is_a_fact_too(tmp_path: Path) -> None:
    assert facts("/nowhere/qemu")["qemu"] == "not installed"
    assert str(facts(qemu(tmp_path, "exit 1"))["qemu"]).startswith("does not start")
