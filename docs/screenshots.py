"""Makes the pictures of README anew: the real bot and a real walk, in both stand-ins, looked at with a browser.

Run it with `make screenshots`. It takes a minute or two and writes docs/pictures/*.png.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from automation.browser import find_chromium
from bot.__main__ import stage
from bot.demo import CHANNEL, LINK, PRACTICE, Scene
from bot.settings import read_settings

PICTURES = Path(__file__).parent / "pictures"
WIDE, TALL, PHONE = (1180, 640), (1180, 1120), (390, 700)
PATIENCE = 150.0


class Camera:
    """A browser that looks at the workspace as one of its people, and at the bot's own pages."""

    def __init__(self, browser: Browser, scene: Scene) -> None:
        self.browser, self.scene = browser, scene

    def workspace(self, name: str, size: tuple[int, int], user: str, **where: str) -> None:
        """What this person sees there (`channel`, `thread`, `tab`, `theme`)."""
        address = "&".join(f"{key}={value}" for key, value in {"user": user, **where}.items())
        self.page(name, size, f"{self.scene.workspace}/?{address}")

    def page(self, name: str, size: tuple[int, int], url: str) -> None:
        page = self.browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.goto(url)
        page.wait_for_timeout(1200)  # pictures and fonts; nothing says that they are drawn
        page.screenshot(path=PICTURES / f"{name}.png")
        page.close()


def thread_of(scene: Scene) -> str:
    """The `ts` of the run's root message."""
    return str(next(one.ts for one in scene.ana.all_seen(f"OneSpot for {PRACTICE}")))


def until(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE
    while not so():
        if time.monotonic() > end:
            sys.exit("The story stopped; `onespot demo` may say why.")
        time.sleep(0.1)


def seen(scene: Scene, text: str) -> None:
    until(lambda: bool(scene.ana.all_seen(text)))


def link(scene: Scene, text: str) -> str:
    """The one-time address that Ana was sent."""
    seen(scene, text)
    found = LINK.search(str(scene.ana.all_seen(text)[-1].raw["blocks"]))
    return found[0] if found else sys.exit("There is no link.")


def play(camera: Camera, scene: Scene) -> None:
    """The demo's story, with a picture at each turn."""
    ana, ben = scene.ana, scene.ben
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    camera.workspace("form", (1180, 860), "U0ANA", channel=CHANNEL)
    form.fill("Practice name", PRACTICE)
    form.fill("Administrator username", scene.admin.username)
    form.submit()
    page = link(scene, "The page works once")
    camera.page("password", PHONE, page)
    scene.fill_in(page, password=scene.admin.password.get_secret_value())
    seen(scene, "may this be done?")
    thread = thread_of(scene)
    camera.workspace("plan", WIDE, "U0BEN", channel=CHANNEL, thread=thread)
    ben.press("Approve")
    until(scene.role_saved)
    scene.break_the_ehr()
    seen(scene, "What to do:")
    time.sleep(4)  # the picture of the failure is uploaded after the words
    camera.workspace("failed", (1180, 1300), "U0ANA", channel=CHANNEL, thread=thread)
    ana.press("Retry")
    seen(scene, "11. Allow login on every day · done")
    camera.workspace("walking", TALL, "U0BEN", channel=CHANNEL, thread=thread)
    seen(scene, "The OneSpot account of")
    seen(scene, "17/17")
    time.sleep(4)
    ben.press("Check now")
    seen(scene, "healthy")
    ana.press("Reveal credentials")
    camera.page("reveal", (760, 520), link(scene, "shows them once"))
    camera.workspace("done", TALL, "U0ANA", channel=CHANNEL, thread=thread)
    camera.workspace("done-dark", TALL, "U0ANA", channel=CHANNEL, thread=thread, theme="dark")
    camera.workspace("home", WIDE, "U0BEN", tab="home")


def main() -> None:
    """Everything, in a thread of its own for the browser that takes the pictures."""
    PICTURES.mkdir(exist_ok=True)
    chromium = find_chromium(read_settings().browser)
    with stage() as scene:

        def shoot() -> None:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                play(Camera(browser, scene), scene)
                browser.close()

        camera = threading.Thread(target=shoot)
        camera.start()
        camera.join()


if __name__ == "__main__":
    main()
