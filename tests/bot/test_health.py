"""Health in the stand-in workspace: from a check that fails to an alert, its buttons, the command and the Home tab."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from automation.revolutionehr.check import Checked
from sandbox.slack import SandboxSlack
from sandbox.slack.seen import Seen
from storage import audit, health, practices, runs
from storage.models import CheckOutcome, Drift, DriftGrade, RunStatus, Verb, utcnow
from tests.bot.accounts import Accounts, named
from tests.bot.talk import Talk, ask, give_password, set_up, until

CHANNEL, HEALTH = "C0ONBOARD", "C0HEALTH"
C = CheckOutcome
NORTH = Drift(DriftGrade.MISSING, "location is not ticked")
DRIFT = Checked(C.DRIFT, "The login works, but a location is not ticked.", (NORTH,))
HEALTHY = Checked(C.HEALTHY, "All is well.", ())


@pytest.fixture
def talk(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> Iterator[Talk]:
    """The bot with a channel for health."""
    talk = set_up(workspace, engine, tmp_path, mode="http", onespot_channel=HEALTH)
    with talk.bot():
        yield talk


def provisioned(talk: Talk) -> None:
    """Ana asked for Lumen Eye's account, Ben approved, and it works."""
    ask(talk)
    give_password(talk)
    talk.becomes(RunStatus.PLANNED)
    talk.person("U0BEN").press("Approve")
    talk.becomes(RunStatus.SUCCEEDED)


def alerted(talk: Talk) -> Seen:
    """A check has found a drift, and the channel has an alert."""
    provisioned(talk)
    talk.ehr.check_says = DRIFT
    talk.person().command("/onespot-check Lumen Eye", CHANNEL)
    return talk.person().sees("Lumen Eye: drift", channel=HEALTH)


def test_what_a_check_finds_is_told_to_whoever_asked_and_to_nobody_else(talk: Talk) -> None:
    provisioned(talk)
    talk.ehr.check_says = DRIFT
    cleo = talk.person("U0CLEO")
    cleo.command("/onespot-check lumen eye", CHANNEL)
    cleo.sees("Looking at the account of Lumen Eye now: what is found comes here, for you alone.")
    cleo.sees("Lumen Eye: 🔴 drift")
    talk.person("U0BEN").sees_not("Lumen Eye: 🔴 drift")


def row_count(talk: Talk) -> int:
    return len(health.standings(talk.engine))


def test_a_run_that_succeeded_gives_its_practice_a_row(talk: Talk) -> None:
    provisioned(talk)
    (row, practice) = until(lambda: health.standings(talk.engine), "the row")[0]
    assert practice.name == "Lumen Eye"
    assert row.due_at is not None
    assert utcnow() < row.due_at < utcnow() + timedelta(days=2)


def test_a_drift_is_an_alert_and_check_again_its_recovery(talk: Talk) -> None:
    alert = alerted(talk)
    assert alert.buttons == ["Check again", "Rotate password", "Repair", "Snooze"]
    assert "a location is not ticked" in alert.text
    talk.ehr.check_says = HEALTHY
    cleo = talk.person("U0CLEO")  # anybody of the workspace may
    cleo.press("Check again", message=alert)
    cleo.sees("what is found will stand here")
    cleo.sees("🟢 Lumen Eye: works again", channel=HEALTH)
    cleo.sees_not("🔴 Lumen Eye: drift")
    assert ("U0CLEO", "asked for a check") in [(entry.who, entry.what) for entry in audit.entries(talk.engine)]


def test_a_check_that_finds_the_same_shows_when_it_looked(talk: Talk) -> None:
    alert = alerted(talk)
    until(lambda: health.standings(talk.engine)[0][0].told, "the alert's row")
    talk.person().press("Check again", message=alert)
    until(lambda: health.standings(talk.engine)[0][0].alike == 2, "the second check")
    assert [one.ts for one in talk.person().all_seen("🔴 Lumen Eye: drift")] == [alert.ts]


@pytest.mark.parametrize("user", ["U0ANA", "U0BEN"])
def test_who_asked_for_it_and_approvers_may_snooze(talk: Talk, user: str) -> None:
    alert = alerted(talk)
    somebody = talk.person(user)
    somebody.press("Snooze", message=alert)
    somebody.sees("Nothing is said about Lumen Eye until")
    somebody.sees("💤 snoozed until")
    until_ = health.standings(talk.engine)[0][0].snoozed_until
    assert until_ is not None
    assert timedelta(hours=23) < until_ - utcnow() < timedelta(hours=25)


def test_others_may_not_snooze_and_strangers_nothing(talk: Talk) -> None:
    alert = alerted(talk)
    cleo, eve = talk.person("U0CLEO"), talk.person("U9EVE")
    cleo.press("Snooze", message=alert)
    cleo.sees("Only the person who asked for this account, or an approver, may do this.")
    eve.press("Check again", message=alert)
    eve.sees("people of this workspace only")
    assert health.standings(talk.engine)[0][0].snoozed_until is None


def test_a_button_of_an_alert_that_is_over_is_a_private_note(talk: Talk) -> None:
    alert = alerted(talk)
    talk.ehr.check_says = HEALTHY
    talk.person().press("Check again", message=alert)
    talk.person().sees("🟢 Lumen Eye: works again", channel=HEALTH)
    talk.person().press("Check again", message=alert)
    talk.person().sees("Nothing was done: none of this fails any more")


def test_check_again_of_an_incident_makes_all_of_it_due(talk: Talk, engine: Engine) -> None:
    accounts = Accounts(engine, utcnow())
    made = accounts.make(*named(12))
    accounts.find_all(made, C.LOGIN_REFUSED)
    alert = talk.person().sees("12 practices: login refused", channel=HEALTH)
    talk.person().press("Check again", message=alert)
    talk.person().sees("12 practices are looked at again")
    assert all(row.due_at is not None and row.due_at <= utcnow() for row, _ in health.standings(engine))


def test_the_command_and_the_home_tab_say_how_accounts_stand(talk: Talk, engine: Engine) -> None:
    ana = talk.person()
    ana.command("/onespot-check", CHANNEL)
    ana.sees("No account was checked yet.")
    accounts = Accounts(engine, utcnow())
    made = accounts.make(*named(14))
    accounts.find_all(made[:3], C.DRIFT)
    accounts.find_all(made[3:13], C.HEALTHY)
    ana.command("/onespot-check", CHANNEL)
    said = ana.sees("1 not checked yet.").text.splitlines()
    assert [line.split(" ")[1] for line in said[:4]] == ["drift", "drift", "drift", "healthy"]
    assert said[-2] == "… and 3 more; 3 of 13 fail."
    assert "Practice 0002 · drift · It is: drift · " in ana.home()


def test_the_command_reads_two_thousand_accounts_with_one_select(engine: Engine, talk: Talk) -> None:
    accounts = Accounts(engine, utcnow())
    accounts.find_all(accounts.make(*named(60)), C.HEALTHY)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    talk.person().command("/onespot-check", CHANNEL)
    talk.person().sees("… and 50 more; 0 of 60 fail.")
    assert sum("account_health" in one and "ORDER BY practice" in one and "LEFT" not in one for one in asked) == 1


def test_without_a_channel_nothing_is_said(workspace: SandboxSlack, engine: Engine, tmp_path: Path) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http")
    with talk.bot():
        provisioned(talk)
        talk.ehr.check_says = DRIFT
        talk.person().command("/onespot-check Lumen Eye", CHANNEL)
        until(lambda: any(row.outcome is C.DRIFT for row, _ in health.standings(engine)), "the check")
    assert talk.person().messages(HEALTH) == []


def test_what_is_due_at_the_start_is_looked_at_once_and_what_slack_missed_is_said(
    workspace: SandboxSlack, engine: Engine, tmp_path: Path
) -> None:
    talk = set_up(workspace, engine, tmp_path, mode="http", onespot_channel=HEALTH)
    with talk.bot():
        provisioned(talk)
        practice = practices.find(engine, "Lumen Eye")
        assert practice is not None
        until(lambda: health.standing(engine, practice.id), "the row")
    health.due_at_once(engine, [practice.id], now=utcnow() - timedelta(hours=5))
    talk.ehr.check_says = DRIFT
    with talk.bot():
        talk.person().sees("Lumen Eye: drift", channel=HEALTH)
    row = health.standing(engine, practice.id)
    assert row is not None
    assert (row.alike, row.due_at is not None and row.due_at > utcnow()) == (1, True)


# --- repair, retire, mute


@pytest.mark.parametrize("way", ["the button", "the command"])
def test_a_repair_is_asked_for_with_the_form_filled(talk: Talk, way: str) -> None:
    alert = alerted(talk)
    cleo = talk.person("U0CLEO")  # anybody of the workspace may: its plan needs an approver's yes
    if way == "the button":
        cleo.press("Repair", message=alert)
    else:
        cleo.command("/onespot-provision repair lumen eye", HEALTH)
    form = cleo.modal("Repair OneSpot")
    assert "Lumen Eye" in form.text
    assert form.submit() == {}
    run = until(lambda: runs.unfinished(talk.engine, 1), "the run")
    facts = (run.verb, run.requested_by, run.channel, run.administrator)
    assert facts == (Verb.REPAIR, "U0CLEO", HEALTH, "mhalloran")


def test_a_retirement_is_asked_for_by_command(talk: Talk) -> None:
    provisioned(talk)
    ana = talk.person()
    ana.command("/onespot-provision retire Lumen Eye", CHANNEL)
    assert ana.modal("Retire OneSpot").submit() == {}
    assert until(lambda: runs.unfinished(talk.engine, 1), "the run").verb == Verb.RETIRE


def test_help_is_given_behind_either_command(talk: Talk) -> None:
    for number, command in enumerate(("/onespot-provision help", "/onespot-check HELP"), 1):
        talk.person().command(command, CHANNEL)
        until(lambda number=number: len(talk.person().all_seen("opens the form")) == number, "the help")  # type: ignore[misc]


@pytest.mark.parametrize("name", ['"Lumen Eye"', "“lumen eye”", "'Lumen Eye'", "« Lumen Eye »"])
def test_a_name_in_quotes_is_the_name_without_them(talk: Talk, name: str) -> None:
    ask(talk)
    talk.person().command(f"/onespot-provision status {name}", CHANNEL)
    talk.person().sees("Lumen Eye: no account yet")
    talk.person().command(f"/onespot-check {name}", CHANNEL)
    talk.person().sees("Lumen Eye has no account yet")


@pytest.mark.parametrize("verb", ["provision repair", "provision RETIRE", "check mute", "check unmute"])
def test_what_needs_a_practice_asks_which(talk: Talk, verb: str) -> None:
    talk.person().command(f"/onespot-{verb}", CHANNEL)
    talk.person().sees(f"Say which practice: /onespot-{verb.lower()} PRACTICE.")


def test_nobody_retires_a_practice_that_is_not_known(talk: Talk) -> None:
    provisioned(talk)
    talk.person().command("/onespot-provision retire Lumen Eyes", CHANNEL)
    talk.person().sees("There is no practice named “Lumen Eyes”. Did you mean Lumen Eye?")


def test_a_practice_with_an_unfinished_run_is_not_repaired_at_the_same_time(talk: Talk) -> None:
    provisioned(talk)
    ask(talk)
    talk.person().command("/onespot-provision repair Lumen Eye", CHANNEL)
    assert "has an unfinished run" in str(talk.person().modal("Repair OneSpot").submit())


def test_who_may_mutes_a_practice_and_unmutes_it(talk: Talk) -> None:
    provisioned(talk)
    until(lambda: health.standings(talk.engine), "the row")
    cleo, ben = talk.person("U0CLEO"), talk.person("U0BEN")
    cleo.command("/onespot-check mute Lumen Eye", CHANNEL)
    cleo.sees("Only the person who asked for this account, or an approver, may do this.")
    ben.command("/onespot-check mute lumen eye", CHANNEL)
    ben.sees("is muted: no alerts about it")
    talk.ehr.check_says = DRIFT
    ben.command("/onespot-check Lumen Eye", CHANNEL)
    until(lambda: health.standings(talk.engine)[0][0].outcome is C.DRIFT, "the check")
    ben.sees_not("Lumen Eye: drift")
    ben.command("/onespot-check unmute Lumen Eye", CHANNEL)
    ben.sees("Lumen Eye: drift", channel=HEALTH)
    assert ("U0BEN", "muted") in [(entry.who, entry.what) for entry in audit.entries(talk.engine)]
