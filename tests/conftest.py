"""What all tests share: one Chromium for those that need no more than a browser, and the order that this asks for."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings
from playwright.sync_api import Browser as Chromium

from automation.browser import Browser, open_browser
from storage.database import connect, upgrade
from tests import postgresql

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

# The authorities this machine trusts are read once, not for each client: no test speaks TLS through httpx.
httpx._transports.default.create_ssl_context = functools.cache(httpx._config.create_ssl_context)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database; to be copied, which is quicker than migrating one for each test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = connect(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server whose database `onespot_test` is up to date."""
    with postgresql.cluster() as server, postgresql.database(server, "onespot_test") as url:
        engine = connect(url)
        upgrade(engine)
        engine.dispose()
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The program's own browser, launched once. Whoever kills theirs opens another, in a test that doesn't use this."""
    with open_browser(os.environ.get("BROWSER")) as browser:
        yield browser


@pytest.fixture(scope="session")
def chromium(browser: Browser) -> Chromium:
    """What Playwright calls that browser: for tests that look for things in a page by hand."""
    return browser._chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the browser come last.

    From the first of them on its Playwright keeps an event loop running in the thread of the tests, and there is no
    place there for another: neither `asyncio.run` nor a second Playwright would start. The `worksteal` of pytest-xdist,
    which `make test` uses, keeps this order in each of its processes.
    """
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))
