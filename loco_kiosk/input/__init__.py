"""Keyboard, mouse and touch on their way to the focused guest. No Qt, no clock of its own: time is an argument.

:mod:`router` owns the way: hotkeys first, then the guest in front. :mod:`ledger` remembers what is held down,
:mod:`hotkeys` reads chords, :mod:`pointer` maps and coalesces positions, :mod:`touch` turns fingers into a mouse.
"""
