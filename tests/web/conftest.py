"""Chromium before the page of a real backend."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.browser import Browser
from tests.web.processes import Wall

CHROMIUM = shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only where the distribution has no Chromium that can be driven (Ubuntu's is a snap)."""
    here = Path(__file__).parent
    if CHROMIUM is None and "ID=debian" not in Path("/etc/os-release").read_text():
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="this distribution has no packaged Chromium"))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.quit()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """A page that must not have complained in the end."""
    yield chromium
    complaints = chromium.complaints()
    chromium.driver.get("about:blank")
    assert not complaints


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    """A backend with two machines."""
    wall = Wall(tmp_path_factory.mktemp("wall"))
    wall.add("instance-0")
    wall.add("instance-1")
    yield wall
    wall.close()
