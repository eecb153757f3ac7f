"""The manifest asks for what the code uses: no scope more, no command, event or tab less."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack.manifest import _block, read_manifest

ROOT = Path(__file__).parent.parent
FILE = ROOT / "manifest.yml"
MANIFEST = read_manifest(FILE)

SCOPES = {
    "auth_test": None,
    "chat_delete": "chat:write",
    "chat_getPermalink": None,
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "files_upload_v2": "files:write",
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "views_open": None,
    "views_publish": None,
}
"""The scope that each method needs, as its page in Slack's documentation says (docs.slack.dev/reference/methods)."""

BESIDES = {
    "commands": "the slash commands",
    "chat:write.public": "the thread of a run in a public channel that the bot was not invited to",
}
"""Scopes that no method's page names, and what they are for."""


@functools.cache
def _bot() -> list[ast.Module]:
    return [ast.parse(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "bot").rglob("*.py"))]


def _called() -> set[str]:
    """The names of the Web API's methods that the bot mentions, whatever its client is called."""
    mentioned = {node.attr for tree in _bot() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {name for name in mentioned if "_" in name and not name.startswith("_") and hasattr(WebClient, name)}


def _registered(kind: str) -> set[str]:
    """What the bot listens to by `@app.kind("...")`."""
    calls = [node for tree in _bot() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    of_kind = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == kind]
    first = [one.args[0] for one in of_kind if one.args]
    return {str(one.value) for one in first if isinstance(one, ast.Constant)}


def _display_information() -> dict[str, Any]:
    """What the stand-in has no use for: the app's texts and colour."""
    lines = [(number, line.rstrip()) for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1)]
    whole, _ = _block([one for one in lines if one[1].strip() and not one[1].lstrip().startswith("#")], 0)
    return dict(whole["display_information"])


def test_every_method_that_is_called_is_known_here() -> None:
    assert _called() == set(SCOPES)


def test_no_method_is_called_by_a_name_that_only_shows_at_run_time() -> None:
    named = {node.attr for tree in _bot() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "api_call" not in named


def test_the_scopes_are_exactly_those_that_the_calls_need() -> None:
    assert set(MANIFEST.scopes) == {SCOPES[name] for name in _called()} - {None} | set(BESIDES)
    assert len(MANIFEST.scopes) == len(set(MANIFEST.scopes))


def test_the_commands_are_those_that_are_listened_to() -> None:
    slash = {name for name in _registered("command") if name.startswith("/")}  # the terminal has commands too
    assert {one["command"] for one in MANIFEST.commands} == slash


def test_the_events_are_those_that_are_listened_to() -> None:
    assert set(MANIFEST.events) == _registered("event")


def test_home_tab_buttons_and_socket_mode_are_on() -> None:
    assert (MANIFEST.home_tab, MANIFEST.interactive, MANIFEST.socket_mode) == (True, True, True)


@pytest.mark.parametrize(
    ("field", "least", "most"), [("name", 1, 35), ("description", 1, 140), ("long_description", 175, 4000)]
)
def test_the_apps_texts_are_within_slacks_limits(field: str, least: int, most: int) -> None:
    """Slack's own schema has the numbers: slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json."""
    assert least <= len(_display_information()[field]) <= most


def test_the_colour_is_one_that_slack_takes() -> None:
    assert re.fullmatch(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?", _display_information()["background_color"])


@pytest.mark.parametrize("command", MANIFEST.commands, ids=lambda one: one["command"])
def test_the_texts_of_a_command_are_within_slacks_limits(command: dict[str, str]) -> None:
    assert re.fullmatch(r"/[^\s]{1,31}", command["command"])
    assert 1 <= len(command["description"]) <= 2000
    assert 1 <= len(command["usage_hint"]) <= 1000
