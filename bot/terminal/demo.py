"""The demo: the whole story by itself, in a stand-in Slack and a stand-in RevolutionEHR, told in a terminal.

An invented practice and invented people: nothing outside this machine is touched, so the password that is shown opens
nothing. Everything between the stand-ins is the real thing: the service, its pages, its browser. They are passed in.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Protocol

from rich.rule import Rule
from rich.text import Text

from bot.problems import Exit
from bot.terminal.screen import Plain, line
from bot.terminal.views import facts_view
from bot.words import clean
from storage.models import Credential

PRACTICE = "Lumen Eye"
CHANNEL = "C0ONBOARD"
PATIENCE = 150.0
NEXT = (
    "onespot demo --serve",
    "    the same, and then it stays: act in the workspace yourself, as Ana, Ben or Cleo",
    'onespot provision "Your Practice" --url https://revolutionehr.com/static/ --admin YOUR-ADMIN',
    "    the 17 steps for a practice of yours, without Slack; shows the plan and asks before it changes anything",
    "onespot run",
    "    the bot in your own Slack; README, “Set up Slack”, says how in five steps",
    "onespot doctor",
    "    is everything here that a run needs?",
)
LINK = re.compile(r"https?://[^\s\"'<>|]+/(?:secret|reveal)/[\w-]+")
_SHOWN = re.compile(r"<code>([^<]*)</code>")
_UNTOLD = re.compile(r" · (pending|running)$|Walking through the guide|^\[Cancel\]$")
"""Lines that only say that something is on its way."""


class Message(Protocol):
    """A message as somebody sees it."""

    @property
    def ts(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def raw(self) -> Mapping[str, Any]: ...


class Form(Protocol):
    """An open modal."""

    def fill(self, label: str, value: str) -> object: ...
    def submit(self) -> Mapping[str, str]: ...


class Person(Protocol):
    """Somebody at the workspace's page."""

    def command(self, text: str, channel: str) -> None: ...
    def modal(self, title: str) -> Form: ...
    def press(self, button: str) -> None: ...
    def all_seen(self, text: str) -> list[Any]: ...


@dataclass(frozen=True)
class Scene:
    """What the story is played with: where it can be watched, who acts, and what can go wrong."""

    workspace: str
    ehr: str
    ana: Person
    ben: Person
    admin: Credential
    fill_in: Callable[..., str]
    """Opens a page of the bot's, types, presses its button: what it then shows."""
    role_saved: Callable[[], bool]
    break_the_ehr: Callable[[], object]
    tamper: Callable[[], object]
    """Somebody in the practice changes the account behind our back."""


class Stuck(Exception):
    """Something that should have come did not."""


@dataclass
class Demo:
    """The story. The worker should try each thing once, or the fault would heal unseen."""

    screen: Plain
    scene: Scene
    patience: float = PATIENCE
    told: dict[str, list[str]] = field(default_factory=dict)

    def play(self) -> Exit:
        """DONE only when every part of the story went as it should."""
        parts = (self._ask, self._approve, self._retry, self._reveal, self._check, self._alert)
        try:
            for part in parts:
                part()
        except Stuck as stuck:
            self._say(f"The demo stopped here ({stuck}): this should not happen. `onespot doctor` may say why.")
            return Exit.FAILED
        self._chapter("What to do next")
        for text in NEXT:
            self._say(text)
        return Exit.DONE

    # --- the parts

    def _ask(self) -> None:
        ana = self.scene.ana
        self._chapter(f"1. Ana asks for the OneSpot account of {PRACTICE}")
        self._say(f"To watch it in a browser: {self.scene.workspace}")
        self._say(f"The stand-in RevolutionEHR:  {self.scene.ehr}")
        self._does("Ana", "types /onespot-provision and fills in the form")
        ana.command("/onespot-provision", CHANNEL)
        form = ana.modal("Provision OneSpot")
        form.fill("Practice name", PRACTICE)
        form.fill("Administrator username", self.scene.admin.username)
        if form.submit():
            raise Stuck("the form was not taken")
        link = self._link("The page works once")
        self._does("Ana", "follows the link and enters the administrator's password there, never in Slack")
        self.scene.fill_in(link, password=self.scene.admin.password.get_secret_value())
        self._wait("may this be done?")

    def _approve(self) -> None:
        self._chapter("2. Ben approves the plan; the guide's 17 steps begin; RevolutionEHR fails in the middle")
        self._does("Ben", "presses Approve")
        self.scene.ben.press("Approve")
        self._until(self.scene.role_saved, "the role")
        self.scene.break_the_ehr()
        self._wait("What to do:")

    def _retry(self) -> None:
        self._chapter("3. Retry goes on from there: what is done already is found and left alone")
        self._does("Ana", "presses Retry")
        self.scene.ana.press("Retry")
        self._wait("The OneSpot account of")
        self._wait("17/17")

    def _reveal(self) -> None:
        self._chapter("4. The account's password is sealed, and shown once to whoever may see it")
        self._does("Ana", "presses Reveal credentials and opens the page")
        self.scene.ana.press("Reveal credentials")
        page = self.scene.fill_in(self._link("shows them once"))
        shown = [unescape(value) for value in _SHOWN.findall(page)]
        if len(shown) != 2:
            raise Stuck("the page shows no credentials")
        self.screen.out.print(facts_view(dict(zip(("user name", "password"), shown, strict=True))))

    def _check(self) -> None:
        self._chapter("5. A health check logs in with it, looks at the account and logs out")
        self._does("Ben", "presses Check now")
        self.scene.ben.press("Check now")
        self._wait("healthy")

    def _alert(self) -> None:
        self._chapter("6. Somebody in the practice changes the account; the next check notices")
        self.scene.tamper()
        self._does("Ben", "presses Check now")
        self.scene.ben.press("Check now")
        self._wait("drift")

    # --- watching

    def _wait(self, text: str) -> None:
        self._until(lambda: any(text in message.text for message in self.scene.ana.all_seen(text)), f"“{text}”")

    def _link(self, text: str) -> str:
        """The one-time address in the newest message with this text, which only Ana sees."""
        self._wait(text)
        found = LINK.search(str(self.scene.ana.all_seen(text)[-1].raw["blocks"]))
        if found is None:
            raise Stuck("no link")
        return found[0]

    def _until(self, so: Callable[[], bool], what: str) -> None:
        """Show what is new in the thread until it is so."""
        end = time.monotonic() + self.patience
        while not so():
            self._show()
            if time.monotonic() > end:
                raise Stuck(f"{what} did not come")
            time.sleep(0.1)
        self._show()

    def _show(self) -> None:
        """Print the lines of each message that are new, or that say something else than before."""
        for message in self.scene.ana.all_seen(""):
            lines = [clean(one) for one in message.text.splitlines() if one.strip()]
            before = self.told.get(message.ts, [])
            self.told[message.ts] = lines
            for text in lines:
                if text not in before and not _UNTOLD.search(text):
                    self._say(f"  │ {text}")

    def _does(self, who: str, what: str) -> None:
        self.screen.out.print(Text(f"{who} {what}", style="bold cyan"), soft_wrap=True)

    def _chapter(self, title: str) -> None:
        self.screen.out.print()
        self.screen.out.print(Rule(Text(title, style="bold"), align="left"))

    def _say(self, text: str) -> None:
        line(self.screen.out, text)
