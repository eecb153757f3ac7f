"""What there is in the stand-in workspace, as values: people, channels, messages, files, views, triggers. No verbs.

state.py keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass
class User:
    """Somebody, or the app's bot user. `team` is the workspace that they belong to."""

    id: str
    name: str
    real_name: str
    color: str
    team: str
    is_bot: bool = False
    deleted: bool = False


@dataclass
class UserGroup:
    """Some people who can be mentioned together."""

    id: str
    handle: str
    users: list[str]


@dataclass
class File:
    """A file from the moment its upload address was asked for; `shared` once the upload is completed."""

    id: str
    name: str
    length: int
    alt_text: str
    ticket: str
    title: str = ""
    content: bytes | None = None
    mimetype: str = "application/octet-stream"
    shared: bool = False


@dataclass
class Message:
    """One message. `to` names the only person who sees it (ephemeral); `values` is what is chosen in its elements.

    `former` are blocks that it had before it was changed: somebody may still see them, and press what is in them.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    thread_ts: str | None = None
    to: str | None = None
    by_app: bool = False
    edited: bool = False
    subtype: str | None = None
    metadata: Json | None = None
    values: Json = field(default_factory=dict)
    former: list[Json] = field(default_factory=list)

    def show(self, text: str, blocks: list[Json]) -> None:
        """Show something else from now on."""
        self.former = [*self.blocks, *self.former]
        self.text, self.blocks, self.values = text, blocks, {}


@dataclass
class Channel:
    """A public or private channel, or (with `dm_with`) the app's direct messages with one person."""

    id: str
    name: str
    topic: str = ""
    archived: bool = False
    private: bool = False
    dm_with: str | None = None
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)


@dataclass
class View:
    """A modal that is open, or a published Home tab. `body` is what the app sent, completed as Slack completes it."""

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str | None = None
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None


@dataclass
class Notice:
    """What Slack itself tells one person."""

    id: str
    user: str
    text: str


@dataclass
class Trigger:
    """A trigger_id: who caused it, when, in which modal if any, and whether it was used."""

    user: str
    at: datetime
    view: str | None = None
    used: bool = False


@dataclass
class Answer:
    """A response_url: where it leads, and how often it was used."""

    channel: str
    user: str
    at: datetime
    message: Message | None = None
    uses: int = 0
