"""Texts from outside in everything that the bot says: they arrive, mention nobody, format nothing, fit Slack's limits.

Practice names, notes, reasons, and an EHR's own words; with mentions, marks, 10,000 letters, other scripts, odd ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from automation.errors import Unavailable
from sandbox.slack import SandboxSlack
from sandbox.slack.seen import Seen
from sandbox.slack.state import Message
from storage import runs, threads
from storage.models import Change, ChangeKind, Plan, Run, RunStatus
from tests.bot import forged
from tests.bot.hostile import planned, posted, press
from tests.bot.talk import CHANNEL, Talk, give_password, set_up, shared, until
from tests.bot.test_weather import EachTheirOwn, is_right
from tests.bot.tiny import TinyHands
from tests.onespot import daily

NASTY = {
    "mentions": "<!channel> <@U0BEN> <!subteam^S0LEADS> <#C0HEALTH> <https://x.example|here>",
    "marks": "*b* _i_ ~s~ `c` ```code``` > quote\n> quote\n• - 1.",
    "entities": "&lt;!channel&gt; &amp; & < > &#60;!here&#62;",
    "long": "Long name " * 1000,
    "one long word": "w" * 10_000,
    "ampersands": "&" * 10_000,
    "emoji": "🦉👩‍⚕️:rotating_light: 👍🏽",
    "right to left": "עין \u202eטובה\u202c \u200f العين",
    "newlines": "one\r\ntwo\n\n\nthree\u2028four\tfive",
    "null": "a\x00b\x07c\x1b[31md\ufeff\u200b",
    "dates": "<!date^0^{date}|x> <!here|here>",
    "surrogate": "half \\ud83d",
    "template": "{{7*7}} ${7*7} %s %(x)s {0} </script><script>alert(1)</script>",
}


@pytest.fixture(scope="module")
def room(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """One bot that says them all, each in a thread of its own."""
    with shared(sqlite_template, tmp_path_factory.mktemp("room"), EachTheirOwn()) as talk:
        yield talk


@pytest.fixture(scope="module")
def ward(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """One bot whose EHRs fail, each in words of its own."""
    hands = EachTheirOwn()
    with shared(sqlite_template, tmp_path_factory.mktemp("ward"), hands, secret_intake="modal") as talk:
        yield talk


def ask_with(talk: Talk, practice: str = "Lumen Eye", notes: str = "") -> Run:
    """The form as somebody's own client may send it: no length is checked on its way."""
    ana, before = talk.person(), newest(talk)
    ana.command("/onespot-provision", CHANNEL)
    form = ana.modal("Provision OneSpot")
    form.fill("Practice name", practice)
    form.fill("Administrator username", "mhalloran")
    form.fill("Notes", notes)
    refused = form.submit()
    assert refused == {}, refused
    until(lambda: newest(talk) > before, "the run")
    run = talk.run(newest(talk))
    until(lambda: is_right(talk, run.id), "the request")
    return run


def newest(talk: Talk) -> int:
    """The number of the newest run; 0 before the first."""
    return max((run.id for run, _ in runs.latest(talk.engine)), default=0)


def shown(talk: Talk) -> list[Message]:
    return posted(talk) + [one for one in talk.slack.state.channels[CHANNEL].messages if one.to]


MEANT = ("<!channel", "<!here", "<!everyone", "<#C0HEALTH", "<https://x", "<!date^0")


@dataclass(frozen=True)
class Since:
    """What had been said and called before."""

    messages: frozenset[str]
    calls: int

    @classmethod
    def now(cls, talk: Talk) -> Since:
        return cls(frozenset(one.ts for one in shown(talk)), len(talk.slack.calls))


def speaks_plainly(talk: Talk, since: Since) -> None:
    """No live mention, link or mark of a stranger's is in any message since then; each was accepted by Slack."""
    new = [one for one in shown(talk) if one.ts not in since.messages]
    assert new
    for one in new:
        told = json.dumps([one.text, _mrkdwn(one.blocks)], ensure_ascii=False)
        for live in MEANT:
            assert live not in told
        assert "*b*" not in told
        assert "`c`" not in told
        assert "\x00" not in told
    refused = {call.outcome for call in talk.slack.calls[since.calls :]} - {"ok", "http 200"}
    assert refused == set()


def _mrkdwn(thing: object) -> list[str]:
    """The texts that Slack formats."""
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            return [str(thing["text"])]
        return [text for value in thing.values() for text in _mrkdwn(value)]
    return [text for one in thing for text in _mrkdwn(one)] if isinstance(thing, list) else []


@pytest.mark.parametrize("kind", daily(NASTY, "mentions", "ampersands", "right to left", "null", "template"))
def test_a_name_notes_and_a_reason_are_said_as_they_are(room: Talk, kind: str) -> None:
    talk, text, since = room, NASTY[kind], Since.now(room)
    run = ask_with(talk, text[:100], text[:500])
    give_password(talk)
    talk.becomes(RunStatus.PLANNED, run.id)
    until(lambda: is_right(talk, run.id), "the plan")
    press(talk, "Reject")
    form = talk.person("U0BEN").modal("Reject the plan")
    form.fill("Reason", text[:500])
    assert form.submit() == {}
    talk.becomes(RunStatus.REJECTED, run.id)
    until(lambda: is_right(talk, run.id), "the end")
    talk.person("U0BEN").home()
    talk.person().command("/onespot-provision status", CHANNEL)
    talk.person().command(f"/onespot-provision status {' '.join(text[:100].split())}", CHANNEL)
    speaks_plainly(talk, since)


@pytest.mark.parametrize("kind", daily(NASTY, "mentions", "marks", "long", "one long word", "surrogate"))
def test_an_ehrs_own_words_are_said_as_they_are_and_what_to_do_is_never_lost(ward: Talk, kind: str) -> None:
    talk, text, since = ward, NASTY[kind], Since.now(ward)
    run = planned(talk, f"Practice with {kind}")
    failure = Unavailable(f"It said: {text}", f"Meaning: {text}", f"Ring them. {text}")
    talk.hands.ehrs[run.practice_id].ehr.troubles[8] = [failure] * 3  # type: ignore[attr-defined]
    press(talk)
    talk.becomes(RunStatus.FAILED, run.id)
    card = until(lambda: what_happened(talk, run), "what happened")[-1]
    assert "Ring them." in card.text
    assert "[Retry]" in card.text
    speaks_plainly(talk, since)


def what_happened(talk: Talk, run: Run) -> list[Seen]:
    """The messages of this run's thread that say it."""
    root = threads.messages(talk.engine, run.id)["root"].ts
    return [one for one in talk.person().all_seen("What happened") if root in (one.ts, one.thread_ts)]


COMMANDS = [
    (name, kind) for name in ("/onespot-provision status", "/onespot-provision", "/onespot-check") for kind in NASTY
]


@pytest.mark.parametrize(("name", "kind"), COMMANDS)
def test_a_commands_words_are_said_as_they_are(room: Talk, name: str, kind: str) -> None:
    talk, since = room, Since.now(room)
    text = " ".join(NASTY[kind].replace("\x00", "").split())
    url = f"{talk.slack.origin}/response/commands/{talk.slack.state.new_answer(CHANNEL, 'U0ANA')}"
    command, _, rest = name.partition(" ")
    body = forged.command(command, f"{rest} {text}".strip(), "U0ANA", forged.OURS, url)
    assert forged.send(talk, body).status == 200
    if name != "/onespot-provision":
        calls = until(lambda: [c for c in talk.slack.calls[since.calls :] if c.method == "response_url"], "an answer")
        assert calls[-1].outcome == "ok"
        speaks_plainly(talk, since)


class ManyHands(TinyHands):
    """Hands whose plan has many changes with long words."""

    def make_plan(self, *given: object, adopt: bool) -> Plan:
        changes = tuple(Change(ChangeKind.CREATE, f"Permission {n} " + "x" * 100, "y" * 200) for n in range(60))
        return Plan("2915", "OneSpot2915", "Main", ("Main", "North"), changes)


def test_a_plan_with_very_many_changes_can_still_be_approved(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http")
    talk.hands = ManyHands()
    with talk.bot():
        planned(talk)
        assert "[Approve]" in talk.person("U0BEN").sees("Plan for").text
