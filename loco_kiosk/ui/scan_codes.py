"""From what the window system says of a key to the key itself, whatever layout is set.

Sources: X11 and Wayland keycodes are evdev numbers plus 8 (xkeyboard-config, keycodes/evdev), and Qt's evdev and
libinput plugins add the same 8; Windows gives PC/AT set 1 codes with bit 8 for extended keys (WM_KEYDOWN, lParam);
macOS gives virtual key codes (Carbon, HIToolbox/Events.h), paired with codes as in W3C UI Events KeyboardEvent code
Values.
"""

from collections.abc import Callable

from backend.contract.keys import BY_CODE, BY_EVDEV, KEYS, PhysicalKey

_X11_OFFSET = 8
_EXTENDED = 0x100
_BY_QNUM = {key.qnum: key for key in KEYS}

_MAC_ROWS = {
    0x00: "KeyA KeyS KeyD KeyF KeyH KeyG KeyZ KeyX KeyC KeyV IntlBackslash KeyB KeyQ KeyW KeyE KeyR",
    0x10: "KeyY KeyT Digit1 Digit2 Digit3 Digit4 Digit6 Digit5 Equal Digit9 Digit7 Minus Digit8 Digit0 "
    "BracketRight KeyO",
    0x20: "KeyU BracketLeft KeyI KeyP Enter KeyL KeyJ Quote KeyK Semicolon Backslash Comma Slash KeyN KeyM Period",
    0x30: "Tab Space Backquote Backspace - Escape MetaRight MetaLeft ShiftLeft CapsLock AltLeft ControlLeft "
    "ShiftRight AltRight ControlRight -",
    0x40: "- NumpadDecimal - NumpadMultiply - NumpadAdd - NumLock AudioVolumeUp AudioVolumeDown AudioVolumeMute "
    "NumpadDivide NumpadEnter - NumpadSubtract -",
    0x50: "- - Numpad0 Numpad1 Numpad2 Numpad3 Numpad4 Numpad5 Numpad6 Numpad7 - Numpad8 Numpad9 IntlYen IntlRo -",
    0x60: "F5 F6 F7 F3 F8 F9 - F11 - PrintScreen - ScrollLock - F10 ContextMenu F12",
    0x70: "- Pause Insert Home PageUp Delete F4 End F2 PageDown F1 ArrowLeft ArrowRight ArrowDown ArrowUp -",
}
"""``-``: no such key, or none that a PC has."""
_BY_MAC = {
    first + place: BY_CODE[code]
    for first, row in _MAC_ROWS.items()
    for place, code in enumerate(row.split())
    if code != "-"
}

Reader = Callable[[int, int], PhysicalKey | None]


def reader(platform: str) -> Reader:
    """Function from native scan code and native virtual key to the key; ``platform`` is Qt's platform name."""
    return {"windows": _windows, "cocoa": _mac}.get(platform, _evdev)


def _evdev(scan_code: int, _virtual_key: int) -> PhysicalKey | None:
    return BY_EVDEV.get(scan_code - _X11_OFFSET)


def _windows(scan_code: int, _virtual_key: int) -> PhysicalKey | None:
    return _BY_QNUM.get(scan_code & 0x7F | (0x80 if scan_code & _EXTENDED else 0))


def _mac(_scan_code: int, virtual_key: int) -> PhysicalKey | None:
    return _BY_MAC.get(virtual_key)
