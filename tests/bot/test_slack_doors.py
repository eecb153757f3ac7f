"""The doors from outside: strangers at each button, command and form, signatures, and odd requests.

Whoever may not is refused in private, and nothing has changed; nothing that was sent comes into a log.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import Engine

from automation.errors import PersonNeeded, Unavailable
from bot.app import client
from bot.approvers import REMEMBERED, Approvers
from bot.modals import DETAILS, PASSWORD, REJECT, REQUEST, Place
from bot.office import Click, sender
from sandbox.slack import SandboxSlack
from storage import runs
from storage.models import Run, RunStatus
from tests.bot import forged
from tests.bot.hostile import planned, press
from tests.bot.talk import ADMIN_PASSWORD, CHANNEL, Talk, set_up, shared, until
from tests.bot.test_weather import EachTheirOwn, is_right

STRANGER = "people of this workspace only"


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot over HTTP, with secrets in modals: everything may be forged."""
    talk = set_up(workspace, engine, tmp_path, mode="http", secret_intake="modal")
    with talk.bot():
        yield talk


@pytest.fixture(scope="module")
def door(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """The same for all who knock in vain."""
    with shared(sqlite_template, tmp_path_factory.mktemp("door"), EachTheirOwn(), secret_intake="modal") as talk:
        yield talk


@pytest.fixture(scope="module")
def standing(door: Talk) -> Callable[[RunStatus], Run]:
    """A run that stands there: nobody who knocks in vain may move it, so it serves them all."""
    there: dict[RunStatus, Run] = {}

    def get(status: RunStatus) -> Run:
        if status not in there:
            there[status] = bring_to(door, status)
        assert door.run(there[status].id) == there[status]
        return there[status]

    return get


def bring_to(talk: Talk, status: RunStatus) -> Run:
    """A run that stands there, of a practice that is named after it."""
    run = planned(talk, f"Lumen Eye {status}")
    ehr = talk.hands.ehrs[run.practice_id].ehr if isinstance(talk.hands, EachTheirOwn) else talk.ehr
    if status is RunStatus.FAILED:
        ehr.troubles[8] = [Unavailable("It failed.", "It was down.", "Wait.")] * 3
    if status is RunStatus.WAITING:
        ehr.troubles[15] = [PersonNeeded("A second factor is asked for.", "", "Enter it.")]
    if status is not RunStatus.PLANNED:
        press(talk)
        talk.becomes(status, run.id)
        until(lambda: is_right(talk, run.id), "the thread")
        forged.rows(talk)
    return talk.run(run.id)


def value_of(run: Run) -> str:
    """What the buttons of its card carry."""
    return f"{run.id}:{run.plan_hash}"


def told(talk: Talk, since: int) -> str:
    return b"\n".join(talk.slack.received[since:]).decode()


# --- strangers, with the id of somebody who may


BUTTONS = [
    ("approve", RunStatus.PLANNED, "U0BEN"),
    ("reject", RunStatus.PLANNED, "U0BEN"),
    ("plan_again", RunStatus.PLANNED, "U0ANA"),
    ("cancel", RunStatus.PLANNED, "U0ANA"),
    ("change_details", RunStatus.PLANNED, "U0ANA"),
    ("retry", RunStatus.FAILED, "U0ANA"),
    ("enter_password", RunStatus.FAILED, "U0ANA"),
    ("continue", RunStatus.WAITING, "U0ANA"),
    ("reveal", RunStatus.SUCCEEDED, "U0BEN"),
    ("check_now", RunStatus.SUCCEEDED, "U0BEN"),
]


@pytest.mark.parametrize(("action", "status", "user"), BUTTONS, ids=[action for action, _, _ in BUTTONS])
def test_a_button_pressed_from_another_workspace_does_nothing(
    door: Talk, standing: Callable[[RunStatus], Run], action: str, status: RunStatus, user: str
) -> None:
    talk, value = door, value_of(standing(status))
    before = forged.rows(talk)
    for team in (forged.OTHERS, None):
        since = len(talk.slack.received)
        assert forged.payload(talk, forged.click(action, value, user, team)).status == 200
        until(lambda since=since: STRANGER in told(talk, since), "a private word")  # type: ignore[misc]
    assert {call.method for call in talk.slack.calls[-1:]} == {"chat.postEphemeral"}
    assert forged.rows(talk) == before
    assert "canary" not in told(talk, 0)


@pytest.mark.parametrize("text", ["", "help", "status", "status Lumen Eye planned", "Lumen Eye planned"])
@pytest.mark.parametrize("name", ["/onespot-provision", "/onespot-check"])
def test_a_command_from_another_workspace_is_told_nothing(
    door: Talk, standing: Callable[[RunStatus], Run], name: str, text: str
) -> None:
    talk, ana = door, door.person()
    standing(RunStatus.PLANNED)
    before, since, heard = forged.rows(talk), len(talk.slack.calls), len(ana.all_seen(STRANGER))
    url = f"{talk.slack.origin}/response/commands/{talk.slack.state.new_answer(CHANNEL, 'U0ANA')}"
    answer = forged.send(talk, forged.command(name, text, "U0ANA", forged.OTHERS, url))
    assert answer.status == 200
    until(lambda: STRANGER in answer.body or len(ana.all_seen(STRANGER)) > heard, "a private word")
    assert "views.open" not in {call.method for call in talk.slack.calls[since:]}
    assert "Lumen" not in answer.body
    assert forged.rows(talk) == before


LOGIN = {"url": "http://elsewhere.example/static/", "administrator": "mallory", "password": "canary-of-mallory"}
FORMS = [
    (REQUEST, RunStatus.PLANNED, "U0ANA", {"practice": "New Practice", **LOGIN}),
    (REJECT, RunStatus.PLANNED, "U0BEN", {"reason": "Because."}),
    (DETAILS, RunStatus.FAILED, "U0ANA", LOGIN),
    pytest.param(
        PASSWORD,
        RunStatus.FAILED,
        "U0ANA",
        {"password": "canary-of-mallory"},
    ),
]


@pytest.mark.parametrize(("callback", "status", "user", "values"), FORMS, ids=[REQUEST, REJECT, DETAILS, PASSWORD])
@pytest.mark.parametrize("team", [forged.OTHERS, None])
def test_a_form_from_another_workspace_is_refused_at_a_field(
    door: Talk,
    standing: Callable[[RunStatus], Run],
    callback: str,
    status: RunStatus,
    user: str,
    values: dict[str, str],
    team: str | None,
) -> None:
    talk, run = door, standing(status)
    before = forged.rows(talk)
    place = Place(CHANNEL, run.id, str(run.plan_hash))
    answer = forged.payload(talk, forged.submission(callback, place, values, user, team))
    assert answer.status == 200
    assert STRANGER in answer.body
    assert forged.rows(talk) == before


OURS, OTHERS = forged.OURS, forged.OTHERS
ORGANISATIONS = [
    ("E0OURS", {"id": OURS, "enterprise_id": "E0OURS"}, OURS),
    ("E0OURS", {"id": OTHERS, "enterprise_id": "E0OURS"}, OTHERS),
    ("E0OTHERS", {"id": OTHERS, "enterprise_id": "E0OTHERS"}, OTHERS),
    ("E0OTHERS", {"id": OURS, "enterprise_id": "E0OURS"}, "E0OTHERS"),
    (OTHERS, {"id": OURS, "enterprise_id": "E0OURS"}, OTHERS),
    ("E0OURS", {"id": OURS}, "E0OURS"),
    ("E0OURS", None, "E0OURS"),
    (None, None, ""),
]


@pytest.mark.parametrize(("of_user", "team", "workspace"), ORGANISATIONS)
def test_an_organisation_counts_as_the_workspace_only_where_it_is_that_workspaces_own(
    of_user: str | None, team: dict[str, str] | None, workspace: str
) -> None:
    body = {"user": {"id": "W1", "team_id": of_user}, "team": team, "enterprise": {"id": "E0OURS", "name": "Ours"}}
    assert sender(body).team == Click.read(body).actor.team == workspace


def test_an_approver_of_an_enterprise_grid_approves(talk: Talk) -> None:
    run = planned(talk)
    what = forged.click("approve", value_of(run), "U0BEN", "E0GRID")
    for org in ("E0ELSE", "E0GRID"):
        assert talk.run(run.id).status is RunStatus.PLANNED
        since = len(talk.slack.received)
        what["team"]["enterprise_id"] = org
        assert forged.payload(talk, what).status == 200
        if org == "E0ELSE":
            until(lambda since=since: STRANGER in told(talk, since), "a private word")  # type: ignore[misc]
    talk.becomes(RunStatus.SUCCEEDED)


@pytest.mark.parametrize(
    "value",
    ["", "0", "999", "1e3", "x", "-1", "RUN:" + "f" * 64, "²", "1" * 400],
)
def test_a_button_with_a_value_that_is_no_runs_is_a_private_note(
    door: Talk, standing: Callable[[RunStatus], Run], value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    talk, value = door, value.replace("RUN", str(standing(RunStatus.PLANNED).id))
    before, since = forged.rows(talk), len(talk.slack.calls)
    assert forged.payload(talk, forged.click("approve", value, "U0BEN", forged.OURS)).status == 200
    until(lambda: "chat.postEphemeral" in {call.method for call in talk.slack.calls[since:]}, "a private word")
    assert forged.rows(talk) == before
    assert "listener failed" not in capsys.readouterr().out


# --- who was an approver once


def test_members_of_a_group_that_was_deleted_are_no_approvers_once_it_is_asked_again(workspace: SandboxSlack) -> None:
    now = [0.0]
    approvers = Approvers("S0LEADS", client(workspace.bot_token, workspace.api_url), lambda: now[0])
    assert approvers.now() == {"U0BEN"}
    del workspace.state.usergroups["S0LEADS"]
    now[0] += REMEMBERED + 1
    assert approvers.now() == set()


def test_a_group_that_was_never_read_is_known_to_be_unread_until_it_is(workspace: SandboxSlack) -> None:
    approvers = Approvers("S0LEADS", client(workspace.bot_token, workspace.api_url))
    workspace.faults.on("http-500")
    assert (approvers.now(), approvers.unread()) == (set(), "http 500")
    workspace.faults.off("http-500")
    assert (approvers.now(), approvers.unread()) == ({"U0BEN"}, "")


def test_while_slack_is_away_the_group_is_as_it_was(workspace: SandboxSlack) -> None:
    now = [0.0]
    approvers = Approvers("S0LEADS", client(workspace.bot_token, workspace.api_url), lambda: now[0])
    assert approvers.now() == {"U0BEN"}
    workspace.faults.on("http-500")
    now[0] += REMEMBERED + 1
    assert approvers.now() == {"U0BEN"}


def test_a_reason_that_is_sent_after_the_bot_started_anew_still_counts(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", secret_intake="modal")
    with talk.bot():
        planned(talk)
        press(talk, "Reject")
        form = talk.person("U0BEN").modal("Reject the plan")
        form.fill("Reason", "Wrong practice")
    with talk.bot():
        assert form.submit() == {}
    assert talk.run().status is RunStatus.REJECTED


# --- signatures and odd requests


SECRET_BODY = urlencode({"command": "/onespot-provision", "text": ADMIN_PASSWORD, "user_id": "U0ANA"}).encode()


def test_what_is_not_signed_by_slack_in_the_last_five_minutes_is_refused_and_in_no_log(
    talk: Talk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    before, calls = forged.rows(talk), len(talk.slack.calls)
    right = forged.signed(talk, SECRET_BODY)
    headers = [
        {},
        {"X_Slack_Signature": right["X_Slack_Signature"]},
        {"X_Slack_Request_Timestamp": right["X_Slack_Request_Timestamp"]},
        {**right, "X_Slack_Signature": "v0=" + "0" * 64},
        {**right, "X_Slack_Signature": right["X_Slack_Signature"].replace("v0=", "v1=")},
        {**right, "X_Slack_Signature": ""},
        {**right, "X_Slack_Request_Timestamp": str(int(time.time()) + 1)},
        forged.signed(talk, SECRET_BODY, ago=301),
        forged.signed(talk, SECRET_BODY, ago=600),
        forged.signed(talk, SECRET_BODY, ago=-600),
        forged.signed(talk, SECRET_BODY, secret="0" * 32),
        forged.signed(talk, SECRET_BODY + b" "),
    ]
    statuses = []
    for one in headers:
        for kind in (forged.FORM, "text/plain", None):
            statuses.append(forged.knock(talk, SECRET_BODY, kind, **one).status)
    assert set(statuses) == {401}
    assert forged.rows(talk) == before
    assert len(talk.slack.calls) == calls
    said = capsys.readouterr()
    for text in (caplog.text, said.out, said.err):
        assert ADMIN_PASSWORD not in text
        assert talk.slack.signing_secret not in text
        assert talk.slack.bot_token not in text


@pytest.mark.parametrize(
    ("body", "kind", "headers"),
    [
        (SECRET_BODY, forged.JSON, {}),
        (b"{", forged.FORM, {}),
        (b"payload=x", forged.FORM, {}),
        (SECRET_BODY, forged.FORM, {"X_Slack_Signature": "v0=\xe9"}),
        (SECRET_BODY, forged.FORM, {"X_Slack_Request_Timestamp": "soon"}),
    ],
    ids=["no JSON", "half a JSON", "no payload", "a letter", "no number"],
)
def test_an_unsigned_body_is_not_even_read(door: Talk, body: bytes, kind: str, headers: dict[str, str]) -> None:
    wrong = {**forged.signed(door, body, secret="0" * 32), **headers}
    assert forged.knock(door, body, kind, **wrong).status == 401


def test_a_click_that_is_replayed_counts_once(talk: Talk) -> None:
    value = value_of(bring_to(talk, RunStatus.PLANNED))
    body = urlencode({"payload": json.dumps(forged.click("approve", value, "U0BEN", forged.OURS))}).encode()
    headers = forged.signed(talk, body)
    for _ in range(3):
        assert forged.knock(talk, body, **headers).status == 200
    talk.becomes(RunStatus.SUCCEEDED)
    assert forged.knock(talk, body, **headers).status == 200
    assert len(runs.approvals(talk.engine, 1)) == 1
    assert talk.ehr.logins == 1


def test_more_than_slack_sends_is_413_signed_or_not(door: Talk) -> None:
    body = b"payload=" + b"x" * (1024 * 1024)
    assert forged.knock(door, body).status == 413
    assert forged.send(door, body).status == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        *[(forged.FORM, body) for body in (b"", b"null", b"[]", b'"x"', b"\xff\xfe", b"a=1")],
        *[("text/plain", body) for body in (b"", b"a=1")],
        *[(forged.FORM, body) for body in (b"{", b"payload=null", b"payload=[]", b"payload={")],
        *[(forged.JSON, body) for body in (b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"a=1")],
    ],
)
def test_signed_nonsense_is_answered_and_stops_nothing(door: Talk, kind: str, body: bytes) -> None:
    assert 400 <= forged.send(door, body, kind).status < 500


def test_a_command_without_a_workspace_is_a_strangers(talk: Talk) -> None:
    form = {"text": "", "user_id": "U0ANA", "channel_id": CHANNEL, "trigger_id": "1.2.x"}
    asked = forged.send(talk, urlencode({"command": "/onespot-provision", **form}).encode())
    assert (asked.status, STRANGER in asked.body) == (200, True)
    assert forged.send(talk, urlencode({"command": "/onespot-check", **form}).encode()).status == 200
    talk.person().sees(STRANGER)


@pytest.mark.parametrize("answers", ["http://127.0.0.1:9/response", ""])
@pytest.mark.parametrize("command", ["/onespot-provision status", "/onespot-check"])
def test_a_command_whose_answers_go_nowhere_is_answered_by_a_private_note(
    talk: Talk, command: str, answers: str
) -> None:
    name, _, text = command.partition(" ")
    assert forged.send(talk, forged.command(name, text, "U0ANA", forged.OURS, answers)).status == 200
    said = {"/onespot-provision status": "There is no run yet", "/onespot-check": "No account was checked yet"}
    talk.person().sees(said[command])


def test_the_address_is_verified_with_slacks_challenge(door: Talk) -> None:
    assert door.slack.verify()
    answer = forged.send(door, b'{"type": "url_verification", "challenge": "c-1"}', forged.JSON)
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "c-1"})


def test_only_post_gets_in(door: Talk) -> None:
    url = f"http://127.0.0.1:{door.settings.port}/slack/events"
    for verb in ("GET", "PUT", "DELETE", "HEAD"):
        assert httpx.request(verb, url).status_code == 405
