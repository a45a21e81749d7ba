import socket

from backend.discovery.kubernetes.connection import SILENCE_MS, api_socket


def test_a_socket_notices_within_six_seconds_that_the_other_side_is_gone() -> None:
    address = socket.getaddrinfo("127.0.0.1", 6443, type=socket.SOCK_STREAM)[0]
    with api_socket(address) as made:

        def tcp(option: int) -> int:
            return made.getsockopt(socket.IPPROTO_TCP, option)

        assert made.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert tcp(socket.TCP_NODELAY)
        assert tcp(socket.TCP_KEEPIDLE) + tcp(socket.TCP_KEEPINTVL) * tcp(socket.TCP_KEEPCNT) <= 6
        assert tcp(socket.TCP_USER_TIMEOUT) == SILENCE_MS
        assert made.family == socket.AF_INET
