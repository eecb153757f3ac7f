"""Acts as one person of the stand-in workspace: types, presses, fills in forms, reads. For tests and the demo.

It only uses /workspace, as the page does, and sees only what this person sees. Everything that waits is bounded, and
its error says what was visible instead.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from sandbox.slack import seen
from sandbox.slack.form import Form
from sandbox.slack.seen import Home, Json, NotSeen, Place, Seen

T = TypeVar("T")
Where = Seen | Home | Form | None

PATIENCE = 10.0
"""Seconds that a person waits for something to show."""


class Person:
    """Somebody at the workspace's page. `channel` arguments take an id or a name."""

    def __init__(self, origin: str, user_id: str) -> None:
        self.user = user_id
        self._host = urlsplit(origin).netloc

    # Reading

    def view(self) -> Json:
        """The workspace as this person sees it now: the JSON of /workspace/view."""
        now = self._ask("GET", f"/workspace/view?{urlencode({'user': self.user})}")
        if now is None:
            raise NotSeen("The workspace shows nothing.")
        return now

    def messages(self, channel: str) -> list[Seen]:
        """The messages of a channel, oldest first, without the answers in threads."""
        view = self.view()
        found = seen.channel(view, channel)
        return [seen.seen(found["id"], message, seen.names(view)) for message in found["messages"]]

    def thread(self, message: Seen) -> list[Seen]:
        """The answers in a message's thread (or in the thread it stands in), oldest first."""
        root = message.thread_ts or message.ts
        everything = seen.everything(self.view())
        return [one for one in everything if one.channel == message.channel and one.thread_ts == root]

    def all_seen(self, text: str) -> list[Seen]:
        """All messages in which this can be read now, answers and ephemeral ones too, oldest first."""
        return [one for one in seen.everything(self.view()) if text in one.text]

    def sees(self, text: str, *, channel: str | None = None, timeout: float = PATIENCE) -> Seen:
        """The latest message in which this can be read, an answer or ephemeral one too; waits for it."""

        def look(view: Json) -> Seen | None:
            wanted = seen.channel(view, channel)["id"] if channel else None
            found = [one for one in seen.everything(view) if text in one.text and wanted in (None, one.channel)]
            return found[-1] if found else None

        return self.until(look, f'a message with "{text}"', timeout)

    def sees_not(self, text: str, *, timeout: float = PATIENCE) -> None:
        """Waits until this can't be read in any message (any more)."""

        def look(view: Json) -> bool | None:
            return True if all(text not in one.text for one in seen.everything(view)) else None

        self.until(look, f'no message with "{text}"', timeout)

    def notices(self) -> list[str]:
        """What Slack itself told this person."""
        return [str(notice["text"]) for notice in self.view()["notices"]]

    def hears(self, text: str, *, timeout: float = PATIENCE) -> str:
        """The latest of Slack's own notices to this person that has this text; waits for it."""

        def look(view: Json) -> str | None:
            return next((one["text"] for one in reversed(view["notices"]) if text in one["text"]), None)

        return self.until(look, f'a notice with "{text}"', timeout)

    def until(self, look: Callable[[Json], T | None], what: str, timeout: float = PATIENCE) -> T:
        """What `look` finds in the workspace, as soon as it is not None. Raises NotSeen after `timeout` seconds."""
        end, view = time.monotonic() + timeout, self.view()
        while True:
            found = look(view)
            if found is not None:
                return found
            left = end - time.monotonic()
            if left <= 0:
                raise NotSeen(f"{self.user} waited {timeout:g} s for {what}. Visible is:\n{seen.all_text(view)}")
            asked = {"user": self.user, "since": view["version"], "timeout": f"{left:.3f}"}
            view = self._ask("GET", f"/workspace/wait?{urlencode(asked)}") or view

    # Typing and pressing

    def say(self, text: str, channel: str, *, thread: Seen | None = None) -> str:
        """Write a message; its `ts`."""
        root = (thread.thread_ts or thread.ts) if thread else None
        return str(self._do("message", {"channel": self._id(channel), "text": text, "thread_ts": root})["ts"])

    def command(self, text: str, channel: str) -> None:
        """Type a slash command. Raises NotSeen with Slack's word when it failed."""
        self._do("command", {"channel": self._id(channel), "text": text})

    def press(self, button: str, message: Where = None, *, timeout: float = PATIENCE, confirm: bool = True) -> None:
        """Press a button (or an entry of an overflow menu); its question, if it asks one, is answered by `confirm`.

        In `message`, a Home tab or a form, as it was when it was looked at, even if it was changed since; else in what
        was opened or posted last.
        """
        place = self._place(button, message, timeout, select=False)
        if confirm or not place.asks:
            more = {"values": message.typed} if isinstance(message, Form) else {}
            self._do("press", {**place.press, **more})

    def pick(self, option: str, message: Where = None, *, timeout: float = PATIENCE) -> None:
        """Choose an option in a select, radio buttons or checkboxes that act at once."""
        self._do("press", self._place(option, message, timeout, select=True).press)

    def _place(self, text: str, where: Where, timeout: float, *, select: bool) -> Place:
        address: Json = {}
        if isinstance(where, Seen):
            address = {"channel": where.channel, "ts": where.ts}
        elif where is not None:
            address = {"view_id": where.raw["id"]}
        place = seen.find(where.raw["blocks"], address, text, select=select) if where is not None else None
        return place or self.until(lambda view: _now(view, address, text, select), f'something "{text}"', timeout)

    # Modals and the Home tab

    def modal(self, title: str | None = None, *, timeout: float = PATIENCE) -> Form:
        """The modal on top, when it is there (and has this title)."""

        def look(view: Json) -> Form | None:
            top = view["modals"][-1] if view["modals"] else None
            if top is None or title not in (None, top["title"]["text"]):
                return None
            return Form(self.deed, top, seen.names(view))

        return self.until(look, f'the modal "{title}"' if title else "a modal", timeout)

    def no_modal(self, *, timeout: float = PATIENCE) -> None:
        """Waits until no modal is open."""
        self.until(lambda view: None if view["modals"] else True, "no modal", timeout)

    def home(self, *, timeout: float = PATIENCE) -> Home:
        """Open the Home tab: what the app then publishes there."""
        before = (self.view()["home"] or {}).get("hash")
        self._do("home", {})

        def look(view: Json) -> Home | None:
            return Home.of(view) if view["home"] and view["home"]["hash"] != before else None

        return self.until(look, "a Home tab published anew", timeout)

    # Speaking with the workspace

    def deed(self, name: str, body: Json) -> Json:
        """POST to /workspace/NAME as this person; the answer as it is."""
        return self._ask("POST", f"/workspace/{name}", {"user": self.user, **body}) or {}

    def _do(self, name: str, body: Json) -> Json:
        answer = self.deed(name, body)
        if not answer.get("ok"):
            raise NotSeen(f"{self.user} could not do this ({name}): {answer.get('error')}")
        return answer

    def _id(self, channel: str) -> str:
        return str(seen.channel(self.view(), channel)["id"])

    def _ask(self, verb: str, path: str, body: Json | None = None) -> Json | None:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        try:
            connection.request(verb, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status == 204:
            return None
        if answer.status != 200:
            raise NotSeen(f"The workspace answered {answer.status} to {verb} {path.partition('?')[0]}.")
        said: Json = json.loads(content)
        return said


def _now(view: Json, address: Json, text: str, select: bool) -> Place | None:
    """Where it is now: at the address, if there is one, else wherever it can be seen."""
    home = [({"view_id": view["home"]["id"]}, view["home"]["blocks"])] if view["home"] else []
    for here, blocks in [*seen.everywhere(view), *(home if address else [])]:
        place = seen.find(blocks, here, text, select=select) if address in ({}, here) else None
        if place is not None:
            return place
    return None
