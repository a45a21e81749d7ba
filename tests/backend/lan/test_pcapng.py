from hypothesis import given
from hypothesis import strategies as st

from backend.lan import pcapng
from tests.backend.lan.wires import captured

FRAMES = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 2**62), st.binary(min_size=14, max_size=1522), st.booleans())
)


@given(FRAMES)
def test_another_library_reads_what_is_written(frames: list[tuple[int, int, bytes, bool]]) -> None:
    data = pcapng.section_header() + pcapng.interface("1 instance-0") + pcapng.interface("2 instance-1")
    for number, at_ns, frame, came_in in frames:
        data += pcapng.packet(number, at_ns, frame, came_in=came_in)
    seen = captured(data)
    assert [frame for frame, _ in seen] == [frame for _, _, frame, _ in frames]
    for (number, at_ns, frame, came_in), (_, meta) in zip(frames, seen, strict=True):
        assert meta.linktype == 1
        assert meta.tsresol == 10**9
        assert meta.tshigh << 32 | meta.tslow == at_ns
        assert meta.ifname == (b"1 instance-0", b"2 instance-1")[number]
        assert meta.direction == (1 if came_in else 2)
        assert meta.wirelen == len(frame)


def test_missed_frames_are_told() -> None:
    data = pcapng.packet(0, 1, bytes(14), came_in=True, dropped=7)
    assert b"\x04\0\x08\0\x07\0\0\0\0\0\0\0" in data
    assert b"\x04\0\x08\0" not in pcapng.packet(0, 1, bytes(14), came_in=True)
