"""Makes the pictures of README anew: the real bot and a real walk, in both stand-ins, looked at with a browser.

Run it with `make screenshots`. It takes two minutes or three and writes docs/pictures/*.png. Not a test: it only waits
for each turn of the story. Ports and times of the day differ in each run's pictures; nothing else should.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright
from slack_sdk import WebClient

from automation.browser import find_chromium
from bot.home import home
from bot.house import open_database
from bot.settings import read_settings
from bot.terminal.demo import CHANNEL, LINK, PRACTICE, Scene
from bot.terminal.stand_ins import MANIFEST, stage
from docs import crowd
from sandbox.slack import SandboxSlack
from sandbox.slack.seed import HEALTH
from storage.models import utcnow

PICTURES = Path(__file__).parent / "pictures"
WIDE = (1180, 748)
"""Pixels: the whole workspace."""
NARROW = 620
"""Pixels: a screen on which the page gives the thread all the room."""
TALL = 1200
"""Pixels: of what goes on and on, the beginning says enough."""
CROWDS = (0, 40, 2000)
LAST_PAINT = 300
"""Milliseconds for what nothing tells of, like the thread that scrolls to its end."""
PATIENCE = 150.0
"""Seconds for the longest part of the story, a walk in a busy browser."""
DRAWN = "async () => (await document.fonts.ready, [...document.images].every((one) => one.complete))"


class Camera:
    """A browser that looks at the workspace as one of its people, and at the bot's own pages."""

    def __init__(self, browser: Browser, workspace: str) -> None:
        self.browser, self.at = browser, workspace

    @contextmanager
    def open(self, url: str, size: tuple[int, int]) -> Iterator[Page]:
        """A page in a context of its own, which knows nothing of the others."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="en-US", timezone_id="UTC", color_scheme="light"
        )
        try:
            page = context.new_page()
            page.goto(url)
            yield page
        finally:
            context.close()

    def workspace(self, user: str, **where: str) -> str:
        """The address of what this person sees there (`channel`, `thread`, `tab`, `theme`)."""
        return f"{self.at}/?" + "&".join(f"{key}={value}" for key, value in {"user": user, **where}.items())

    def take(self, name: str, size: tuple[int, int], url: str, sees: str) -> None:
        """A picture of a page, as soon as it shows this text and its pictures are there."""
        with self.open(url, size) as page:
            page.get_by_text(sees).last.wait_for()
            self.shoot(page, name)

    def shoot(self, page: Page, name: str, *, whole: bool = False) -> None:
        page.wait_for_function(DRAWN)
        page.wait_for_timeout(LAST_PAINT)
        keep(name, page.screenshot(full_page=whole, animations="disabled", caret="hide"))

    def part(self, name: str, url: str, selector: str) -> None:
        """A picture of that part of a page, from its top and no higher than TALL."""
        with self.open(url, (NARROW + 80, 4000)) as page:
            part = page.locator(selector).first
            part.wait_for()
            page.wait_for_timeout(LAST_PAINT)
            box = part.bounding_box()
            if box is not None:
                clip = FloatRect(x=box["x"], y=box["y"], width=box["width"], height=min(box["height"], TALL))
                keep(name, page.screenshot(clip=clip, animations="disabled", caret="hide"))

    def thread(self, name: str, height: int, user: str, ts: str, sees: str, theme: str = "light") -> None:
        """As much of a run's thread, from its end, as has room in this height."""
        url = self.workspace(user, channel=CHANNEL, thread=ts, theme=theme)
        self.take(name, (NARROW, height), url, sees)


def keep(name: str, png: bytes) -> None:
    """Keep a picture in a third of its size: 256 colours are enough for a page of words."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


def until(so: Callable[[], bool], what: str) -> None:
    """Wait until it is so. Raises `TimeoutError`."""
    end = time.monotonic() + PATIENCE
    while not so():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come; `onespot demo` may say why.")
        time.sleep(0.1)


def seen(scene: Scene, text: str) -> None:
    until(lambda: bool(scene.ana.all_seen(text)), f"“{text}”")


def link(scene: Scene, text: str) -> str:
    """The one-time address that Ana was sent. Raises `LookupError`."""
    seen(scene, text)
    found = LINK.search(str(scene.ana.all_seen(text)[-1].raw["blocks"]))
    if found is None:
        raise LookupError(f"There is no link in “{text}”.")
    return found[0]


def root(scene: Scene) -> str:
    """The `ts` of the message that the run's thread hangs on."""
    return str(scene.ana.all_seen(f"OneSpot for {PRACTICE}")[0].ts)


def ask(camera: Camera, scene: Scene) -> None:
    """Ana's part: the form, and the page for the administrator's password."""
    scene.ana.command("/onespot-provision", CHANNEL)
    form = scene.ana.modal("Provision OneSpot")
    typed = {"Practice name": PRACTICE, "Administrator username": scene.admin.username}
    with camera.open(camera.workspace("U0ANA", channel=CHANNEL), (1180, 860)) as page:
        for label, value in typed.items():
            page.get_by_label(label).fill(value)
        camera.shoot(page, "form")
    for label, value in typed.items():
        form.fill(label, value)
    form.submit()
    url = link(scene, "The page works once")
    with camera.open(url, (420, 400)) as page:
        camera.shoot(page, "password", whole=True)
    scene.fill_in(url, password=scene.admin.password.get_secret_value())
    seen(scene, "may this be done?")


def approve(camera: Camera, scene: Scene) -> None:
    """Ben's part: what waits for him, the plan, and a walk that RevolutionEHR stops."""
    camera.take("home", WIDE, camera.workspace("U0BEN", tab="home"), PRACTICE)
    camera.take("plan", WIDE, camera.workspace("U0BEN", channel=CHANNEL, thread=root(scene)), "may this be done?")
    scene.ben.press("Approve")
    until(scene.role_saved, "the role")
    scene.break_the_ehr()
    seen(scene, "What to do:")
    camera.thread("failed", 1084, "U0ANA", root(scene), "as the browser saw it")


def retry(camera: Camera, scene: Scene) -> None:
    """The thread while it walks, and its end."""
    scene.ana.press("Retry")
    seen(scene, "11. Allow login on every day · done")
    camera.thread("walking", 968, "U0BEN", root(scene), "Retried by")
    seen(scene, "The OneSpot account of")
    seen(scene, "17. Confirm the login, log out · done")
    scene.ben.press("Check now")
    seen(scene, "healthy")
    for name, theme in (("done", "light"), ("done-dark", "dark")):
        camera.thread(name, 592, "U0ANA", root(scene), "healthy", theme)


def reveal(camera: Camera, scene: Scene) -> None:
    """The page before its button is pressed: no picture ever has a password in it."""
    scene.ana.press("Reveal credentials")
    with camera.open(link(scene, "shows them once"), (760, 400)) as page:
        camera.shoot(page, "reveal", whole=True)


def crowds(browser: Browser) -> None:
    """The Home tab and the daily summary of a team that looks after no practice yet, after 40, and after 2,000."""
    for number in CROWDS:
        with (
            tempfile.TemporaryDirectory(prefix="onespot-crowd-") as folder,
            open_database(f"sqlite:///{folder}/onespot.db") as engine,
            SandboxSlack(MANIFEST) as slack,
        ):
            now, client = utcnow(), WebClient(token=slack.bot_token, base_url=slack.api_url)
            crowd.fill(engine, number, now)
            client.views_publish(user_id="U0BEN", view=home(crowd.office(engine, client, now), "U0BEN"))
            said = crowd.todays_summary(engine, now)
            client.chat_postMessage(channel=HEALTH, text=said.text, blocks=[block.to_dict() for block in said.blocks])
            camera = Camera(browser, slack.origin)
            camera.part(f"home-{number}", camera.workspace("U0BEN", tab="home"), ".home-blocks")
            if number:
                camera.part(f"summary-{number}", camera.workspace("U0BEN", channel=HEALTH), "article")


def main() -> None:
    """The demo's story, with a picture at each turn; then what many practices look like."""
    PICTURES.mkdir(exist_ok=True)
    flags = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # root has no sandbox to use
    chromium = find_chromium(read_settings().browser)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        try:
            with stage() as scene:
                for part in (ask, approve, retry, reveal):
                    part(Camera(browser, scene.workspace), scene)
            crowds(browser)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
