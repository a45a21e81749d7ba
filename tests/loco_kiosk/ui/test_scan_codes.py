import pytest

from backend.contract.keys import BY_CODE, KEYS
from loco_kiosk.ui.scan_codes import _BY_MAC, reader

NOT_ON_A_MAC = {"Convert", "NonConvert", "KanaMode"}


@pytest.mark.parametrize("platform", ["xcb", "wayland", "eglfs", "offscreen"])
def test_linux_counts_as_evdev_plus_eight(platform: str) -> None:
    read = reader(platform)
    for key in KEYS:
        assert read(key.evdev + 8, 0) == key
    assert read(38, 0) == BY_CODE["KeyA"]
    assert read(0, 0) is None
    assert read(8 + 500, 0) is None


def test_windows_counts_as_set_1_with_bit_8_for_extended_keys() -> None:
    read = reader("windows")
    assert read(0x1E, 0) == BY_CODE["KeyA"]
    assert read(0x11D, 0) == BY_CODE["ControlRight"]
    assert read(0x1D, 0) == BY_CODE["ControlLeft"]
    assert read(0x14B, 0) == BY_CODE["ArrowLeft"]
    assert read(0x4B, 0) == BY_CODE["Numpad4"]
    assert read(0x6F, 0) is None


@pytest.mark.parametrize(
    ("virtual_key", "code"),
    [(0x00, "KeyA"), (0x24, "Enter"), (0x35, "Escape"), (0x7B, "ArrowLeft"), (0x7A, "F1"), (0x37, "MetaLeft"),
     (0x3E, "ControlRight"), (0x67, "F11"), (0x53, "Numpad1"), (0x31, "Space")],
)  # fmt: skip
def test_macos_counts_by_virtual_key(virtual_key: int, code: str) -> None:
    assert reader("cocoa")(0, virtual_key) == BY_CODE[code]


def test_the_macos_table_names_every_key_at_most_once_and_misses_few() -> None:
    codes = [key.code for key in _BY_MAC.values()]
    assert len(codes) == len(set(codes))
    assert set(BY_CODE) - set(codes) == NOT_ON_A_MAC
