"""One guest: its QEMU process with snapshots, and its picture, sound and input through sockets.

Two sides that share a run directory and nothing else, since in a cluster they are two containers: :mod:`emulator`
starts and watches QEMU, :mod:`guest` attaches to what runs there.
"""
