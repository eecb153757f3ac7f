"""What the tests of a hostile Slack share: the right end of a thread, and small acts of harm."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sandbox.slack.state import Message
from storage import threads
from storage.models import Run, RunStatus
from tests.bot.talk import CHANNEL, Talk, ask, give_password, until
from tests.bot.test_weather import is_right

ORDER = ("root", "plan", "checklist", "done")


def posted(talk: Talk, channel: str = CHANNEL) -> list[Message]:
    """What the bot posted there for all to see, and is still there, oldest first."""
    with talk.slack.state.lock:
        messages = list(talk.slack.state.channels[channel].messages)
    return [one for one in messages if one.by_app and one.to is None and one.subtype != "tombstone"]


def strays(talk: Talk, run_id: int = 1) -> list[str]:
    """The texts of what stands in the channel and isn't (any more) what the bot keeps right: a second copy, say."""
    kept = {one.ts for one in threads.messages(talk.engine, run_id).values()}
    return [one.text for one in posted(talk) if one.ts not in kept and not one.files]


def in_order(talk: Talk, run_id: int = 1) -> bool:
    """Whether the thread reads as it happened: request, plan, steps, end. (A trouble stands where it came.)"""
    told = [one for one in threads.messages(talk.engine, run_id).values() if one.key.startswith(ORDER)]
    kept = [one.key.split("-")[0] for one in sorted(told, key=lambda one: float(one.ts))]
    return kept == sorted(kept, key=ORDER.index)


def ends_well(talk: Talk, patience: float = 40) -> None:
    """The run has succeeded, and its thread says so, each thing once and in order."""
    talk.becomes(RunStatus.SUCCEEDED, patience=patience)
    until(lambda: is_right(talk), "the right thread", patience)
    assert strays(talk) == []
    assert in_order(talk)
    assert "17/17" in threads.messages(talk.engine, 1)["root"].said


def planned(talk: Talk, practice: str = "Lumen Eye") -> Run:
    """Ana has asked, and her plan is there to be read: her run."""
    ana = talk.person()
    before = len(ana.all_seen("The page works once"))
    run = ask(talk, practice=practice)
    if talk.settings.intake == "link":
        until(lambda: len(ana.all_seen("The page works once")) > before, "the link")
        give_password(talk)
    talk.becomes(RunStatus.PLANNED, run.id)
    until(lambda: is_right(talk, run.id), "the plan", 30)
    return talk.run(run.id)


def press(talk: Talk, button: str = "Approve", user: str = "U0BEN") -> None:
    """Somebody presses the newest button of this name."""
    talk.person(user).press(button)


@dataclass
class Held:
    """A walk that waits at a step."""

    here: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Until the walk has come there."""
        assert self.here.wait(20)


def hold(talk: Talk, step: int) -> Held:
    """The walk will wait at this step."""
    held = Held()
    talk.ehr.before[step] = lambda: (held.here.set(), held.go_on.wait(60))
    return held


def delete(talk: Talk, key: str) -> None:
    """Somebody deletes this message of the thread, as an administrator of the workspace may."""
    kept = threads.messages(talk.engine, 1)[key]
    state = talk.slack.state
    with state.lock:
        messages = state.channels[kept.channel].messages
        messages.remove(next(one for one in messages if one.ts == kept.ts))
    state.changed()
