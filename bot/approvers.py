"""Who the approvers are just now: ONESPOT_APPROVERS, its user groups resolved by asking Slack, remembered a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.client import HTTPException

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.refusals import slacks_word

log = structlog.get_logger("onespot.slack")

GONE = ("no_such_subteam", "subteam_not_found")
"""What Slack says of a group that was deleted: then it has no members, whoever was in it."""

REMEMBERED = 300.0
"""Seconds for which the members of a group are remembered (usergroups.users.list allows 20 calls a minute)."""


class Approvers:
    """The setting's users, and the members of its user groups. May be asked from any thread."""

    def __init__(self, setting: str, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        """`setting` is user ids (U... or W...) and user group ids (S...), separated by commas."""
        ids = [part.strip() for part in setting.split(",") if part.strip()]
        self.groups = tuple(one for one in ids if one.startswith("S"))
        self._users = frozenset(ids) - set(self.groups)
        self._client, self._clock = client, clock
        self._known: dict[str, tuple[float, frozenset[str]]] = {}
        self._unread: dict[str, str] = {}
        self._lock = threading.Lock()

    def now(self) -> frozenset[str]:
        """All approvers' user ids. A group that Slack can't tell about has the members it last had, else none."""
        with self._lock:
            return self._users.union(*(self._members(group) for group in self.groups))

    def last_known(self) -> frozenset[str]:
        """The same without asking Slack, but for the first time: for those who have to answer within three seconds."""
        known = self.known()
        return self.now() if known is None else known

    def known(self) -> frozenset[str] | None:
        """The same without ever asking Slack; None where it was never asked who is in a group."""
        if any(group not in self._known for group in self.groups):
            return None
        return self._users.union(*(members for _, members in list(self._known.values())))

    def unread(self) -> str:
        """Slack's word for why it does not tell who is in a group of which nothing is known; empty where it tells."""
        with self._lock:
            return next(iter(self._unread.values()), "")

    def mentions(self) -> str:
        """The approvers as mentions, for a message."""
        groups = [f"<!subteam^{group}>" for group in self.groups]
        return " ".join([*groups, *(f"<@{user}>" for user in sorted(self._users))])

    def _members(self, group: str) -> frozenset[str]:
        asked, members = self._known.get(group, (float("-inf"), frozenset()))
        if self._clock() - asked < REMEMBERED:
            return members
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
        except (SlackApiError, OSError, HTTPException) as error:
            word = slacks_word(error)
            log.warning("user group unread", group=group, error=word)
            if word not in GONE:
                if group not in self._known:
                    self._unread[group] = word
                return members
            return self._remember(group, frozenset())
        return self._remember(group, frozenset(str(user) for user in answer.get("users") or []))

    def _remember(self, group: str, members: frozenset[str]) -> frozenset[str]:
        self._known[group] = (self._clock(), members)
        self._unread.pop(group, None)
        return members
