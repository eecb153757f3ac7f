"""What every conversation has at hand, and what all of them do alike: read a click, ask the policy, say no in private.

No conversation itself, and nothing of Bolt's wiring (app.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from typing import Any, Literal, Protocol

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.webhook import WebhookClient
from sqlalchemy import Engine

from bot import policy
from bot.answers import Answers
from bot.approvers import Approvers
from bot.dispatch import Dispatcher
from bot.metrics import Metrics
from bot.modals import message_view
from bot.pack.make import Packs
from bot.policy import Actor, Rules
from bot.run_view import RunView, stamp
from storage import audit, checks, links, practices, runs, threads
from storage.database import StorageError
from storage.models import LinkPurpose, Practice, Run, RunStatus, Verb
from storage.vault import Vault

log = structlog.get_logger("onespot.slack")

QUOTES = ('""', "''", "“”", "‘’", "„“", "”“", "«»", "``")

_NUMBER = re.compile(r"[0-9]{1,9}")

MINUTES = 15
"""How long a one-time link works."""


def sender(body: Mapping[str, Any]) -> Actor:
    """Who sent a form in: Slack's payload of type view_submission."""
    return Actor(body["user"]["id"], _workspace(body))


def words_typed(body: Mapping[str, Any]) -> str:
    """The words behind a command, as they were typed: Slack may hand over its own three characters escaped."""
    words = str(body.get("text") or "").strip()
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def name_typed(words: str) -> str:
    """A practice's name as it was typed, out of the quotes that somebody put around it."""
    name = words.strip()
    return name[1:-1].strip() if len(name) > 2 and name[0] + name[-1] in QUOTES else name


def typist(body: Mapping[str, Any]) -> Actor:
    """Who typed a command; nobody's workspace where Slack doesn't say which."""
    return Actor(str(body.get("user_id") or ""), str(body.get("team_id") or ""))


def _workspace(body: Mapping[str, Any]) -> str:
    """The workspace of who did it: the user's, else that of the payload.

    On Enterprise Grid the user's is said to be the organisation. Where that is the one of the payload's workspace, this
    workspace counts; another organisation is nobody's workspace.
    """
    team = body.get("team") or {}
    of_user = (body.get("user") or {}).get("team_id")
    whole = not of_user or of_user == team.get("enterprise_id")
    return str((team.get("id") if whole else of_user) or "")


class Refused(Exception):
    """Not this person, not any more, or not like this: str() is the private note that says so (mrkdwn)."""


class Touch(Protocol):
    """Whoever looks after the runs' threads."""

    def touch(self, run_id: int, *, calm: bool = False) -> None:
        """Something changed in this run: its thread is to follow."""


@dataclass(frozen=True)
class Office:
    """All that a conversation may use, wired by hand in one place."""

    engine: Engine
    vault: Vault
    client: WebClient
    team: str
    approvers: Approvers
    dispatcher: Dispatcher
    later: Executor
    """A few threads for what follows an ack: acks come first, however many people press at once."""
    answers: Answers
    """Those who wait for what a check finds."""
    threads: Touch
    now: Callable[[], datetime]
    revolutionehr_url: str
    self_approval: bool = False
    intake: Literal["link", "modal"] = "modal"
    public_url: str = ""
    metrics: Metrics = field(default_factory=Metrics)
    packs: Packs | None = None
    """Who makes evidence."""

    def rules(self) -> Rules:
        """The policy's rules as they are this moment. May ask Slack: to be called after the ack."""
        now = self.approvers.now()
        return Rules(self.team, now, self.self_approval, self.approvers.mentions(), self.approvers.unread())

    def rules_at_once(self) -> Rules:
        """The rules as they were last known, for an answer that is itself the ack."""
        return Rules(self.team, self.approvers.last_known(), self.self_approval)

    def rules_unasked(self) -> Rules | None:
        """The rules as far as they are known without asking Slack; None where a user group was never read."""
        known = self.approvers.known()
        return None if known is None else Rules(self.team, known, self.self_approval)

    def rules_for_all(self) -> Rules:
        """The rules for what needs no approver: Slack isn't asked who they are, so the answer is never late."""
        return Rules(self.team, self_approval=self.self_approval)

    @property
    def in_modal(self) -> bool:
        """Whether secrets pass through Slack's modals (SECRET_INTAKE=modal)."""
        return self.intake == "modal"

    def link(self, purpose: LinkPurpose, run: Run, user: str) -> str:
        """A one-time address for this person."""
        token = links.make(self.engine, purpose, run.practice_id, user, run_id=run.id, now=self.now())
        page = "secret" if purpose is LinkPurpose.INTAKE else "reveal"
        return f"{self.public_url.rstrip('/')}/{page}/{token}"

    def sheet_link(self, user: str, channel: str) -> str:
        """A one-time address where this person brings a sheet of practices; the import is told about in the channel."""
        token = links.make(self.engine, LinkPurpose.IMPORT, None, user, channel=channel, now=self.now())
        return f"{self.public_url.rstrip('/')}/import/{token}"

    def practice(self, run: Run) -> Practice:
        """The run's practice."""
        practice = practices.get(self.engine, run.practice_id)
        if practice is None:
            raise Refused("That practice isn't known any more.")
        return practice

    def decided(self, run: Run, who: str, what: str, detail: str = "") -> None:
        """Keep who decided what, and let the thread show it."""
        audit.write(self.engine, who, what, practice_id=run.practice_id, run_id=run.id, detail=detail, now=self.now())
        self.threads.touch(run.id)

    def whisper(
        self, user: str, channel: str, text: str, blocks: Sequence[Block] = (), thread_ts: str | None = None
    ) -> bool:
        """Tell one person only: in the channel, or directly where the bot isn't a member. False where neither goes."""
        with suppress(SlackApiError, OSError, HTTPException):
            self.client.chat_postEphemeral(
                channel=channel, user=user, text=text, blocks=blocks or None, thread_ts=thread_ts
            )
            return True
        with suppress(SlackApiError, OSError, HTTPException):
            self.client.chat_postMessage(
                channel=user, text=text, blocks=blocks or None, unfurl_links=False, unfurl_media=False
            )
            return True
        return False

    def real_name(self, user: str) -> str:
        """What people call this user; empty when Slack can't say."""
        try:
            found = self.client.users_info(user=user)["user"]
        except (SlackApiError, OSError, HTTPException):
            return ""
        return str(found.get("real_name") or found.get("name") or "")

    def permalink(self, run: Run) -> str | None:
        """Where the run's thread is; None when Slack can't say."""
        root = threads.root(self.engine, run.id)
        if root is None:
            return None
        try:
            answer = self.client.chat_getPermalink(channel=root.channel, message_ts=root.ts)
        except (SlackApiError, OSError, HTTPException):
            return None
        return str(answer["permalink"])


@dataclass(frozen=True)
class Click:
    """A press of a button: who, which button, its value, and where a private note would go.

    `thread_ts` only for a message that is an answer: whoever reads the channel doesn't see a note in its thread.
    """

    actor: Actor
    action: str
    value: str
    trigger: str
    channel: str = ""
    thread_ts: str | None = None
    response_url: str | None = None

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Click:
        """From Slack's payload of type block_actions."""
        user, action = body.get("user") or {}, (body.get("actions") or [{}])[0]
        container, message = body.get("container") or {}, body.get("message") or {}
        thread = message.get("thread_ts") or container.get("thread_ts")
        return cls(
            actor=Actor(str(user.get("id") or ""), _workspace(body)),
            action=str(action.get("action_id") or ""),
            value=str(action.get("value") or ""),
            trigger=str(body.get("trigger_id") or ""),
            channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
            thread_ts=thread if thread != container.get("message_ts") else None,
            response_url=body.get("response_url"),
        )

    def run(self, office: Office) -> Run:
        """The run that the button is about. Raises Refused when there is none."""
        number = self.value.split(":")[0]
        run = runs.get(office.engine, int(number)) if _NUMBER.fullmatch(number) else None
        if run is None:
            raise Refused("That run isn't known any more.")
        return run

    def is_fresh(self, run: Run) -> bool:
        """Whether the button was drawn for where the run stands now, and not for an earlier time that looks alike."""
        drawn_for = self.value.partition(":")[2]
        return drawn_for in ("", str(stamp(run.moved_at)))

    def note(self, office: Office, text: str) -> None:
        """Tell only the person who pressed; never fails."""
        with suppress(SlackApiError, OSError, HTTPException):
            if not self.channel:
                office.client.views_open(trigger_id=self.trigger, view=message_view("OneSpot", text))
                return
            try:
                office.client.chat_postEphemeral(
                    channel=self.channel, user=self.actor.user, text=text, thread_ts=self.thread_ts
                )
            except SlackApiError:
                if self.response_url:
                    WebhookClient(self.response_url).send(text=text, response_type="ephemeral", replace_original=False)


def answer(office: Office, click: Click, deed: Callable[[Office, Click, Run], None]) -> None:
    """Do what a click asks for, after its ack and out of the way of the acks of others.

    A refusal is told to the person who clicked, and to nobody else; so is what went wrong.
    """
    office.later.submit(_answer, office, click, deed)


def _answer(office: Office, click: Click, deed: Callable[[Office, Click, Run], None]) -> None:
    refused_or_done(office, click, lambda: deed(office, click, click.run(office)))


def refused_or_done(office: Office, click: Click, deed: Callable[[], None]) -> None:
    """Do it; what refuses it or goes wrong is told to who clicked, and to nobody else."""
    try:
        deed()
    except Refused as why:
        click.note(office, str(why))
    except StorageError as problem:
        log.error("click failed", action=click.action, error=type(problem).__name__)
        click.note(office, f"That did not work: {problem}")
    except (SlackApiError, OSError, HTTPException) as problem:
        log.error("click failed", action=click.action, error=type(problem).__name__)
        click.note(office, "That did not work: Slack did not take it. Press once more.")


def must(verdict: str | None) -> None:
    """Raises Refused with the policy's sentence, if it has one."""
    if verdict is not None:
        raise Refused(verdict)


def practice_of(office: Office, click: Click) -> Practice:
    """The practice that a button is about. Raises Refused when it isn't known any more."""
    practice = practices.get(office.engine, int(click.value)) if _NUMBER.fullmatch(click.value) else None
    if practice is None:
        raise Refused("That practice isn't known any more.")
    return practice


def speaks_for(office: Office, actor: Actor, practice_id: int) -> str | None:
    """Who may decide about an account: an approver about every one, and who asked for it last. None, or why not."""
    return policy.may_speak_for(actor, runs.last_of(office.engine, practice_id), office.rules())


def stale(run: Run) -> Refused:
    """The button belongs to what is over."""
    words = {
        RunStatus.SUCCEEDED: "this run has succeeded already",
        RunStatus.CANCELLED: "this run was cancelled",
        RunStatus.REJECTED: "the plan was rejected",
        RunStatus.EXPIRED: "this run has expired",
        RunStatus.APPROVED: "it was approved already, and begins when a browser is free",
        RunStatus.RUNNING: "the guide is being walked right now",
        RunStatus.PLANNING: "the plan is being made right now",
        RunStatus.PLANNED: "a plan waits for a yes or no",
        RunStatus.REQUESTED: "it still waits for the administrator's password",
        RunStatus.FAILED: "it has stopped; see its last message",
        RunStatus.WAITING: "it waits for a person; see its last message",
    }
    return Refused(f"Nothing was done: {words[run.status]}.")


def read_view(
    engine: Engine, run_id: int, *, titles: Callable[[Verb], Sequence[tuple[int, str]]], approvers: str, style: str
) -> RunView | None:
    """Everything that a run's thread is drawn from, as the rows are now."""
    run = runs.get(engine, run_id)
    practice = None if run is None else practices.get(engine, run.practice_id)
    if run is None or practice is None:
        return None
    over = run.status is RunStatus.SUCCEEDED
    return RunView(
        run=run,
        practice=practice,
        titles=titles(run.verb),
        steps=runs.steps(engine, run_id),
        approvals=runs.approvals(engine, run_id),
        entries=audit.entries(engine, run_id=run_id)[::-1],
        posted=threads.messages(engine, run_id),
        checks=checks.since(engine, practice.id, run.moved_at) if over else (),
        approvers=approvers,
        style=style,
    )
