"""The emulator of a pod: one guest in the care of one program, beside a streamer in another container.

The two share the run directory and nothing else; either may end and start again without the other.
"""
