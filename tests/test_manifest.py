"""The manifest asks for what the code uses: no scope more, no command, event or tab less."""

from __future__ import annotations

import ast
from pathlib import Path

from sandbox.slack.manifest import read_manifest

ROOT = Path(__file__).parent.parent
MANIFEST = read_manifest(ROOT / "manifest.yml")

SCOPES = {
    "auth_test": None,
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


def _bot() -> list[ast.Module]:
    return [ast.parse(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "bot").rglob("*.py"))]


def _called() -> set[str]:
    """The names of the Web API's methods that the bot mentions on a client."""
    mentioned = {node.attr for tree in _bot() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    families = ("auth_", "chat_", "conversations_", "files_", "usergroups_", "users_", "views_", "reactions_", "pins_")
    return {name for name in mentioned if name.startswith(families)}


def _registered(kind: str) -> set[str]:
    """What the bot listens to by `@app.kind("...")`."""
    calls = [node for tree in _bot() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    of_kind = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == kind]
    first = [one.args[0] for one in of_kind if one.args]
    return {str(one.value) for one in first if isinstance(one, ast.Constant)}


def test_every_method_that_is_called_is_known_here() -> None:
    assert _called() == set(SCOPES)


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


def test_the_texts_are_within_slacks_limits() -> None:
    assert len(MANIFEST.name) <= 35
    for one in MANIFEST.commands:
        assert len(one["command"]) <= 32
        assert 1 <= len(one["description"]) <= 2000
        assert len(one["usage_hint"]) <= 1000
