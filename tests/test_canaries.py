"""No password is ever written down in the clear: each that was typed is searched for in everything that was written.

Failures are forced at each password field. The stand-in listens to what the browser sends, so every password is known
here, also those that the vault has forgotten; as a person would meet them: raw, and in the forms that programs give to
text (URL, JSON, HTML, base64, UTF-16).
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import psutil
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.problems import PASSWORD
from sandbox.ehr import ADMIN_USERNAME, SandboxEhr
from sandbox.ehr.records import Secret
from tests.onespot import Said, Story, end, family, kill, read_until, with_everything

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
    assert list((story.folder / "evidence").rglob("*.[jp][pn]g"))


def _walk(story: Story, step: int, meanwhile: Callable[[], object], *more: str) -> Said:
    """Provision, and do something behind its back once that step is over."""
    process = story.start(*story.order(*more))
    before = read_until(process, step)
    meanwhile()
    return end(process, story.errors, before)


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
@pytest.mark.parametrize("ehr", [("password-policy-rejects-first",)], indirect=True)
def test_a_walk_with_refused_passwords_writes_none_down(story: Story, ehr: ListeningEhr) -> None:
    said = story.provision()
    assert said.status == 0, said
    _assert_evidence(story)
    _assert_silent(story, ehr, said, typed=5)
    assert story.password() in ehr.heard


def _assert_evidence(story: Story) -> None:
    """The run's evidence is made, has a picture of each step that may have one, and verifies in all its forms."""
    made = story.onespot("evidence", "1")
    assert made.status == 0, made
    files = [story.folder / name for name in made.out.splitlines()[:-1]]
    assert [story.onespot("evidence", "verify", file.name).status for file in files] == [0, 0, 0]
    record = json.loads((story.folder / "onespot-evidence-run-1.json").read_text())["record"]
    shown = {step["number"] for step in record["steps"] if step["picture_state"] == "shown"}
    assert shown >= set(range(2, 15))
    assert record["proved"]["locations"] != []
    assert record["versions"]["build"] != ""


@pytest.mark.browser
def test_a_refused_administrators_password_is_written_nowhere(story: Story, ehr: ListeningEhr) -> None:
    story.environment[PASSWORD] = WRONG
    said = story.provision()
    assert (said.status, said.error_class) == (1, "CREDENTIAL"), said
    assert WRONG in ehr.heard
    _assert_silent(story, ehr, said, typed=1)


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("ehr", [("password-policy-strict",)], indirect=True)
def test_a_temporary_password_that_is_never_accepted_is_written_nowhere(story: Story, ehr: ListeningEhr) -> None:
    said = story.provision("--password-policy", "14-20")
    assert (said.status, said.error_class) == (1, "POLICY"), said
    _assert_silent(story, ehr, said, typed=3)


@with_everything
@pytest.mark.browser
def test_a_final_password_that_is_never_accepted_is_written_nowhere(story: Story, ehr: ListeningEhr) -> None:
    strict = lambda: ehr.faults.on("password-policy-strict")  # noqa: E731
    said = _walk(story, 15, strict, "--password-policy", "14-20")
    assert (said.status, said.error_class) == (1, "POLICY"), said
    _assert_silent(story, ehr, said, typed=4)


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("step", [15, 16])
def test_a_refused_login_of_the_new_account_writes_its_password_nowhere(
    story: Story, ehr: ListeningEhr, step: int
) -> None:
    """After step 15 the temporary password is refused, after step 16 the final one: somebody has changed it."""

    def change() -> None:
        who = ehr.state.employee(USERNAME)
        assert who is not None
        who.secret = Secret.of("somebody else's")

    said = _walk(story, step, change)
    assert (said.status, said.error_class) == (1, "CREDENTIAL"), said
    _assert_silent(story, ehr, said, typed=step - 13)


@with_everything
@pytest.mark.browser
@pytest.mark.parametrize("ehr", [("maxlength-12",)], indirect=True)
def test_a_field_that_cuts_a_password_makes_nobody_quote_it(story: Story, ehr: ListeningEhr) -> None:
    said = story.provision("--password-policy", "14-20")
    assert said.status == 0, said
    assert len(story.password()) <= 12
    _assert_silent(story, ehr, said, typed=3)


@with_everything
@pytest.mark.browser
def test_a_killed_walk_leaves_no_password_behind_and_no_program_was_given_one(story: Story, ehr: ListeningEhr) -> None:
    """Not in the database's log, not in the browser's profile, not in what `ps` shows of driver and browser."""
    process = story.start(*story.order())
    said = read_until(process, 16)
    programs = [_how_it_was_started(one) for one in family(process)]
    kill(process)
    assert len(programs) >= 2
    for password in ehr.heard | {CANARY}:
        assert not [form for form in _forms(password).values() if any(form in program for program in programs)]
    _assert_silent(story, ehr, Said(-9, said, story.errors.read_text()), typed=3)


def _how_it_was_started(program: psutil.Process) -> bytes:
    """Its command line and its environment."""
    try:
        return "\0".join([*program.cmdline(), *(f"{k}={v}" for k, v in program.environ().items())]).encode()
    except psutil.Error:
        return b""
