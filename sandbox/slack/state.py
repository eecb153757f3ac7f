"""All that the stand-in workspace knows: people, channels, messages, views, files, and simple verbs on them.

Nothing here speaks HTTP or judges a request. Whoever changes something holds `lock` and calls `changed()` afterwards,
which raises `version` and wakes those who wait for news.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sandbox.slack.things import Answer, Channel, File, Json, Message, Notice, Trigger, User, UserGroup, View


class State:
    """The workspace. `clock` gives aware UTC."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.version = 1
        self.team: Json = {}
        self.users: dict[str, User] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.notices: list[Notice] = []
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.answers: dict[str, Answer] = {}
        self.on_change: list[Callable[[], None]] = []
        self._last_ts = 0
        self._count = 0

    def changed(self) -> None:
        """Something that people can see is different now."""
        with self.lock:
            self.version += 1
        for tell in list(self.on_change):
            tell()

    def new_ts(self) -> str:
        """The next message's `ts`: seconds with six decimals, never the same twice."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock().timestamp() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        """An id in Slack's look, `V` for views, `F` for files and so on."""
        with self.lock:
            self._count += 1
            return f"{letter}0{self._count:04d}{secrets.token_hex(2).upper()}"

    def new_hash(self) -> str:
        """A view's hash."""
        return f"{int(self.clock().timestamp())}.{secrets.token_hex(4)}"

    def notify(self, user: str, text: str) -> None:
        """Slack's own words to one person."""
        with self.lock:
            self.notices.append(Notice(self.new_id("N"), user, text))
        self.changed()

    # Channels and messages

    def dm(self, user: str) -> Channel:
        """The app's direct messages with somebody, opened where they weren't yet."""
        name = f"D{user[1:]}"
        with self.lock:
            if name not in self.channels:
                self.channels[name] = Channel(name, "directmessage", dm_with=user, members={user})
            return self.channels[name]

    def add(self, message: Message) -> Message:
        """Put a message at the end of its channel."""
        with self.lock:
            self.channels[message.channel].messages.append(message)
        self.changed()
        return message

    def message(self, channel: str, ts: str, *, to: str | None = None) -> Message | None:
        """The message with this `ts`; an ephemeral one only for the person it is `to`."""
        with self.lock:
            for one in self.channels[channel].messages:
                if one.ts == ts and one.to in (None, to):
                    return one
        return None

    def replies(self, root: Message) -> list[Message]:
        """What was answered in a message's thread, oldest first, ephemeral ones too."""
        with self.lock:
            return [one for one in self.channels[root.channel].messages if one.thread_ts == root.ts]

    # Views

    def view(self, view_id: str) -> View | None:
        """A modal that is open, or a Home tab."""
        with self.lock:
            return next((view for view in self.all_views() if view.id == view_id), None)

    def all_views(self) -> Iterator[View]:
        """Every modal that is open, and every Home tab."""
        for stack in self.modals.values():
            yield from stack
        yield from self.homes.values()

    def close(self, view: View, *, whole_stack: bool = False) -> None:
        """Take a modal away, with what lies on it; or all that belong together with it."""
        with self.lock:
            stack = self.modals.get(view.user, [])
            if view in stack:
                at = stack.index(view)
                above = [one for one in stack[at:] if one is view or one.root == view.root]
                gone = [one for one in stack if one.root == view.root] if whole_stack else above
                self.modals[view.user] = [one for one in stack if one not in gone]
        self.changed()

    # What lives for a short time

    def new_trigger(self, user: str, view: str | None = None) -> str:
        """A trigger_id for what somebody just did."""
        with self.lock:
            self._count += 1
            name = f"{self._count + 10_000}.{int(self.clock().timestamp() * 1000)}.{secrets.token_hex(16)}"
            self.triggers[name] = Trigger(user, self.clock(), view)
        return name

    def new_answer(self, channel: str, user: str, message: Message | None = None) -> str:
        """The last part of a new response_url."""
        name = secrets.token_urlsafe(18)
        with self.lock:
            self.answers[name] = Answer(channel, user, self.clock(), message)
        return name
