"""Whether an address is one of this machine: packets to it take the loopback interface, whatever it is called."""

import ipaddress
import socket


def is_own_address(host: str) -> bool:
    """Whether ``host``, a numeric address, belongs to this machine or pod: nothing else can be bound."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_loopback:
        return True
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True
