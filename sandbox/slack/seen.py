"""What a person sees in the stand-in workspace, as values: messages, the Home tab, and where a button is. Pure.

Made from the JSON of /workspace/view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.slack.blocks import elements
from sandbox.slack.elements import choices
from sandbox.slack.readable import Names, plain, readable

Json = dict[str, Any]
Address = Json
"""Where something is pressed: `channel` and `ts`, or `view_id`."""


class NotSeen(Exception):
    """What was looked for isn't there; the sentence says what is."""


@dataclass(frozen=True)
class Seen:
    """A message as somebody sees it. `text` is all that can be read in it; `raw`, or `[...]`, is its JSON."""

    channel: str
    text: str
    raw: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.raw[name]

    @property
    def ts(self) -> str:
        """Its `ts`."""
        return str(self.raw["ts"])

    @property
    def thread_ts(self) -> str | None:
        """The `ts` of its thread's root, for an answer in a thread."""
        return self.raw.get("thread_ts")

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return bool(self.raw["ephemeral"])

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was posted."""
        return bool(self.raw["edited"])

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons."""
        return buttons(self.raw["blocks"])


class Home(str):
    """The Home tab as it was shown: all that can be read in it; `raw` is its JSON."""

    raw: Mapping[str, Any]

    @classmethod
    def of(cls, view: Json) -> Home:
        """From the workspace as somebody sees it."""
        home = cls(readable(view["home"]["blocks"], names(view)))
        home.raw = view["home"]
        return home

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons."""
        return buttons(self.raw["blocks"])


@dataclass(frozen=True)
class Place:
    """Something to press: the deed's body, and whether a question comes first."""

    press: Json
    asks: bool


def find(blocks: list[Json], address: Address, text: str, *, select: bool = False) -> Place | None:
    """The button (or entry of an overflow menu) with this text; or with `select` the option of a choice."""
    for block in blocks:
        for element in elements(block):
            value = _match(element, text, select)
            if value is not None:
                body = {**address, "block_id": block["block_id"], "action_id": element["action_id"]}
                return Place({**body, "value": value} if value else body, bool(element.get("confirm")))
    return None


def _match(element: Json, text: str, select: bool) -> Json | None:
    """The value to send if this is the element meant; empty for a button, None if it isn't."""
    kind = element["type"]
    if not select and kind == "button":
        return {} if element["text"]["text"] == text else None
    if select != (kind in ("static_select", "radio_buttons", "checkboxes")):
        return None
    for option in choices(element):
        if option["text"]["text"] == text:
            return {"type": kind, **({"selected_options": [option]} if kind == "checkboxes" else one(option))}
    return None


def one(option: Json) -> Json:
    """One chosen option in Slack's action form."""
    return {"selected_option": option}


def everywhere(view: Json) -> Iterator[tuple[Address, list[Json]]]:
    """All blocks that can be seen, what was opened or posted last first."""
    for modal in reversed(view["modals"]):
        yield {"view_id": modal["id"]}, modal["blocks"]
    for message in reversed(everything(view)):
        yield {"channel": message.channel, "ts": message.ts}, message["blocks"]


def everything(view: Json) -> list[Seen]:
    """Every message that can be seen, answers too, oldest first."""
    known = names(view)
    found = [
        seen(channel["id"], message, known)
        for channel in view["channels"]
        for root in channel["messages"]
        for message in (root, *root["replies"])
    ]
    return sorted(found, key=lambda message: message.ts)


def seen(channel: str, message: Json, known: Names) -> Seen:
    """One message from its JSON."""
    shown = readable(message["blocks"], known) if message["blocks"] else plain(message["text"], known)
    files = [f"({file['title'] or file['name']}: {file['alt_text']})" for file in message["files"]]
    return Seen(channel, "\n".join(part for part in (shown, *files) if part), message)


def channel(view: Json, name: str) -> Json:
    """A channel by its id or name. Raises NotSeen."""
    for one_ in view["channels"]:
        if name.lstrip("#") in (one_["id"], one_["name"]):
            found: Json = one_
            return found
    raise NotSeen(f'There is no channel "{name}". There are: {", ".join(one_["name"] for one_ in view["channels"])}.')


def names(view: Json) -> Names:
    """What mentions are shown as."""
    return {
        **{user["id"]: f"@{user['real_name']}" for user in view["users"]},
        **{group["id"]: f"@{group['handle']}" for group in view["usergroups"]},
        **{one_["id"]: f"#{one_['name']}" for one_ in view["channels"]},
    }


def buttons(blocks: list[Json]) -> list[str]:
    """The texts of the buttons in some blocks."""
    return [element["text"]["text"] for block in blocks for element in elements(block) if element["type"] == "button"]


def all_text(view: Json) -> str:
    """All that can be read, a line for each message, modal and notice."""
    known = names(view)
    lines = [
        f"[{message.channel} {message.ts}{' ephemeral' if message.ephemeral else ''}] {message.text}"
        for message in everything(view)
    ]
    lines += [f"[modal {modal['title']['text']}] {readable(modal['blocks'], known)}" for modal in view["modals"]]
    lines += [f"[notice] {notice['text']}" for notice in view["notices"]]
    return "\n".join(lines) or "nothing"
