"""Tell a guest that hangs from one whose picture is merely still, by looking at its virtual CPU."""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

SAMPLES = 3
"""That many looks in a row must agree."""
INTERVAL_S = 2.0
"""Between two looks; each costs QEMU 1 ms, and only while the picture is still."""
LOOP_BYTES = 16
"""A loop of one or two instructions moves the instruction pointer by less."""

_INTERRUPTS_ENABLED = 1 << 9
_POINTER = re.compile(r"\b[ER]IP=([0-9a-fA-F]+)\s+[ER]FL=([0-9a-fA-F]+)")
_HALTED = re.compile(r"\bHLT=([01])")


class Verdict(enum.Enum):
    """What the samples say."""

    ALIVE = "alive"
    HALTED = "halted"
    """The CPU sleeps and nothing can wake it: HLT with interrupts off."""
    SPINNING = "spinning"
    """The CPU runs around in one place with interrupts off."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The virtual CPU at one moment."""

    pointer: int
    interrupts: bool
    halted: bool


def read_sample(registers: str) -> Sample | None:
    """Read the answer to ``info registers`` of the human monitor; None for CPUs that are not x86."""
    pointer, halted = _POINTER.search(registers), _HALTED.search(registers)
    if pointer is None or halted is None:
        return None
    flags = int(pointer.group(2), 16)
    return Sample(int(pointer.group(1), 16), bool(flags & _INTERRUPTS_ENABLED), halted.group(1) == "1")


def judge(samples: Sequence[Sample]) -> Verdict:
    """What the newest :data:`SAMPLES` samples, taken while the picture was still, say of the guest."""
    newest = samples[-SAMPLES:]
    if len(newest) < SAMPLES or any(sample.interrupts for sample in newest):
        return Verdict.ALIVE
    if all(sample.halted for sample in newest):
        return Verdict.HALTED
    pointers = [sample.pointer for sample in newest]
    if max(pointers) - min(pointers) < LOOP_BYTES and not any(sample.halted for sample in newest):
        return Verdict.SPINNING
    return Verdict.ALIVE
