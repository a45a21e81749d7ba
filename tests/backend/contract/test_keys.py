"""The table of physical keys."""

from backend.contract.input import MAX_CODE_LENGTH
from backend.contract.keys import BY_CODE, BY_EVDEV, KEYS


def test_no_two_keys_share_a_name() -> None:
    assert len(BY_CODE) == len(BY_EVDEV) == len(KEYS)
    assert len({key.qnum for key in KEYS}) == len(KEYS)
    assert len({key.qcode for key in KEYS}) == len(KEYS)


def test_known_keys_have_their_known_numbers() -> None:
    """The pairs that were checked against a running QEMU."""
    assert BY_CODE["KeyA"].qnum == 0x1E
    assert BY_CODE["ArrowLeft"].qnum == 0xCB
    for evdev, qcode in ((30, "a"), (105, "left"), (97, "ctrl_r"), (125, "meta_l"), (86, "less"), (87, "f11")):
        assert BY_EVDEV[evdev].qcode == qcode


def test_a_plain_key_has_the_same_number_in_evdev_and_in_scan_code_set_1() -> None:
    plain = [key for key in KEYS if key.evdev <= 83]
    assert all(key.evdev == key.qnum for key in plain)


def test_every_code_fits_the_wire() -> None:
    assert all(key.code.isalnum() and key.code.isascii() and len(key.code) <= MAX_CODE_LENGTH for key in KEYS)


def test_a_pc_keyboard_of_104_keys_is_complete() -> None:
    assert len(KEYS) >= 104
