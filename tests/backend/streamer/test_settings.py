import pytest

from backend.contract.errors import SettingsError
from backend.streamer.settings import StreamerSettings


@pytest.mark.parametrize(
    ("listen", "address"),
    [("127.0.0.1:8481", ("127.0.0.1", 8481)), ("[::1]:0", ("::1", 0)), (":80", ("", 80))],
)
def test_an_address_is_read(listen: str, address: tuple[str, int]) -> None:
    assert StreamerSettings(listen=listen).address() == address


@pytest.mark.parametrize("listen", ["", "8481", "host:", "host:x", "host:65536", "host:-1"])
def test_a_wrong_address_is_refused_with_an_example(listen: str) -> None:
    with pytest.raises(SettingsError, match=r"127\.0\.0\.1:8481"):
        StreamerSettings(listen=listen).address()
