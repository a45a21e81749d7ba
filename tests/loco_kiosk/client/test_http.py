import aiohttp
import pytest

from loco_kiosk.client.http import describe_error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TimeoutError(), "The backend does not answer in time."),
        (ConnectionResetError(), "The backend closed the connection."),
        (aiohttp.ServerDisconnectedError(), "The backend closed the connection."),
        (aiohttp.InvalidURL("x"), "The backend cannot be talked to (x)."),
        (OSError(), "The backend cannot be talked to (OSError)."),
    ],
)
def test_network_errors_become_sentences(error: Exception, text: str) -> None:
    assert describe_error(error, "The backend") == text
