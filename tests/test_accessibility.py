"""Every page that people open, looked at by axe-core: nothing of WCAG 2.1 AA is broken, nor of its best practice.

The web pages and the stand-in Slack with all that the bot posts, each in light and in dark, on a desk and on a phone.
axe-core finds what a program can find; what is said is tested in tests/bot/test_plain_texts.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, ViewportSize, expect
from slack_sdk import WebClient

from bot.home import home
from bot.modals import Place as FormPlace
from bot.modals import Request, reject_view, request_view
from bot.pack.seal import Kind
from bot.serve import serving
from bot.web import pages
from docs import crowd
from sandbox.slack import SandboxSlack
from sandbox.slack.person import Person
from storage import practices
from storage.models import utcnow
from tests.bot.gallery import everything
from tests.bot.pack.test_page import DOT
from tests.bot.packs import NOW
from tests.bot.packs import Office as EvidenceDesk
from tests.bot.talk import MANIFEST
from tests.bot.test_web import Place
from tests.engines import cheap

pytestmark = pytest.mark.browser

DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that dark colours can break; the others were looked at in light."""
HEALTH = "C0HEALTH"
AXE = Axe().axe_script


def found(page: Page, rules: list[str] = RULES, kind: str = "tag") -> list[str]:
    """What axe-core finds wrong with the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": {"type": kind, "values": rules}, "resultTypes": ["violations"]}
    report = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}" for one in report["violations"] for node in one["nodes"]
    ]


def looked_at(page: Page) -> dict[str, list[str]]:
    """What is wrong with it in light and in dark, at both sizes; empty where nothing is."""
    wrong = {}
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            problems = found(page) if scheme == "light" else found(page, COLOURS, "rule")
            if problems:
                wrong[f"{scheme}, {size['width']} wide"] = problems
    return wrong


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    context = chromium.new_context(locale="en-US", timezone_id="UTC")
    yield context.new_page()
    context.close()


def test_a_page_with_a_fault_is_told_from_one_without(page: Page) -> None:
    whole = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>{}</main></html>"
    page.set_content(whole.format("<label>Name <input></label>"))
    assert looked_at(page) == {}
    page.set_content(whole.format("<input><p style='color: #bbb; background: #fff'>Hardly seen</p>"))
    wrong = {where: [one.split(" ")[0] for one in its] for where, its in looked_at(page).items()}
    assert wrong["light, 360 wide"] == ["color-contrast", "label"]
    assert wrong["dark, 360 wide"] == ["color-contrast"]


# --- the web pages


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """The web pages, with a desk behind them that takes everything."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copyfile(sqlite_template, folder / "onespot.db")
    engine = cheap(f"sqlite:///{folder}/onespot.db")
    place = Place(engine, practices.save(engine, "Lumen <Eye> & Co", "https://ehr.example/static/", now=utcnow()))
    place.wrong = ["Line 3: the administrator is missing.", "Line 4: this practice stands in line 2 too."]
    with serving(pages(place.desk()), 0) as port:
        yield place, f"http://127.0.0.1:{port}"
    engine.dispose()


WEB: dict[str, tuple[Callable[[Place], str], bool]] = {
    "the form for a password": (Place.secret, False),
    "a form that was sent with what is no password": (Place.secret, True),
    "the button that reveals": (Place.reveal, False),
    "the credentials": (Place.reveal, True),
    "a link that is used up": (lambda place: f"/secret/{place.link(lasts=timedelta(0))}", False),
    "the root": (lambda place: "/", False),
    "a password that is saved": (lambda place: "/saved", False),
    "no page": (lambda place: "/nowhere", False),
    "the form for many practices": (Place.bring, False),
    "a sheet in which something is wrong": (Place.bring, True),
    "practices that are on their way": (lambda place: "/imported", False),
}


@pytest.mark.parametrize("name", WEB)
def test_a_web_page(name: str, desk: tuple[Place, str], page: Page) -> None:
    (place, origin), (path, pressed) = desk, WEB[name]
    page.goto(f"{origin}{path(place)}")
    if pressed:
        for field in page.locator("input[type=password], textarea").all():
            field.fill(" ")
        page.locator("button").click()
        expect(page.locator(".problem, .values").first).to_be_visible()
    assert looked_at(page) == {}


def test_a_field_that_was_filled_in_wrongly_is_framed_as_such(desk: tuple[Place, str], page: Page) -> None:
    page.goto(f"{desk[1]}{desk[0].secret()}")
    field = page.get_by_label("Administrator password")
    before = field.evaluate(FRAME)
    field.fill(" ")
    page.get_by_role("button").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.evaluate(FRAME) != before


FRAME = "field => getComputedStyle(field).borderTopColor"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_web_pages_are_dark_where_the_reader_likes_that(scheme: Any, desk: tuple[Place, str], page: Page) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{desk[1]}{desk[0].secret()}")
    for where in ("body", "main", "input[type=password]"):
        ground = page.locator(where).evaluate("el => getComputedStyle(el).backgroundColor.match(/\\d+/g).map(Number)")
        assert (sum(ground[:3]) < 3 * 60) == (scheme == "dark"), where


def test_an_evidence_record(sqlite_template: Path, tmp_path: Path, page: Page) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "onespot.db")
    engine = cheap(f"sqlite:///{tmp_path}/onespot.db")
    desk = EvidenceDesk(engine, tmp_path)
    desk.finished(reason="Go on.", pictures={"read_id": DOT})
    file = tmp_path / "evidence.html"
    file.write_bytes(desk.packs.make(1, [Kind.HTML], "U0BEN", now=NOW).files[Kind.HTML])
    engine.dispose()
    page.goto(file.as_uri())
    page.locator("summary").click()
    assert looked_at(page) == {}


# --- the stand-in Slack


@dataclass
class Room:
    """A workspace in which all that the bot says stands, and an office that draws its Home tab."""

    slack: SandboxSlack
    thread: str

    def url(self, **where: str) -> str:
        return f"{self.slack.origin}/?" + "&".join(f"{name}={value}" for name, value in where.items())


@pytest.fixture(scope="module")
def room(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    shutil.copyfile(sqlite_template, folder / "onespot.db")
    engine = cheap(f"sqlite:///{folder}/onespot.db")
    crowd.fill(engine, 40, utcnow())
    with SandboxSlack(MANIFEST) as slack:
        slack.limits = False
        client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        root = None
        for name, message in everything():
            where = {"channel": HEALTH} if not name.startswith("run") else {"channel": "C0ONBOARD", "thread_ts": root}
            answer = client.chat_postMessage(text=message.text, blocks=[b.to_dict() for b in message.blocks], **where)  # type: ignore[arg-type]
            root = root or (str(answer["ts"]) if name.startswith("run") else None)
        client.chat_postEphemeral(channel="C0ONBOARD", user="U0BEN", text="Only *you* see <https://x.example|this>.")
        client.views_publish(user_id="U0BEN", view=home(crowd.office(engine, client, utcnow()), "U0BEN"))
        yield Room(slack, str(root))
    engine.dispose()


@contextmanager
def opened(page: Page, url: str, sees: str) -> Iterator[Page]:
    """The workspace's page on a desk, as soon as it shows that."""
    page.set_viewport_size(DESK)
    page.goto(url)
    page.get_by_text(sees).first.wait_for()
    yield page


def test_a_channel_in_which_everything_was_said_about_accounts(room: Room, page: Page) -> None:
    with opened(page, room.url(user="U0BEN", channel=HEALTH), "OneSpot accounts on"):
        assert page.locator("table").count() == 1
        assert looked_at(page) == {}


def test_a_thread_in_which_everything_was_said_about_runs(room: Room, page: Page) -> None:
    with opened(page, room.url(user="U0BEN", channel="C0ONBOARD", thread=room.thread), "may this be done?"):
        assert looked_at(page) == {}


def test_a_message_that_only_one_person_sees_and_what_a_command_offers(room: Room, page: Page) -> None:
    with opened(page, room.url(user="U0BEN", channel="C0ONBOARD"), "Only visible to you"):
        page.get_by_label("Message #onboarding").fill("/")
        expect(page.get_by_role("listbox")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="offered")).to_contain_text("Commands of OneSpot")
        assert looked_at(page) == {}


@pytest.mark.parametrize("tab", ["Home", "About"])
def test_the_home_tab(room: Room, page: Page, tab: str) -> None:
    with opened(page, room.url(user="U0BEN", tab="home"), "Needs you"):
        page.get_by_role("tab", name=tab).click()
        assert looked_at(page) == {}


def test_the_list_of_channels_on_a_phone(room: Room, page: Page) -> None:
    with opened(page, room.url(user="U0BEN", channel=HEALTH), "OneSpot accounts on"):
        page.set_viewport_size(PHONE)
        page.get_by_role("button", name="Channels and apps").click()
        expect(page.get_by_role("navigation")).to_be_visible()
        assert found(page) == []


def test_a_question_before_a_button_acts(room: Room, page: Page) -> None:
    with opened(page, room.url(user="U0BEN", channel=HEALTH), "OneSpot accounts on"):
        page.get_by_role("button", name="Rotate password: Lumen Eye").first.click()
        expect(page.get_by_role("alertdialog", name="Set a new password?")).to_be_visible()
        assert looked_at(page) == {}


FORMS = {
    "Provision OneSpot": request_view(Request(url="https://ehr.example/"), FormPlace("C0ONBOARD"), with_password=True),
    "Reject the plan": reject_view("Lumen Eye", FormPlace("C0ONBOARD", 7, "f" * 12)),
}


@pytest.mark.parametrize("title", FORMS)
def test_a_form_and_what_it_says_when_it_could_not_be_sent(room: Room, page: Page, title: str) -> None:
    trigger = room.slack.state.new_trigger("U0CLEO")
    client = WebClient(token=room.slack.bot_token, base_url=room.slack.api_url)
    client.views_open(trigger_id=trigger, view=FORMS[title])
    with opened(page, room.url(user="U0CLEO", channel=HEALTH), title):
        for field in page.get_by_role("dialog").get_by_role("textbox").all():
            field.fill("something")
        page.get_by_role("dialog").locator("button[type=submit]").click()
        expect(page.get_by_role("alert").filter(has_text="trouble")).to_be_visible()
        assert looked_at(page) == {}
    Person(room.slack.origin, "U0CLEO").modal(title).close()
