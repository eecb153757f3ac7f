"""One-time links through the whole bot: used twice, too late, guessed, previewed, sent on, after the right is gone.

A link works once, for the person and the run that it was made for, for as long as both may.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import httpx
import pytest
from sqlalchemy import Engine, update

from automation.errors import LoginRefused
from sandbox.slack import SandboxSlack
from storage import audit
from storage.database import transaction
from storage.models import OneTimeLink, Purpose, RunStatus, Stage, utcnow
from tests.bot.hostile import planned, press
from tests.bot.talk import ADMIN_PASSWORD, Talk, ask, link_in, open_and_press, set_up, until

OVER = "This link does not work any more"


@pytest.fixture
def asked(talk: Talk) -> tuple[Talk, str]:
    """A run that waits for its password, and the link to give it."""
    ask(talk)
    return talk, link_in(talk.person().sees("The page works once"))


def kept(talk: Talk) -> bool:
    return talk.vault.kept(1, Purpose.ADMINISTRATOR, Stage.PENDING) is not None


def is_over(answer: httpx.Response) -> bool:
    return answer.status_code == 410 and OVER in answer.text and "canary" not in answer.text


def test_a_link_that_was_used_gives_nothing_a_second_time(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    assert open_and_press(url, password=ADMIN_PASSWORD).status_code == 200
    talk.becomes(RunStatus.PLANNED)
    assert is_over(httpx.get(url))
    assert is_over(open_and_press(url, password="another"))
    given = [one.what for one in audit.entries(talk.engine, run_id=1) if one.what == "gave the password"]
    assert len(given) == 1


def test_of_five_who_send_the_form_in_the_same_instant_one_gives_the_password(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    together, answers = Barrier(5), []

    def go() -> None:
        together.wait(5)
        answers.append(open_and_press(url, password=ADMIN_PASSWORD).status_code)

    people = [Thread(target=go) for _ in range(5)]
    for one in people:
        one.start()
    for one in people:
        one.join(10)
    assert sorted(answers) == [200, 410, 410, 410, 410]
    talk.becomes(RunStatus.PLANNED)
    assert [one.what for one in audit.entries(talk.engine, run_id=1)].count("gave the password") == 1


def test_after_the_run_was_cancelled_the_link_takes_nothing(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    press(talk, "Cancel", "U0ANA")
    talk.becomes(RunStatus.CANCELLED)
    assert open_and_press(url, password=ADMIN_PASSWORD).status_code in (409, 410, 422)
    assert not kept(talk)
    assert talk.run().status is RunStatus.CANCELLED


def test_a_form_that_was_open_while_the_run_was_cancelled_takes_nothing(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    with httpx.Client() as browser:
        page = browser.get(url)
        mark = page.text.split('name="form" value="')[1].split('"')[0]
        press(talk, "Cancel", "U0ANA")
        talk.becomes(RunStatus.CANCELLED)
        assert browser.post(url, data={"form": mark, "password": ADMIN_PASSWORD}).status_code in (409, 422)
    assert not kept(talk)


def age(talk: Talk, **ago: float) -> None:
    """All links were made earlier."""
    with transaction(talk.engine) as session:
        session.exec(update(OneTimeLink).values(expires_at=utcnow() - timedelta(**ago)))


def test_after_fifteen_minutes_the_link_is_over_also_for_a_form_that_was_open(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    with httpx.Client() as browser:
        page = browser.get(url)
        mark = page.text.split('name="form" value="')[1].split('"')[0]
        age(talk, seconds=1)
        assert is_over(browser.post(url, data={"form": mark, "password": ADMIN_PASSWORD}))
    assert is_over(httpx.get(url))
    assert not kept(talk)


def test_what_is_guessed_is_answered_like_what_is_over(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    base, _, token = url.rpartition("/")
    guesses = [secrets.token_urlsafe(32), token[:-1], token + "A", token.swapcase(), "%00", "..%2f..", "é", "x" * 5000]
    for guess in guesses:
        answer = httpx.get(f"{base}/{guess}")
        assert answer.status_code in (404, 410), guess
        assert token not in answer.text
    assert httpx.get(url.replace("/secret/", "/reveal/")).status_code == 410
    assert open_and_press(url, password=ADMIN_PASSWORD).status_code == 200
    talk.becomes(RunStatus.PLANNED)


def test_whoever_previews_a_link_uses_nothing_up(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    for verb in ("GET", "HEAD", "GET"):
        answer = httpx.request(verb, url, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    for verb in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert httpx.request(verb, url).status_code == 405
    assert open_and_press(url, password=ADMIN_PASSWORD).status_code == 200
    talk.becomes(RunStatus.PLANNED)


def test_a_post_without_the_cookie_or_from_elsewhere_takes_nothing_and_the_link_still_works(
    asked: tuple[Talk, str],
) -> None:
    talk, url = asked
    mark = httpx.get(url).text.split('name="form" value="')[1].split('"')[0]
    sent = {"form": mark, "password": ADMIN_PASSWORD}
    assert httpx.post(url, data=sent).status_code == 403
    assert httpx.post(url, data=sent, cookies={"onespot-form": "x" * 43}).status_code == 403
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert httpx.post(url, data=sent, cookies={"onespot-form": mark}, headers=elsewhere).status_code == 403
    assert not kept(talk)
    assert open_and_press(url, password=ADMIN_PASSWORD).status_code == 200
    talk.becomes(RunStatus.PLANNED)


def test_a_new_link_ends_the_one_before(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    ana = talk.person()
    ana.press("Enter the administrator's password", ana.sees("Waiting for the administrator's password"))
    until(lambda: len(ana.all_seen("The page works once")) == 2, "the second link")
    assert is_over(httpx.get(url))


def test_nobody_else_sees_a_link(asked: tuple[Talk, str]) -> None:
    talk, _ = asked
    for user in ("U0BEN", "U0CLEO", "U9EVE"):
        assert not talk.person(user).all_seen("The page works once")
        assert "/secret/" not in str(talk.person(user).view())


# --- the way out


def reveal(talk: Talk, user: str) -> str:
    person = talk.person(user)
    person.sees("[Reveal credentials]")
    person.press("Reveal credentials")
    return link_in(person.sees("the page shows them once"))


@pytest.fixture
def succeeded(talk: Talk) -> Talk:
    planned(talk)
    press(talk)
    talk.becomes(RunStatus.SUCCEEDED)
    return talk


def test_a_credential_is_shown_once_and_the_audit_says_to_whom(succeeded: Talk) -> None:
    url = reveal(succeeded, "U0BEN")
    assert "canary" not in httpx.get(url).text
    assert "canary-final" in open_and_press(url).text
    assert is_over(open_and_press(url))
    seen = [one.who for one in audit.entries(succeeded.engine, run_id=1) if one.what == "saw the credentials"]
    assert seen == ["U0BEN"]


def test_a_credential_is_not_shown_by_get_without_the_cookie_or_too_late(succeeded: Talk) -> None:
    url = reveal(succeeded, "U0ANA")
    mark = httpx.get(url).text.split('name="form" value="')[1].split('"')[0]
    assert "canary" not in httpx.post(url, data={"form": mark}).text
    assert "canary" not in httpx.get(f"{url}?form={mark}", cookies={"onespot-form": mark}).text
    age(succeeded, seconds=1)
    assert is_over(open_and_press(url))
    assert "saw the credentials" not in [one.what for one in audit.entries(succeeded.engine, run_id=1)]


def test_another_administrator_in_change_details_of_a_forbidden_plan_can_give_the_password(talk: Talk) -> None:
    talk.ehr.forbidden = "belongs to somebody else"
    planned(talk)
    ana = talk.person()
    ana.press("Change details")
    form = ana.modal("Change details")
    form.fill("Administrator username", "another")
    before = len(ana.all_seen("The page works once"))
    assert form.submit() == {}
    until(lambda: len(ana.all_seen("The page works once")) > before, "the second link")
    talk.ehr.forbidden = None
    assert open_and_press(link_in(ana.all_seen("The page works once")[-1]), password="x").status_code == 200
    until(lambda: talk.ehr.plans == 2, "the second plan")


def test_a_password_that_was_refused_is_asked_for_again_by_a_link_that_works(asked: tuple[Talk, str]) -> None:
    talk, url = asked
    talk.ehr.troubles[0] = [LoginRefused("Refused.", "Wrong password.", "Check it.")]
    assert open_and_press(url, password="wrong").status_code == 200
    talk.becomes(RunStatus.FAILED)
    until(lambda: not kept(talk), "the end of the wrong password")
    press(talk, "Retry", "U0ANA")
    ana = talk.person()
    until(lambda: len(ana.all_seen("The page works once")) == 2, "the second link")
    assert open_and_press(link_in(ana.all_seen("The page works once")[-1]), password="right").status_code == 200
    talk.becomes(RunStatus.PLANNED)


def test_links_that_come_by_direct_message_where_the_bot_is_no_member_work_alike(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    workspace.faults.on("bot-not-invited")
    talk = set_up(workspace, engine, tmp_path, mode="http")
    with talk.bot():
        ask(talk)
        message = talk.person().sees("The page works once")
        assert message.channel == "D0ANA"
        assert open_and_press(link_in(message), password=ADMIN_PASSWORD).status_code == 200
        talk.becomes(RunStatus.PLANNED)
