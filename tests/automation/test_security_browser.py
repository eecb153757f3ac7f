"""What the browser's programs are told by the way: their environment and command lines; and what they write to a log.

A real Chromium and its driver, looked at from outside as anybody on the machine could (`ps`, /proc).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from automation.browser import inherited, open_browser

SECRETS = {
    "ONESPOT_ADMIN_PASSWORD": "canary-admin-password",
    "ONESPOT_KEYS": "canary-key",
    "SLACK_BOT_TOKEN": "xoxb-canary",
    "SLACK_APP_TOKEN": "xapp-canary",
    "SLACK_SIGNING_SECRET": "canary-signing",
    "DATABASE_URL": "postgresql://onespot:canary-database@db/onespot",
    "PGPASSWORD": "canary-pg",
    "AWS_SECRET_ACCESS_KEY": "canary-cloud",
    "SOMEBODY_ELSES_TOKEN": "canary-token",
}
LOUD = {"DEBUG": "pw:*", "DEBUGP": "1", "PWDEBUG": "console", "NODE_OPTIONS": "--trace-warnings", "NODE_DEBUG": "net"}
"""These make the driver write whole messages, passwords included, or stop for somebody who debugs."""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SECRETS, **LOUD}.items():
        if name != "DEBUGP":
            monkeypatch.setenv(name, value)


def programs() -> Iterator[psutil.Process]:
    """All that this process has started and that still runs."""
    yield from psutil.Process().children(recursive=True)


@pytest.mark.browser
def test_driver_and_browser_are_told_no_secret_and_write_no_log(told: None, capfd: pytest.CaptureFixture[str]) -> None:
    before = {one.pid for one in programs()}
    with open_browser() as browser:
        with browser.visit() as screen:
            screen.page.set_content("<input type=password>")
            screen.page.locator("input").fill("canary-typed")
        seen = []
        for one in programs():
            if one.pid in before:
                continue
            with suppress(psutil.Error):
                seen.append("\0".join([*one.cmdline(), *(f"{k}={v}" for k, v in one.environ().items())]))
    assert len(seen) >= 3
    assert [name for name in SECRETS if any(name in one for one in seen)] == []
    assert not any("canary" in one for one in seen)
    said = capfd.readouterr()
    assert "canary" not in said.out + said.err
    assert "pw:" not in said.err


def test_what_a_browser_needs_is_inherited_and_nothing_else() -> None:
    needed = {
        "PATH": "/usr/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "LC_ALL": "C",
        "TZ": "UTC",
        "TMPDIR": "/tmp",  # noqa: S108
        "XDG_RUNTIME_DIR": "/run",
        "DISPLAY": ":0",
        "PLAYWRIGHT_BROWSERS_PATH": "/pw",
        "https_proxy": "http://proxy:3128",
        "NO_PROXY": "localhost",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "LD_LIBRARY_PATH": "/lib",
        "PW_LANG_NAME": "python",
    }
    assert inherited({**needed, **SECRETS, **LOUD}) == needed
