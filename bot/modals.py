"""The modals, in both directions: `*_view(data)` draws one, `read_*(view)` reads what was filled in. Pure.

The labels are fixed by the design. Nothing secret is ever drawn into a modal but the revealed credential; a password
that somebody types into one (SECRET_INTAKE=modal) is read as `SecretStr` and never drawn again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import SecretStr
from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
)
from slack_sdk.models.views import View

from bot import blocks as b
from bot.address import read_address
from bot.problems import SettingsProblem
from storage.database import whole
from storage.models import Credential, Run, Verb

REQUEST, DETAILS, REJECT, PASSWORD, REVEALED = "request", "details", "reject", "password", "revealed"
REJECT_IMPORT = "reject_import"
"""The modals' callback ids."""

TYPED = "typed"
"""The action id of every field: its block says which one it is."""

LONGEST = {"practice": 100, "url": 500, "administrator": 100, "password": 200, "location": 100, "notes": 500}
IN_MODAL = (
    "🔓 This password passes through Slack: Slack can't hide what is typed here, and keeps it for a moment on its way. "
    "The bot seals it at once, shows it nowhere, and destroys it when the run ends, or after 24 hours."
)
BY_LINK = "🔑 The administrator's password is asked for afterwards, on a page of its own: never type it into Slack."


@dataclass(frozen=True)
class Request:
    """What the form asks for. `password` only with SECRET_INTAKE=modal; `take_over` is the command line's --adopt."""

    practice: str = ""
    url: str = ""
    administrator: str = ""
    password: SecretStr | None = None
    location: str = ""
    notes: str = ""
    take_over: bool = False


@dataclass(frozen=True)
class Place:
    """Where a modal came from: the channel to tell about it, and the run that it is about, if there is one."""

    channel: str = ""
    run_id: int | None = None
    plan_hash: str = ""
    verb: Verb = Verb.PROVISION
    practice_id: int | None = None
    """Of the practice that is to be repaired or retired."""
    import_id: int | None = None
    """Of the import that it is about, whose plans `plan_hash` stands for."""

    def packed(self) -> str:
        """For `private_metadata`."""
        about = {"verb": self.verb.value, "practice": self.practice_id} if self.practice_id else {}
        about = {**about, "import": self.import_id} if self.import_id else about
        return json.dumps({"channel": self.channel, "run": self.run_id, "plan": self.plan_hash, **about})

    @classmethod
    def unpacked(cls, metadata: str) -> Place:
        """The other way round; an empty place when it isn't ours."""
        try:
            data = json.loads(metadata or "{}")
            run_id, practice_id, import_id = (
                int(data[one]) if data.get(one) else None for one in ("run", "practice", "import")
            )
            verb = Verb(data.get("verb") or Verb.PROVISION)
            return cls(
                str(data.get("channel") or ""), run_id, str(data.get("plan") or ""), verb, practice_id, import_id
            )
        except (ValueError, TypeError, AttributeError):
            return cls()


TITLES = {Verb.PROVISION: "Provision OneSpot", Verb.REPAIR: "Repair OneSpot", Verb.RETIRE: "Retire OneSpot"}
WHAT: dict[Verb, str] = {
    Verb.REPAIR: "RevolutionEHR is looked at first. Then what differs from what was approved is put right, and nothing "
    "else. An approver sees the plan before.",
    Verb.RETIRE: "The employee is deactivated, its password is destroyed here, and it is no longer checked. "
    "An approver sees the plan before.",
}
"""What a repair and a retirement do, for whoever asks for one."""


def request_view(given: Request, place: Place, *, with_password: bool) -> View:
    """The modal that asks for a run: "Provision OneSpot", or for a practice that has an account, Repair or Retire."""
    about = b.context(IN_MODAL if with_password else BY_LINK)
    login = _login_fields(given, with_password=with_password)
    if place.verb in WHAT:
        head = b.section(f"*{b.escape(given.practice)}*. {WHAT[place.verb]}")
        notes = _field("notes", "Notes", given.notes, optional=True, multiline=True)
        return _modal(REQUEST, TITLES[place.verb], "Request", [head, *login, notes, about], place)
    name = _field(
        "practice", "Practice name", given.practice, hint="As people call it; the account is made for this one."
    )
    return _modal(REQUEST, TITLES[place.verb], "Request", [name, *login, *_optional_fields(given), about], place)


def details_view(given: Request, place: Place, *, with_password: bool) -> View:
    """The modal "Change details" of a run that stopped: the practice is given, the rest may change."""
    option = Option(value="yes", text=PlainTextObject(text="Take over an employee that has our user name already"))
    box = CheckboxesElement(action_id=TYPED, options=[option], initial_options=[option] if given.take_over else None)
    take_over = InputBlock(
        block_id="take_over",
        label=PlainTextObject(text="Take over"),
        element=box,
        optional=True,
        hint=PlainTextObject(text="It gets a new temporary password and is repaired. Tick it only if you know it."),
    )
    fields = [*_login_fields(given, with_password=with_password), *_optional_fields(given), take_over]
    head = b.section(f"For *{b.escape(given.practice)}*. The plan is made again where something else comes of it.")
    return _modal(
        DETAILS, "Change details", "Go on", [head, *fields, b.context(IN_MODAL if with_password else BY_LINK)], place
    )


def password_view(given: Request, place: Place) -> View:
    """The modal that asks for the administrator's password alone (SECRET_INTAKE=modal)."""
    head = b.section(f"*{b.escape(given.practice)}*, administrator {b.escape(given.administrator)}")
    fields = [_field("password", "Administrator password", "")]
    return _modal(PASSWORD, "Administrator", "Save password", [head, *fields, b.context(IN_MODAL)], place)


def reject_view(practice: str, place: Place) -> View:
    """The modal that asks why."""
    said = f"The plan for *{b.escape(practice)}* is rejected, and the run ends. The requester reads why."
    return _why(REJECT, "Reject the plan", said, place)


def reject_import_view(number: int, place: Place) -> View:
    """The same for an import of so many practices."""
    said = f"The plans for all {number} practices are rejected, and their runs end. The requester reads why."
    return _why(REJECT_IMPORT, "Reject the plans", said, place)


def revealed_view(practice: str, credential: Credential) -> View:
    """The credential, in a modal that only the person who opened it sees (SECRET_INTAKE=modal)."""
    secret = credential.password.get_secret_value()
    shown: list[Block] = [
        b.section(f"*{b.escape(practice)}*"),
        *_shown("User name", credential.username),
        *_shown("Password", secret),
        b.context("Enter both in OneSpot's auto-sync settings. That they were shown is in the audit."),
    ]
    return View(type="modal", callback_id=REVEALED, title=_plain("Credentials"), close=_plain("Close"), blocks=shown)


def message_view(title: str, text: str) -> View:
    """A modal that only says something (mrkdwn)."""
    return View(type="modal", title=_plain(b.cut(title, 24)), close=_plain("Close"), blocks=[b.section(text)])


def read_request(view: Mapping[str, Any], *, fixed_practice: str = "", with_password: bool) -> Request | dict[str, str]:
    """What was filled in, or for each field that is wrong its block id and a sentence."""
    practice = fixed_practice or typed(view, "practice")
    given = Request(
        practice=practice,
        url=typed(view, "url"),
        administrator=typed(view, "administrator"),
        location=typed(view, "location"),
        notes=typed(view, "notes"),
        take_over=bool(chosen(view, "take_over")),
    )
    problems = {}
    if not given.practice:
        problems["practice"] = "Say which practice."
    if not given.administrator:
        problems["administrator"] = "Say the administrator's user name."
    try:
        given = replace(given, url=read_address(given.url))
    except SettingsProblem as problem:
        problems["url"] = str(problem)
    if with_password:
        secret = _value(view, "password") or ""
        given = replace(given, password=SecretStr(secret))
        if not secret.strip():
            problems["password"] = "The password is empty."  # noqa: S105  (a sentence)
    return problems or given


def read_password(view: Mapping[str, Any]) -> SecretStr | None:
    """The password that was typed; None when it is empty."""
    secret = _value(view, "password") or ""
    return SecretStr(secret) if secret.strip() else None


def typed(view: Mapping[str, Any], block: str) -> str:
    """What was typed into a text field, without spaces around it."""
    return (_value(view, block) or "").strip()


def chosen(view: Mapping[str, Any], block: str) -> list[str]:
    """The values that were ticked in a group of checkboxes."""
    state = view.get("state", {}).get("values", {}).get(block, {}).get(TYPED, {})
    return [str(option.get("value")) for option in state.get("selected_options") or []]


def filled_from(run: Run, practice: str, url: str, location: str | None) -> Request:
    """A form filled with what a run has."""
    return Request(practice, url, run.administrator or "", None, location or "", run.notes, run.adopt)


# Parts


def _why(callback: str, title: str, said: str, place: Place) -> View:
    reason = _field("reason", "Reason", "", multiline=True, longest=500)
    return _modal(callback, title, "Reject", [b.section(said), reason], place)


def _modal(callback: str, title: str, submit: str, blocks: Sequence[Block], place: Place) -> View:
    return View(
        type="modal",
        callback_id=callback,
        title=_plain(title),
        submit=_plain(submit),
        close=_plain("Cancel"),
        private_metadata=place.packed(),
        blocks=list(blocks),
    )


def _login_fields(given: Request, *, with_password: bool) -> list[Block]:
    fields: list[Block] = [
        _field("url", "RevolutionEHR address", given.url),
        _field(
            "administrator", "Administrator username", given.administrator, hint="Who may edit roles and employees."
        ),
    ]
    if with_password:
        fields.append(_field("password", "Administrator password", ""))
    return fields


def _optional_fields(given: Request) -> list[Block]:
    location = "The location the employee belongs to; the first one listed if empty."
    return [
        _field("location", "Primary location", given.location, optional=True, hint=location),
        _field("notes", "Notes", given.notes, optional=True, multiline=True),
    ]


def _field(
    block: str,
    label: str,
    value: str,
    *,
    hint: str = "",
    optional: bool = False,
    multiline: bool = False,
    longest: int | None = None,
) -> Block:
    most = longest or LONGEST.get(block)
    element = PlainTextInputElement(
        action_id=TYPED,
        initial_value=whole(value)[:most] or None,  # Slack opens no modal whose field begins with more than it takes
        multiline=multiline or None,
        max_length=most,
    )
    return InputBlock(
        block_id=block,
        label=_plain(label),
        element=element,
        optional=optional,
        hint=_plain(hint) if hint else None,
    )


def _shown(name: str, value: str) -> list[Block]:
    """A value to be copied, exactly as it is: nothing in it is formatted, and no payload brings it back to us."""
    exact = RichTextPreformattedElement(elements=[RichTextElementParts.Text(text=value)])
    return [b.section(f"*{name}*"), RichTextBlock(elements=[exact])]


def _plain(text: str) -> PlainTextObject:
    return PlainTextObject(text=text)


def _value(view: Mapping[str, Any], block: str) -> str | None:
    value = view.get("state", {}).get("values", {}).get(block, {}).get(TYPED, {}).get("value")
    return None if value is None else str(value)
