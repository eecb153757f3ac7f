"""The way to a profile's password in pages that other people drew: by words, and never past them."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from automation.errors import PasswordRefused, ScreenChanged, Unavailable
from automation.revolutionehr.pages import profile
from tests.automation.conftest import Show
from tests.onespot import only_with_everything, with_everything

USERNAME = "OneSpot2915"
FORMER, NEW = SecretStr("Former-Word-8822"), SecretStr("New-Word-4711")

_TOGGLE = """<script>
  const pressed = [];
  const said = () => document.querySelector('[data-as=pressed]');
  const note = (name) => { pressed.push(name); said().textContent = pressed.join(' '); };
  const show = (id) => { note(id); document.getElementById(id).hidden = false; };
</script><p data-as="pressed" style="position:fixed;bottom:0">-</p>"""
_FIELDS = """
  <label for="a">Current password</label><input id="a" type="password" data-as="current">
  <label for="b">New password</label><input id="b" type="password" data-as="new">
  <label for="c">Confirm new password</label><input id="c" type="password" data-as="confirm">"""

ICON_MENU = f"""
<header style="height:60px;display:flex;justify-content:space-between">
  <a onclick="note('users')"><i class="fa fa-users">&#9786;</i></a>
  <nav><button aria-label="User menu" onclick="show('menu')"><svg width="20" height="20"></svg></button>
  <button onclick="note('power')"><i class="fa fa-power-off"></i></button></nav></header>
<ul id="menu" role="menu" hidden><li role="menuitem" tabindex="0" onclick="note('lock')">Lock</li>
  <li role="menuitem" tabindex="0" onclick="show('form')">Change Password</li></ul>
<form id="form" hidden onsubmit="return false">{_FIELDS}
  <button type="button" onclick="note('sent')">Save</button></form>"""

NAME_MENU = """
<header style="height:60px;text-align:right"><a role="button" tabindex="0" onclick="show('menu')">OneSpot, Sync</a>
  <a role="button" tabindex="0" onclick="note('place')">OneSpot Eye Care</a></header>
<div id="menu" hidden><a role="button" tabindex="0" onclick="note('lock')">Lock</a>
  <a role="button" tabindex="0" onclick="show('page')">My Profile</a></div>
<main id="page" hidden><h2>My Profile</h2><button type="button" onclick="note('save')">Save</button>
  <div role="tablist"><span role="tab" tabindex="0" onclick="note('details')">Details</span>
    <span role="tab" tabindex="0" onclick="show('form')">Security</span></div>
  <div id="form" hidden><input type="password" placeholder="Old password" data-as="current">
    <input type="password" placeholder="New password" data-as="new">
    <input type="password" placeholder="Re-type new password" data-as="confirm">
    <button type="button" onclick="note('sent')">Update password</button></div></main>"""

FOLDED = f"""
<header style="height:60px"><a role="button" tabindex="0" onclick="show('menu')">Sync OneSpot</a></header>
<div id="menu" hidden><a role="button" tabindex="0" onclick="show('page')">Edit Profile</a></div>
<main id="page" hidden><button type="button" onclick="show('form')">Change Password</button>
  <div id="form" hidden>{_FIELDS}<button type="button" onclick="note('cancelled')">Cancel</button>
  <button type="button" onclick="note('sent')">Save</button></div></main>"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "way"),
    [
        only_with_everything(ICON_MENU, "menu form"),
        (NAME_MENU, "menu page form"),
        only_with_everything(FOLDED, "menu page form"),
    ],
)
def test_the_form_is_found_filled_and_sent_once(show: Show, page: str, way: str) -> None:
    shown, sent = show(page + _TOGGLE), []
    assert profile.open_form(shown.screen, USERNAME)
    profile.change(shown.screen, FORMER, NEW, lambda: sent.append(shown.truth()["pressed"]))
    truth = shown.truth()
    assert (sent, truth["pressed"]) == ([way], f"{way} sent")
    assert (truth["current"], truth["new"], truth["confirm"]) == ("Former-Word-8822", "New-Word-4711", "New-Word-4711")


NO_FORM = """
<header style="height:60px"><a role="button" tabindex="0" onclick="show('menu')">Sync OneSpot</a></header>
<div id="menu" hidden><a role="button" tabindex="0" onclick="show('page')">Edit Profile</a>
  <a role="button" tabindex="0" onclick="note('lock')">Lock</a></div>
<main id="page" hidden><label>Name <input value="Sync OneSpot"></label>
  <button onclick="note('save')">Save</button></main>"""
NO_MENU = """<header style="height:60px"><a role="button" tabindex="0" onclick="note('users')">Users</a>
  <button onclick="note('lock')"><i class="fa fa-user-lock">&#9786;</i></button>
  <a role="button" tabindex="0" onclick="note('place')">OneSpot Eye Care</a></header>"""
UNTOLD = """
<header style="height:60px"><a role="button" tabindex="0" onclick="show('page')">Edit Profile</a></header>
<main id="page" hidden><input type="password"><input type="password">
  <button onclick="note('save')">Save</button></main>"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "pressed"),
    [only_with_everything(NO_FORM, "menu page"), (NO_MENU, "-"), only_with_everything(UNTOLD, "page")],
)
def test_where_no_words_lead_there_nothing_is_tried(show: Show, page: str, pressed: str) -> None:
    shown = show(page + _TOGGLE)
    assert not profile.open_form(shown.screen, USERNAME)
    assert shown.truth()["pressed"] == pressed


def _answers(words: str, kind: str = "alert alert-danger") -> str:
    said = f"""<div id="said" class="{kind}" role="alert" hidden>{words}</div>"""
    return f"""<form onsubmit="return false">{_FIELDS}{said}
      <button type="button" onclick="document.getElementById('said').hidden = false">Change password</button></form>"""


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Password must contain at least one digit.", PasswordRefused),
        ("You may not reuse one of your last 4 passwords.", PasswordRefused),
        ("This password has expired in our list of common words; choose another password.", PasswordRefused),
        ("The current password you entered is incorrect.", ScreenChanged),
        ("Your old password does not match our records.", ScreenChanged),
        ("An unexpected error has occurred. Please contact support.", Unavailable),
        ("Something went wrong while your password was updated. Try again later.", Unavailable),
        ("Talk to Brenda first.", ScreenChanged),
    ],
)
def test_what_is_said_against_it_is_told_apart(words: str, error: type[Exception]) -> None:
    told = profile._refused(words)
    assert type(told) is error
    assert words in str(told)


@pytest.mark.browser
def test_what_stands_there_afterwards_is_quoted(show: Show) -> None:
    shown = show(_answers("Password must contain at least one digit."))
    with pytest.raises(PasswordRefused, match="at least one digit"):
        profile.change(shown.screen, FORMER, NEW, lambda: None)


@pytest.mark.browser
def test_good_news_are_no_refusal(show: Show) -> None:
    shown = show(_answers("Your password has been changed.", "alert alert-success"))
    profile.change(shown.screen, FORMER, NEW, lambda: None)


@pytest.mark.browser
@with_everything
def test_without_a_button_nothing_is_sent(show: Show) -> None:
    shown, sent = show(f"<form>{_FIELDS}</form><button>Cancel</button>"), []
    with pytest.raises(ScreenChanged, match="no button"):
        profile.change(shown.screen, FORMER, NEW, lambda: sent.append(1))
    assert sent == []


@pytest.mark.parametrize(
    "words", ["Sync OneSpot", "ONESPOT, Sync", "OneSpot2915", "Sync OneSpot (OneSpot2915)", "OneSpot"]
)
def test_our_own_name_is_known_in_any_order(words: str) -> None:
    assert profile._is_us(words, USERNAME)


@pytest.mark.parametrize("words", ["OneSpot Eye Care", "Sync", "Sync now", "OneSpot29150", "", "Dana Okafor"])
def test_another_name_that_holds_ours_is_not_ours(words: str) -> None:
    assert not profile._is_us(words, USERNAME)
