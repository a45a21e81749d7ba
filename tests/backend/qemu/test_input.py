import asyncio
from typing import Any, cast

import pytest

from backend.contract.control import PointerMode
from backend.contract.keys import BY_CODE
from backend.contract.tasks import TaskScope
from backend.qemu.display import Display
from backend.qemu.input import MAX_WAITING, MAX_WHEEL_STEPS, GuestInput
from backend.qemu.monitor import Monitor


class RecordingDisplay:
    """Takes every input, or none."""

    def __init__(self, takes: bool = True) -> None:
        self.takes = takes
        self.sent: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        def record(*arguments: Any) -> bool:
            if self.takes:
                self.sent.append((name, *arguments))
            return self.takes

        return record


class RecordingMonitor:
    """Takes events by QMP."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.arrived = asyncio.Event()

    async def execute(self, command: str, arguments: dict[str, Any]) -> None:
        assert command == "input-send-event"
        self.events += arguments["events"]
        self.arrived.set()


def made(display: RecordingDisplay | None, pokes: list[int] | None = None) -> GuestInput:
    counted = pokes if pokes is not None else []
    guest_input = GuestInput(lambda: counted.append(1), lambda: (640, 480))
    guest_input.attach(cast(Display | None, display))
    return guest_input


async def test_inputs_go_by_dbus_and_each_is_followed_by_a_poke() -> None:
    display, pokes = RecordingDisplay(), list[int]()
    guest_input = made(display, pokes)
    guest_input.key(BY_CODE["ArrowLeft"], True)
    guest_input.button(4, False)
    guest_input.move_by(-3, 4)
    guest_input.pointer = PointerMode.ABSOLUTE
    guest_input.move_to(9999, -5)
    assert display.sent == [("key", 0xCB, True), ("button", 6, False), ("move_by", -3, 4), ("move_to", 639, 0)]
    assert len(pokes) == 4


async def test_the_wheel_is_a_bounded_number_of_clicks() -> None:
    display = RecordingDisplay()
    guest_input = made(display)
    guest_input.wheel(-1)
    assert display.sent == [("button", 3, True), ("button", 3, False)]
    guest_input.wheel(10_000)
    assert display.sent[2:] == [("button", 4, True), ("button", 4, False)] * MAX_WHEEL_STEPS


@pytest.mark.parametrize("display", [None, RecordingDisplay(takes=False)])
async def test_what_dbus_does_not_take_goes_by_qmp_in_order(display: RecordingDisplay | None) -> None:
    guest_input, monitor, tasks = made(display), RecordingMonitor(), TaskScope("test")
    guest_input.key(BY_CODE["KeyA"], True)
    guest_input.key(BY_CODE["KeyA"], False)
    tasks.spawn(guest_input.serve_fallback(cast(Monitor, monitor)), "fallback")
    await asyncio.wait_for(monitor.arrived.wait(), 2)
    key = {"type": "qcode", "data": "a"}
    assert monitor.events == [{"type": "key", "data": {"down": down, "key": key}} for down in (True, False)]
    await tasks.close()


async def test_the_other_kind_of_movement_is_dropped_and_counted() -> None:
    display = RecordingDisplay()
    guest_input = made(display)
    guest_input.move_to(1, 1)
    guest_input.pointer = PointerMode.ABSOLUTE
    guest_input.move_by(1, 1)
    assert display.sent == []
    assert guest_input.drops == {"pointer mode": 2}


async def test_without_a_guest_inputs_are_bounded_counted_and_forgotten() -> None:
    guest_input = made(None)
    for _ in range(MAX_WAITING + 10):
        guest_input.key(BY_CODE["KeyA"], True)
    guest_input.forget_waiting()
    assert guest_input.drops == {"no guest": MAX_WAITING + 10}


async def test_inputs_to_a_stopped_guest_wait_and_arrive_in_order() -> None:
    display, monitor = RecordingDisplay(), RecordingMonitor()
    guest_input = made(display)
    async with asyncio.timeout(2), asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(guest_input.serve_fallback(cast(Monitor, monitor)), name="serving")
        guest_input.hold(True)
        guest_input.key(BY_CODE["KeyA"], True)
        await asyncio.sleep(0)
        assert not monitor.events
        guest_input.hold(False)
        guest_input.key(BY_CODE["KeyA"], False)
        while len(monitor.events) < 2:
            await monitor.arrived.wait()
            monitor.arrived.clear()
        guest_input.key(BY_CODE["KeyB"], True)
        serving.cancel()
    assert [event["data"]["down"] for event in monitor.events] == [True, False]
    assert [name for name, *_ in display.sent] == ["key"]
