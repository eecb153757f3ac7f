"""What happens to a visit on its way: news over the screen, a lost session or form. A real browser at the stand-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from automation.browser import Browser
from automation.errors import Unavailable
from automation.revolutionehr.address import Address
from automation.revolutionehr.desired import ACCOUNTING, ADMINISTRATION, Wanted
from automation.revolutionehr.pages import user_roles
from automation.revolutionehr.pages.messages import SessionOver
from automation.revolutionehr.plan import make_plan
from automation.revolutionehr.visit import Visit
from automation.screen import Screen
from bench.checks.contender import NoKeep
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr
from storage.models import Credential
from tests.onespot import daily, with_everything

ADMIN = Credential(ADMIN_USERNAME, SecretStr(ADMIN_PASSWORD))


@pytest.mark.browser
@pytest.mark.parametrize("leave", daily([Visit.leave, Visit.leave_anyhow], Visit.leave))
def test_news_that_come_up_again_do_not_keep_anybody_logged_in(
    browser: Browser, leave: Callable[[Visit], None]
) -> None:
    with SandboxEhr("modern", faults=["release-notes-modal"]) as ehr:
        visit = Visit(browser, Address(ehr.url), NoKeep())
        visit.arrive(ADMIN)
        visit.afresh()
        assert any(sight.dialog for sight in visit.screen.look())
        leave(visit)
        assert [one.ended_how for one in ehr.state.sessions] == ["logged out"]


LOCKED_OUT = """
<title>RevolutionEHR</title><h1>Screen locked</h1><input type=password placeholder=Password><button>Unlock</button>
<a style="cursor: pointer">%s</a>
<script>
  const draw = () => {
    if (!sessionStorage.out) return;
    document.body.innerHTML = '<input placeholder=Username><input type=password placeholder=Password>'
      + '<button>Login</button>';
  };
  draw();
  document.querySelector('a')?.addEventListener('click', () => { sessionStorage.out = 1; draw(); });
</script>"""
"""A locked screen, with something else to press on it."""


@pytest.mark.browser
@pytest.mark.parametrize(("offers", "out"), [("Logout", True), ("Log out", True), ("Switch user", False)])
def test_a_locked_screen_is_left_by_the_way_out_that_it_shows(
    browser: Browser, screen: Screen, offers: str, out: bool
) -> None:
    page = LOCKED_OUT % offers
    screen.page.route("**/*", lambda route: route.fulfill(body=page, content_type="text/html"))
    visit = Visit(browser, Address("http://127.0.0.1:9/static/"), NoKeep())
    visit._screen, visit.credential = screen, ADMIN
    visit._reload(2)
    visit.leave_anyhow()
    assert (screen.page.evaluate("sessionStorage.out") == "1") is out


def _fill_the_role(visit: Visit) -> None:
    visit.arrive(ADMIN)
    user_roles.open_list(visit.screen)
    user_roles.start(visit.screen)
    user_roles.set_name(visit.screen)
    for folders in (ACCOUNTING, ADMINISTRATION):
        user_roles.tick(visit.screen, folders)


@pytest.mark.browser
def test_what_ticking_took_with_it_is_found_in_a_closed_folder_and_a_locked_session_is_said(browser: Browser) -> None:
    """General is a permission and a folder, and its box ticks what is below; then the session is locked at the save."""
    with SandboxEhr("legacy", faults=["general-is-a-folder", "session-locks-mid-form"]) as ehr:
        visit = Visit(browser, Address(ehr.url), NoKeep())
        _fill_the_role(visit)
        assert user_roles.ticked_everywhere(visit.screen) == user_roles.wanted_permissions()
        user_roles.save(visit.screen, lambda: None)
        with pytest.raises(SessionOver, match="asks for the password again"):
            user_roles.open_list(visit.screen)
        visit.leave_anyhow()
        assert ehr.state.roles_named("OneSpot") == []


@with_everything
@pytest.mark.browser
def test_a_form_that_went_away_may_be_read_another_time(browser: Browser) -> None:
    with SandboxEhr("modern", faults=["app-reloads-mid-form"]) as ehr:
        with pytest.raises(Unavailable, match="went away"):
            make_plan(browser, Address(ehr.url), ADMIN, Wanted(), NoKeep())
        assert make_plan(browser, Address(ehr.url), ADMIN, Wanted(), NoKeep()).ehr_id == "2915"
        assert {one.ended_how for one in ehr.state.sessions} == {"logged out"}
