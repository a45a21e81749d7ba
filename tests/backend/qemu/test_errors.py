import pytest

from backend.qemu.errors import DisplayError, MonitorError, QemuError, first_error


def test_a_broken_monitor_is_only_the_sign_of_something_else() -> None:
    display = DisplayError("gone")
    group = ExceptionGroup("", [MonitorError("gone"), ExceptionGroup("", [display])])
    assert first_error(group, QemuError) is display


def test_alone_a_broken_monitor_is_what_is_wrong() -> None:
    monitor = MonitorError("gone")
    assert first_error(ExceptionGroup("", [monitor]), QemuError) is monitor


def test_errors_of_other_kinds_are_never_swallowed() -> None:
    bug = ValueError("a bug")
    with pytest.raises(ExceptionGroup) as raised:
        first_error(ExceptionGroup("", [MonitorError("gone"), bug]), QemuError)
    assert raised.value.exceptions == (bug,)
