"""How a guest hangs on the switch: its MAC address, its two sockets and QEMU's arguments. Pure."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from backend.contract.instance import slot_of

SWITCH_SOCKET = "lan.switch"
"""In the run directory of an instance: bound by the switch, or in a cluster by the port agent beside the emulator."""
GUEST_SOCKET = "lan.guest"
"""Beside it: bound by QEMU."""
NETDEV = "lan"
"""QEMU's id of the back end."""

_LOCAL = 0x02
"""Unicast, locally administered (IEEE 802-2014, 8.4): no maker of cards ever gives such an address."""
_ALONE = b"LOC"


def guest_mac(instance_id: str, site: str = "") -> str:
    """The MAC address of an instance, always the same; ``site`` keeps those of linked sites apart.

    Raises:
        WireError: the id does not end in a dash and a number.
    """
    middle = hashlib.sha256(site.encode()).digest()[:3] if site else _ALONE
    return ":".join(f"{octet:02x}" for octet in bytes([_LOCAL]) + middle + (slot_of(instance_id) & 0xFFFF).to_bytes(2))


def netdev_arguments(directory: Path, *, nic: str, mac: str) -> Sequence[str]:
    """QEMU's arguments for one network card on the switch.

    Datagrams over unix sockets: whichever end restarts, the other need not notice, with QEMU 7.2 too.

    Args:
        directory: run directory of the instance; its path must leave room for a socket's name within 107 bytes.
        nic: QEMU device, such as ne2k_pci or rtl8139.
        mac: see :func:`guest_mac`.
    """
    here, there = (str(directory / name).replace(",", ",,") for name in (GUEST_SOCKET, SWITCH_SOCKET))
    netdev = f"dgram,id={NETDEV},local.type=unix,local.path={here},remote.type=unix,remote.path={there}"
    return ("-netdev", netdev, "-device", f"{nic},netdev={NETDEV},mac={mac}")
