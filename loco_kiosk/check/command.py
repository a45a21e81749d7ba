"""``--check``: measure, print the table, write report and screenshot, and tell the exit code."""

import asyncio
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from backend.contract.errors import LocoError
from loco_kiosk.check import platform_facts, processes, table, verdict
from loco_kiosk.check.report import Report
from loco_kiosk.check.runner import Check, Subject
from loco_kiosk.settings import KioskSettings


async def run(
    subject: Subject,
    settings: KioskSettings,
    *,
    window: Mapping[str, str],
    screenshot: Callable[[Path], None],
    qemu: str = "qemu-system-x86_64",
    output: TextIO | None = None,
) -> int:
    """Check the kiosk for ``settings.check`` seconds; 0 if every expected tile was live and answered, else 1.

    Args:
        subject: the running kiosk.
        settings: ``check``, ``instances``, ``report`` and ``screenshot`` count.
        window: facts for the report that the window knows: Qt, renderer.
        screenshot: writes a picture of the window; its :class:`LocoError` fails the check.
        qemu: the QEMU that runs the guests here.
        output: where the table goes; standard output by default.
    """
    before: dict[int, processes.Process] = {}

    started: dict[str, float] = {}

    def begin() -> None:
        before.update(processes.snapshot(os.getpid()))
        if (own := before.get(os.getpid())) is not None:
            started["start_to_live_s"] = round(processes.age_s(own), 2)

    check = Check(subject, expected=settings.instances, seconds=settings.check or 0.0, on_start=begin)
    measured = await check.run()
    costs = processes.costs(before, os.getpid())
    facts = await asyncio.to_thread(platform_facts.facts, qemu)
    report = dataclasses.replace(measured, processes=costs, platform={**facts, **window, **started})
    problems = verdict.problems(report)
    # The report comes last: a picture that cannot be taken makes it not ok.
    for path, write in ((settings.screenshot, screenshot), (settings.report, _writer(report, problems))):
        if path is not None:
            try:
                write(path)
            except LocoError as error:
                problems.append(str(error))
    print(table.text(report, problems), file=output or sys.stdout, flush=True)
    return 1 if problems else 0


class ReportError(LocoError):
    """The report cannot be written."""


def _writer(report: Report, problems: Sequence[str]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        document = json.dumps(report.to_json(ok=not problems), indent=2)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(document + "\n", encoding="utf-8")
        except OSError as error:
            raise ReportError(f"Cannot write the report {path}: {error.strerror}.") from error

    return write
