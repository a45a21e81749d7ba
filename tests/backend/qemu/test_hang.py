import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.qemu.hang import Sample, Verdict, judge, read_sample

REGISTERS_7_2 = """
CPU#0
EAX=00000000 EBX=00000000 ECX=0000b79d EDX=00000000
ESI=0000b79d EDI=00000000 EBP=0000b79d ESP=00006f94
EIP=0000b7b9 EFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1
"""
REGISTERS_64_BIT = """
RIP=ffffffff81c01234 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0
"""


def test_registers_of_a_halted_guest_are_read() -> None:
    assert read_sample(REGISTERS_7_2) == Sample(0xB7B9, interrupts=True, halted=True)


def test_registers_of_a_64_bit_guest_are_read() -> None:
    assert read_sample(REGISTERS_64_BIT) == Sample(0xFFFFFFFF81C01234, interrupts=False, halted=False)


@given(st.text())
def test_any_other_text_is_no_sample(text: str) -> None:
    assert read_sample(text) is None


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        ([], Verdict.ALIVE),
        ([Sample(0x7C05, False, True)] * 2, Verdict.ALIVE),
        ([Sample(0x7C05, False, True)] * 3, Verdict.HALTED),
        ([Sample(0x7C05, True, True)] * 9, Verdict.ALIVE),
        ([Sample(0x7C05, False, False), Sample(0x7C07, False, False), Sample(0x7C05, False, False)], Verdict.SPINNING),
        ([Sample(0x7C05, False, False), Sample(0x9000, False, False), Sample(0x7C05, False, False)], Verdict.ALIVE),
        ([Sample(0x7C05, False, True), Sample(0x7C05, False, False), Sample(0x7C05, False, True)], Verdict.ALIVE),
        ([*[Sample(0x7C05, False, True)] * 5, Sample(0x7C05, True, True)], Verdict.ALIVE),
    ],
)
def test_only_a_cpu_that_nothing_can_wake_is_dead(samples: list[Sample], verdict: Verdict) -> None:
    assert judge(samples) is verdict
