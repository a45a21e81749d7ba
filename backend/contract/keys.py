"""The keys of a PC keyboard, by the four names that they go by.

Sources: W3C UI Events KeyboardEvent code Values (code), Linux ``input-event-codes.h`` (evdev), the PC/AT scan code set
1 (qnum: the make code, extended keys as ``0x80 | code``; what QEMU's D-Bus keyboard takes) and QEMU's QAPI type
``QKeyCode`` (qcode; what QMP ``input-send-event`` takes).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhysicalKey:
    """One key, whatever is printed on it."""

    code: str
    evdev: int
    qnum: int
    qcode: str


def _key(code: str, evdev: int, qnum: int, qcode: str) -> PhysicalKey:
    return PhysicalKey(code, evdev, qnum, qcode)


_LETTER_ROWS = ((16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM"))
_LETTERS = [
    _key(f"Key{letter}", first + place, first + place, letter.lower())
    for first, row in _LETTER_ROWS
    for place, letter in enumerate(row)
]
_DIGITS = [_key(f"Digit{digit}", place + 2, place + 2, digit) for place, digit in enumerate("1234567890")]
_FUNCTIONS = [_key(f"F{n}", 58 + n, 58 + n, f"f{n}") for n in range(1, 11)]
_PAD_ROWS = ((71, "789"), (75, "456"), (79, "123"))
_PAD_DIGITS = [
    _key(f"Numpad{digit}", first + place, first + place, f"kp_{digit}")
    for first, row in _PAD_ROWS
    for place, digit in enumerate(row)
]

KEYS = (
    *_LETTERS,
    *_DIGITS,
    *_FUNCTIONS,
    *_PAD_DIGITS,
    _key("Escape", 1, 0x01, "esc"),
    _key("Minus", 12, 0x0C, "minus"),
    _key("Equal", 13, 0x0D, "equal"),
    _key("Backspace", 14, 0x0E, "backspace"),
    _key("Tab", 15, 0x0F, "tab"),
    _key("BracketLeft", 26, 0x1A, "bracket_left"),
    _key("BracketRight", 27, 0x1B, "bracket_right"),
    _key("Enter", 28, 0x1C, "ret"),
    _key("ControlLeft", 29, 0x1D, "ctrl"),
    _key("Semicolon", 39, 0x27, "semicolon"),
    _key("Quote", 40, 0x28, "apostrophe"),
    _key("Backquote", 41, 0x29, "grave_accent"),
    _key("ShiftLeft", 42, 0x2A, "shift"),
    _key("Backslash", 43, 0x2B, "backslash"),
    _key("Comma", 51, 0x33, "comma"),
    _key("Period", 52, 0x34, "dot"),
    _key("Slash", 53, 0x35, "slash"),
    _key("ShiftRight", 54, 0x36, "shift_r"),
    _key("NumpadMultiply", 55, 0x37, "kp_multiply"),
    _key("AltLeft", 56, 0x38, "alt"),
    _key("Space", 57, 0x39, "spc"),
    _key("CapsLock", 58, 0x3A, "caps_lock"),
    _key("NumLock", 69, 0x45, "num_lock"),
    _key("ScrollLock", 70, 0x46, "scroll_lock"),
    _key("NumpadSubtract", 74, 0x4A, "kp_subtract"),
    _key("NumpadAdd", 78, 0x4E, "kp_add"),
    _key("Numpad0", 82, 0x52, "kp_0"),
    _key("NumpadDecimal", 83, 0x53, "kp_decimal"),
    _key("IntlBackslash", 86, 0x56, "less"),
    _key("F11", 87, 0x57, "f11"),
    _key("F12", 88, 0x58, "f12"),
    _key("IntlRo", 89, 0x73, "ro"),
    _key("Convert", 92, 0x79, "henkan"),
    _key("KanaMode", 93, 0x70, "hiragana"),
    _key("NonConvert", 94, 0x7B, "muhenkan"),
    _key("NumpadEnter", 96, 0x9C, "kp_enter"),
    _key("ControlRight", 97, 0x9D, "ctrl_r"),
    _key("NumpadDivide", 98, 0xB5, "kp_divide"),
    _key("PrintScreen", 99, 0xB7, "print"),
    _key("AltRight", 100, 0xB8, "alt_r"),
    _key("Home", 102, 0xC7, "home"),
    _key("ArrowUp", 103, 0xC8, "up"),
    _key("PageUp", 104, 0xC9, "pgup"),
    _key("ArrowLeft", 105, 0xCB, "left"),
    _key("ArrowRight", 106, 0xCD, "right"),
    _key("End", 107, 0xCF, "end"),
    _key("ArrowDown", 108, 0xD0, "down"),
    _key("PageDown", 109, 0xD1, "pgdn"),
    _key("Insert", 110, 0xD2, "insert"),
    _key("Delete", 111, 0xD3, "delete"),
    _key("AudioVolumeMute", 113, 0xA0, "audiomute"),
    _key("AudioVolumeDown", 114, 0xAE, "volumedown"),
    _key("AudioVolumeUp", 115, 0xB0, "volumeup"),
    _key("Pause", 119, 0xC6, "pause"),
    _key("IntlYen", 124, 0x7D, "yen"),
    _key("MetaLeft", 125, 0xDB, "meta_l"),
    _key("MetaRight", 126, 0xDC, "meta_r"),
    _key("ContextMenu", 127, 0xDD, "compose"),
)

BY_CODE = {key.code: key for key in KEYS}
BY_EVDEV = {key.evdev: key for key in KEYS}
