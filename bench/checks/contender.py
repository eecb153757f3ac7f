"""One way to check logins, again and again, as a process of its own: `python -m bench.checks.contender WAY NUMBER`.

It reads the EHR's address and login from stdin, works, and says how many went well and how long that took. The bare
ways only log in, see that it worked, and log out; ours looks at the account meanwhile. Nothing is measured here but
wall time: whoever started it looks at its processes.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from pydantic import SecretStr

from automation.browser import find_chromium, open_browser
from automation.revolutionehr.address import Address
from automation.revolutionehr.check import check
from automation.revolutionehr.desired import Wanted
from storage.models import CheckOutcome, Credential, Purpose, Stage

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

Told = Mapping[str, str]


class NoKeep:
    """A keep that keeps nothing: a check writes nothing down."""

    def kept(self, purpose: Purpose, stage: Stage) -> Credential | None:
        return None

    def may_try(self, username: str) -> bool:
        return True

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *_, **__: None


def launch_each(told: Told, number: int, executable: str) -> int:
    """A browser launched for each check."""
    well = 0
    with sync_playwright() as playwright:
        for _ in range(number):
            chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            well += _log_in_and_out(chromium, told)
            chromium.close()
    return well


def context_each(told: Told, number: int, executable: str) -> int:
    """One browser, a new context for each check."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        return sum(_log_in_and_out(chromium, told) for _ in range(number))


def ours(told: Told, number: int, executable: str) -> int:
    """Our check, with the browser kept: it also looks at role, employee and what the sync needs."""
    address, credential = Address(told["url"]), Credential(told["username"], SecretStr(told["password"]))
    with open_browser(executable) as browser:
        found = [check(browser, address, credential, Wanted(), NoKeep()) for _ in range(number)]
    return sum(one.outcome is CheckOutcome.HEALTHY for one in found)


def four_at_once(told: Told, number: int, executable: str) -> int:
    """Our check in four threads, each with a browser of its own."""
    well: list[int] = []
    threads = [
        threading.Thread(target=lambda: well.append(ours(told, max(1, number // 4), executable))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(well)


WAYS: Mapping[str, Callable[[Told, int, str], int]] = {
    "launch": launch_each,
    "context": context_each,
    "ours": ours,
    "ours4": four_at_once,
}


def _log_in_and_out(chromium: Chromium, told: Told) -> bool:
    """What somebody writes first: type both, press, wait for the logout, press it, wait for the form."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(told["url"])
    page.locator('[data-test-id="loginUsername"]').fill(told["username"])
    page.locator('[data-test-id="loginPassword"]').fill(told["password"])
    page.locator('[data-test-id="loginBtn"]').click()
    page.locator('[data-test-id="headerLogoutButton"] a').click()
    page.locator('[data-test-id="loginUsername"]').wait_for(state="visible")
    context.close()
    return True


def main() -> None:
    """Work, and say how it went."""
    way, number = sys.argv[1], int(sys.argv[2])
    told = json.loads(sys.stdin.readline())
    began = time.monotonic()
    well = WAYS[way](told, number, told.get("executable") or find_chromium())
    sys.stdout.write(json.dumps({"well": well, "seconds": time.monotonic() - began}) + "\n")


if __name__ == "__main__":
    main()
