"""The story in Slack, everything real but the two stand-ins: `onespot run` as a process, Chromium, HTTP, WebSocket.

Ana asks and gives the password, Ben approves, the thread ticks off the 17 steps, something fails and is retried, and
the credential is revealed. What counts is what people see there and the truth of the stand-in EHR afterwards.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.serve import free_port
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from sandbox.slack import SandboxSlack
from sandbox.slack.person import Person
from storage import runs
from storage.database import connect
from storage.models import RunStatus
from tests.bot.talk import CHANNEL, MANIFEST, enter_password, link_in, open_and_press, until
from tests.onespot import Story, daily, kill, only_with_everything, with_everything
from tests.test_story import Front, _assert_nothing_else_was_touched, _assert_the_account_is_the_guides

Mode = Literal["socket", "http"]
PATIENCE = 150.0
"""Seconds for one walk in a busy browser."""


class Company:
    """A workspace, a practice's EHR, and the bot between them as a process."""

    def __init__(self, slack: SandboxSlack, ehr: SandboxEhr, folder: Path, mode: Mode) -> None:
        port = free_port()
        self.slack, self.ehr = slack, ehr
        self.story = Story(ehr, folder)
        self.story.environment |= {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_API_URL": slack.api_url,
            "ONESPOT_APPROVERS": "S0LEADS",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "REVOLUTIONEHR_URL": ehr.url,
            **({"SLACK_APP_TOKEN": slack.app_token} if mode == "socket" else {}),
            **({"SLACK_SIGNING_SECRET": slack.signing_secret} if mode == "http" else {}),
        }
        if mode == "http":
            slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        self.ana, self.ben = Person(slack.origin, "U0ANA"), Person(slack.origin, "U0BEN")
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """The bot; ready when it says so."""
        self.process = self.story.start("run")
        log = self.story.errors
        count = log.read_text().count("OneSpot is in Slack") if log.exists() else 0
        until(lambda: log.read_text().count("OneSpot is in Slack") > count, "the bot", 30)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                kill(self.process)
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def status(self) -> RunStatus | None:
        engine = connect(f"sqlite:///{self.story.folder}/onespot.db")
        try:
            run = runs.get(engine, 1)
        finally:
            engine.dispose()
        return None if run is None else run.status

    def becomes(self, *status: RunStatus) -> None:
        until(lambda: self.status() in status, f"{status}", PATIENCE)

    def ask(self) -> None:
        """Ana's part, up to the plan."""
        self.ana.command("/onespot-provision", CHANNEL)
        form = self.ana.modal("Provision OneSpot")
        form.fill("Practice name", "Lumen Eye")
        form.fill("Administrator username", ADMIN_USERNAME)
        assert form.submit() == {}
        enter_password(self.ana, ADMIN_PASSWORD)
        self.becomes(RunStatus.PLANNED)
        self.ben.sees("may this be done?")

    def password_is_nowhere(self, *more: str) -> None:
        """Neither Slack nor the log ever got a password."""
        received = b"".join(bytes(body) for body in self.slack.received).decode(errors="replace")
        said = self.story.errors.read_text()
        for secret in (ADMIN_PASSWORD, *more):
            assert secret not in received
            assert secret not in said


Meet = Callable[..., Company]


@pytest.fixture
def meet(tmp_path: Path) -> Iterator[Meet]:
    with ExitStack() as stack:

        def at(front: Front, mode: Mode, *faults: str) -> Company:
            slack = stack.enter_context(SandboxSlack(MANIFEST))
            ehr = stack.enter_context(SandboxEhr(front, faults=faults))
            company = Company(slack, ehr, tmp_path, mode)
            stack.callback(company.stop)
            company.start()
            return company

        yield at


@pytest.mark.browser
@pytest.mark.parametrize(
    ("mode", "front"),
    daily([(mode, front) for mode in ("socket", "http") for front in ("legacy", "modern")], ("socket", "legacy")),
)
def test_the_whole_story(meet: Meet, mode: Mode, front: Front) -> None:
    company = meet(front, mode)
    ana, ben, before = company.ana, company.ben, company.ehr.state.as_json()
    company.ask()
    company.ehr.faults.on("required-field-unknown")
    ben.press("Approve")

    company.becomes(RunStatus.FAILED)
    ana.sees("What to do")
    until(lambda: _pictures(company), "the masked picture", 20)
    company.ehr.faults.off("required-field-unknown")
    ana.press("Retry")

    company.becomes(RunStatus.SUCCEEDED)
    ana.sees("17/17", timeout=20)
    ana.sees("17 of 17 steps", timeout=20)
    ana.sees("The OneSpot account of Lumen Eye works", timeout=20)
    ana.press("Reveal credentials")
    page = open_and_press(link_in(ana.sees("the page shows them once")))
    password = company.story.password()
    assert password
    assert password in page.text
    _assert_the_account_is_the_guides(company.story)
    _assert_nothing_else_was_touched(company.story, before)
    ben.press("Check now")
    ana.sees("healthy", timeout=60)
    company.password_is_nowhere(password)


def _pictures(company: Company) -> list[Any]:
    view = company.ana.view()
    return [
        f for c in view["channels"] for m in c["messages"] for reply in m["replies"] for f in reply.get("files") or []
    ]


@with_everything
@pytest.mark.browser
def test_killed_in_the_middle_the_thread_says_so_and_retry_completes(meet: Meet) -> None:
    company = meet("legacy", "socket")
    before = company.ehr.state.as_json()
    company.ask()
    company.ben.press("Approve")
    until(lambda: any(one.what == "role created" for one in company.ehr.state.mutations), "the role", PATIENCE)
    assert company.process is not None
    kill(company.process)
    company.start()
    company.ana.sees("stopped in the middle", timeout=30)
    company.ana.press("Retry")
    company.becomes(RunStatus.SUCCEEDED)
    company.ana.sees("17/17", timeout=20)
    _assert_the_account_is_the_guides(company.story)
    _assert_nothing_else_was_touched(company.story, before)


@with_everything
@pytest.mark.browser
def test_slack_gone_for_a_minute_in_the_middle_leaves_the_right_last_state(meet: Meet) -> None:
    company = meet("legacy", "socket")
    company.ask()
    company.ben.press("Approve")
    company.becomes(RunStatus.RUNNING)
    company.slack.faults.on("down")
    time.sleep(60)
    company.slack.faults.off("down")
    company.becomes(RunStatus.SUCCEEDED)
    company.ana.sees("17/17", timeout=60)
    company.ana.sees("The OneSpot account of Lumen Eye works", timeout=60)
    roots = [m for c in company.ana.view()["channels"] for m in c["messages"] if "OneSpot for Lumen Eye" in m["text"]]
    assert len(roots) == 1


@pytest.mark.browser
@pytest.mark.parametrize("step", [only_with_everything(step) for step in (3, 9, 14, 16)])
def test_sigterm_ends_after_the_step_and_the_next_start_goes_on_by_itself(meet: Meet, step: int) -> None:
    company = meet("legacy", "socket")
    before = company.ehr.state.as_json()
    company.ask()
    company.ben.press("Approve")
    company.ana.sees(f"{step}. ", timeout=PATIENCE)
    company.becomes(RunStatus.RUNNING)
    company.stop()
    assert company.process is not None
    assert company.process.returncode == 0
    assert [one for one in company.ehr.state.sessions if one.ended_how is None] == []
    company.start()
    company.becomes(RunStatus.SUCCEEDED)
    _assert_the_account_is_the_guides(company.story)
    _assert_nothing_else_was_touched(company.story, before)
