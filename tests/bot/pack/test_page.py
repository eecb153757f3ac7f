"""The page in a real browser: it runs nothing, loads nothing, reads well on a phone and aloud, and prints."""

from __future__ import annotations

import json
import shutil
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page
from sqlalchemy import Engine

from bot.hands import print_pdf
from bot.pack.make import Packs
from bot.pack.page import size_of
from bot.pack.seal import Kind
from tests.bot.pack.test_record import HOSTILE
from tests.bot.packs import NOW, Office
from tests.engines import cheap

pytestmark = pytest.mark.browser

DOT = bytes.fromhex(
    "ffd8ffdb004300030202020202030202020303030304060404040404080606050609080a0a090809090a0c0f0c0a0b0e0b09090d110d0e0f10"
    "1011100a0c12131210130f101010ffc9000b080001000101011100ffcc000600101005ffda0008010100003f00d2cf20ffd9"
)
"""A JPEG of one grey dot."""

_CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const part = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const ground = (el) => {
    for (let up = el; up; up = up.parentElement) {
      const c = rgb(getComputedStyle(up).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const el of document.querySelectorAll('body *')) {
    if (![...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !el.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(el).color).slice(0, 3)), light(ground(el))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) low.push(`${el.tagName} ${el.className}`);
  }
  return low;
}"""
"""What has less contrast than WCAG's AA asks for."""


_RUN = """() => {
  const script = document.createElement('script');
  script.textContent = 'window.ran = true';
  document.body.append(script);
  return window.ran === true;
}"""
"""Whether a script in the page runs."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A page with hostile words, a picture and steps."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copyfile(sqlite_template, folder / "onespot.db")
    engine = cheap(f"sqlite:///{folder}/onespot.db")
    office = Office(engine, folder)
    office.finished(reason=HOSTILE, pictures={"read_id": DOT, "save_role": DOT})
    page = folder / "page.html"
    page.write_bytes(office.packs.make(1, [Kind.HTML], HOSTILE, now=NOW).files[Kind.HTML])
    engine.dispose()
    return page


def opened(chromium: Chromium, file: Path, **more: Any) -> tuple[Page, list[str]]:
    """The page, and all that it asked for or complained about."""
    page = chromium.new_context(**more).new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("request", lambda request: heard.append(request.url))
    page.goto(file.as_uri())
    return page, [one for one in heard if not one.startswith((file.as_uri(), "data:image/jpeg"))]


def test_it_runs_nothing_loads_nothing_and_breaks_no_rule_of_its_own(chromium: Chromium, file: Path) -> None:
    page, heard = opened(chromium, file)
    assert heard == []
    assert page.locator("img").count() == 1, "the second step shows the same picture"
    assert page.locator("img").evaluate("el => el.naturalWidth") == 1
    assert page.evaluate(_RUN) is False
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_words_stand_out_from_their_ground(chromium: Chromium, file: Path, scheme: str) -> None:
    page, _ = opened(chromium, file, color_scheme=scheme)
    page.locator("summary").click()
    assert page.evaluate(_CONTRAST) == []
    page.context.close()


def test_it_says_what_a_screen_reader_needs(chromium: Chromium, file: Path) -> None:
    page, _ = opened(chromium, file)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "Lumen Eye" in page.title()
    assert page.locator("h1").count() == 1
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((el) => Number(el.tagName[1]))")
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    assert page.locator("th:not([scope]), table:not(:has(caption))").count() == 0
    assert page.locator("section:not([aria-labelledby])").count() == 0
    page.context.close()


def test_on_a_phone_nothing_sticks_out(chromium: Chromium, file: Path) -> None:
    page, _ = opened(chromium, file, viewport={"width": 360, "height": 700})
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.context.close()


def test_the_size_of_a_picture_is_read_from_it(chromium: Chromium) -> None:
    page = chromium.new_page()
    for width, height in ((300, 40), (1201, 33)):
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        assert size_of(page.screenshot(type="jpeg", clip=clip)) == (width, height)  # type: ignore[arg-type]
    page.close()
    assert [size_of(other) for other in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n", DOT)] == [(0, 0)] * 3 + [(1, 1)]


def test_on_paper_it_is_black_on_white_without_what_is_for_programs(chromium: Chromium, file: Path) -> None:
    page, _ = opened(chromium, file, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("#record").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate(_CONTRAST) == []
    page.context.close()


def test_the_record_in_it_is_the_data_that_it_shows(chromium: Chromium, file: Path) -> None:
    page, _ = opened(chromium, file)
    record = json.loads(page.locator("#record").text_content() or "")
    assert record["made"]["by"] == HOSTILE
    assert record["head"] in page.locator("main").inner_text()
    page.context.close()


def test_without_chromium_there_is_no_pdf_and_a_sentence(engine: Engine, tmp_path: Path) -> None:
    office = Office(engine, tmp_path)
    office.finished()
    packs = Packs(**{**vars(office.packs), "printing": partial(print_pdf, executable="/no/such/browser")})
    pack = packs.make(1, [Kind.PDF], "ana", now=NOW)
    assert (pack.files, pack.unprinted.split(";")[0]) == (
        {}, "The browser /no/such/browser (BROWSER) does not start"
    )  # fmt: skip
