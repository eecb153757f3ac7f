"""No password is ever written down in the clear: each that was typed is searched for in everything that was written.

Failures are forced at each password field. The stand-in listens to what the browser sends, so every password is known
here, also those that the vault has forgotten; as a person would meet them: raw, and in the forms that programs give to
text (URL, JSON, HTML, base64, UTF-16).
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.problems import PASSWORD
from sandbox.ehr import ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.records import Secret
from tests.onespot import Said, Story

CANARY = "Kestrel\"7&%<Nest>\\9'Qz"
"""The administrator's: another text in every form that is looked for."""

WRONG = "Dunnock\"3&%<Reed>\\8'Xw"
USERNAME = "OneSpot2915"
FIELDS = ("password", "confirm", "current", "temporaryPassword", "confirmTemporaryPassword")


class ListeningEhr(SandboxEhr):
    """A stand-in that notes every password that it is sent. Its administrator has the canary."""

    def __init__(self, *faults: str) -> None:
        super().__init__("legacy", faults=faults)
        self.heard: set[str] = set()
        administrator = self.state.employee(ADMIN_USERNAME)
        assert administrator is not None
        administrator.secret = Secret.of(CANARY)

    def application(self) -> Starlette:
        whole = super().application()
        whole.add_middleware(Listening, heard=self.heard)
        return whole


class Listening:
    """Notes every password in what the application is sent."""

    def __init__(self, app: ASGIApp, heard: set[str]) -> None:
        self.app, self.heard = app, heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def hear() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        await self.app(scope, hear, send)
        if body.startswith(b"{"):
            said = json.loads(body)
            self.heard |= {said[name] for name in FIELDS if said.get(name)}


@pytest.fixture
def ehr(request: pytest.FixtureRequest) -> Iterator[ListeningEhr]:
    """A listening EHR with the faults of the test's parameter."""
    with ListeningEhr(*getattr(request, "param", ())) as listening:
        yield listening


@pytest.fixture
def story(ehr: ListeningEhr, tmp_path: Path) -> Story:
    """Somebody who debugs, with the administrator's canary: errors show all that they hold."""
    return Story(ehr, tmp_path, {PASSWORD: CANARY, "ONESPOT_DEBUG": "1"})


# --- searching


def _forms(password: str) -> dict[str, bytes]:
    """The password as programs may write it."""
    once = json.dumps(password)[1:-1]
    forms = {
        "raw": password,
        "URL": quote(password, safe=""),
        "URL path": quote(password),
        "form": quote_plus(password),
        "JSON": once,
        "JSON in JSON": json.dumps(once)[1:-1],
        "repr": repr(password)[1:-1],
        "HTML": html.escape(password),
        "HTML, quotes left": html.escape(password, quote=False),
    }
    found = {name: text.encode() for name, text in forms.items()}
    found["UTF-16"] = password.encode("utf-16-le")
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + password.encode()).rstrip(b"=")
        inside = whole[(shift * 8 + 5) // 6 : len(whole) - 1]
        found[f"base64 at {shift}"] = inside
        found[f"base64url at {shift}"] = inside.replace(b"+", b"-").replace(b"/", b"_")
    return found


def _written(story: Story, said: Said) -> dict[str, bytes]:
    """Everything that was written, by where: output, errors, and each file (and its name) of the story's folder."""
    written = {"standard output": said.out.encode(), "standard error": said.err.encode()}
    for path in sorted(story.folder.rglob("*")):
        name = str(path.relative_to(story.folder))
        written[f"the name of {name}"] = name.encode()
        if path.is_file() and not path.is_symlink():
            written[name] = path.read_bytes()
    return written


def _leaks(story: Story, said: Said, passwords: set[str]) -> list[str]:
    """Where a password was found, and in which form; never the password."""
    written = _written(story, said)
    return [
        f"{where}: {form}"
        for password in passwords
        for form, text in _forms(password).items()
        for where, content in written.items()
        if text in content
    ]


def _assert_silent(story: Story, ehr: ListeningEhr, said: Said, *, typed: int) -> None:
    """At least so many different passwords were sent to the EHR, and none was written anywhere."""
    assert len(ehr.heard) >= typed, said
    assert _leaks(story, said, ehr.heard | {CANARY}) == []
    assert (story.folder / "onespot.db").stat().st_size > 0
    assert list((story.folder / "evidence").rglob("*.png"))


# --- the search finds what it is to find


@pytest.mark.parametrize("form", _forms(CANARY))
def test_every_form_is_found_in_a_file_and_in_the_output(form: str, tmp_path: Path) -> None:
    story = Story(SandboxEhr(), tmp_path)
    assert _leaks(story, Said(0, "", ""), {CANARY}) == []
    (tmp_path / "log").write_bytes(b"... " + _forms(CANARY)[form] + b" ...")
    assert f"log: {form}" in _leaks(story, Said(0, "", ""), {CANARY})


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:"])
def test_base64_is_found_wherever_the_password_begins(before: str, tmp_path: Path) -> None:
    story = Story(SandboxEhr(), tmp_path)
    (tmp_path / "log").write_bytes(base64.b64encode(f"{before}{CANARY} and more".encode()))
    assert any("base64" in leak for leak in _leaks(story, Said(0, "", ""), {CANARY}))


def test_file_names_are_searched(tmp_path: Path) -> None:
    story = Story(SandboxEhr(), tmp_path)
    (tmp_path / "Finch-4711.png").touch()
    assert _leaks(story, Said(0, "", ""), {"Finch-4711"}) == ["the name of Finch-4711.png: raw"] * 1 + [
        f"the name of Finch-4711.png: {form}"
        for form in ("URL", "URL path", "form", "JSON", "JSON in JSON", "repr", "HTML", "HTML, quotes left")
    ]


# --- the walk


@pytest.mark.browser
def test_a_refused_administrators_password_is_written_nowhere(story: Story, ehr: ListeningEhr) -> None:
    story.environment[PASSWORD] = WRONG
    said = story.provision()
    assert (said.status, said.error_class) == (1, "CREDENTIAL"), said
    assert WRONG in ehr.heard
    _assert_silent(story, ehr, said, typed=1)
