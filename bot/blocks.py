"""The pieces that messages and modals are made of: Slack's blocks from plain values, escaped and cut in one place.

Pure. Limits are Block Kit's documented ones (docs.slack.dev/reference/block-kit); a text that is too long is cut with
an ellipsis, never refused. What comes from outside is `escape`d before it becomes mrkdwn, so that a practice's name or
an EHR's message can mention nobody and format nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

TEXT, HEADER, FIELD, BUTTON, VALUE, FALLBACK = 3000, 150, 2000, 75, 2000, 4000
FIELDS, ELEMENTS, NAME = 10, 25, 80

_MARKS = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
_NO_TAGS = str.maketrans("<>", "‹›")
_ALIKE = {"*": "∗", "~": "∼", "`": "ˋ", "_": "＿"}


def plain(text: str) -> str:
    """Text from outside on one line, for where nothing is formatted: nothing in it is unseen, or turns others round."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def escape(text: str) -> str:
    """Text from outside as mrkdwn that reads the same, on one line: no mention, link, bold or code comes of it."""
    shown = _MARKS.sub(lambda mark: _ALIKE[mark[0]], plain(text))
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    """The text, at most so many characters long; never in the middle of an escaped character or a mention."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    for opening, closing in (("&", ";"), ("<", ">")):
        start = kept.rfind(opening)
        if start > kept.rfind(closing):
            kept = kept[:start]
    return kept + "…"


def spoken(text: str) -> str:
    """mrkdwn of ours as it is read aloud: without the marks that `escape` leaves to nobody else, and with a full stop.

    It is cut to what Slack takes as a message's text beside its blocks.
    """
    bare = text.replace("*", "").replace("`", "").strip()
    return cut(bare if bare.endswith((".", "!", "?", "…")) else f"{bare}.", FALLBACK - 100)


def when(moment: datetime) -> str:
    """A moment (aware) that each reader sees in their own zone."""
    fallback = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def ago(moment: datetime) -> str:
    """How long ago a moment (aware) was, as each reader's Slack counts it."""
    fallback = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{{ago}}|{fallback}>"


def person(user: str) -> str:
    """A mention of a Slack user; somebody at a terminal by name."""
    return f"<@{user}>" if user[:1] in "UW" and user.isalnum() and user.isupper() else escape(cut(user, NAME))


def header(text: str) -> Block:
    """A headline; plain text, so nothing in it is formatted."""
    return HeaderBlock(text=PlainTextObject(text=cut(plain(text) or "—", HEADER), emoji=False))


def section(text: str, accessory: ButtonElement | None = None) -> Block:
    """A paragraph of mrkdwn."""
    return SectionBlock(text=_mrkdwn(text, TEXT), accessory=accessory)


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Names with their values (mrkdwn), two a row; the first ten."""
    texts = [_mrkdwn(f"*{name}*\n{value or '—'}", FIELD) for name, value in pairs[:FIELDS]]
    return SectionBlock(fields=texts)


def context(text: str) -> Block:
    """A small grey line of mrkdwn."""
    return ContextBlock(elements=[_mrkdwn(text, TEXT)])


def divider() -> Block:
    """A thin line."""
    return DividerBlock()


def button(
    text: str,
    action: str,
    value: str = "",
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: ConfirmObject | None = None,
    about: str = "",
) -> ButtonElement:
    """A button that sends `action` with `value`, which never holds a secret.

    `about` is said after the text to whoever hears the page: which practice is meant, where many have such a button.
    """
    label = PlainTextObject(text=cut(text, BUTTON), emoji=True)
    whole = cut(plain(f"{text}: {about}").translate(_NO_TAGS), BUTTON) if about else None
    return ButtonElement(
        text=label,
        action_id=action,
        value=value or None,
        style=style,
        url=url,
        confirm=confirm,
        accessibility_label=whole,
    )


def sure(title: str, text: str, yes: str, no: str = "Back") -> ConfirmObject:
    """A question before a button acts."""
    return ConfirmObject(
        title=PlainTextObject(text=cut(plain(title), 100)),
        text=PlainTextObject(text=cut(plain(text), 300)),
        confirm=PlainTextObject(text=cut(yes, 30)),
        deny=PlainTextObject(text=cut(no, 30)),
    )


def actions(*buttons: ButtonElement) -> Block:
    """Buttons in a row."""
    return ActionsBlock(elements=list(buttons[:ELEMENTS]))


def _mrkdwn(text: str, most: int) -> MarkdownTextObject:
    """Verbatim: what looks like an address or a channel doesn't become a link by itself."""
    return MarkdownTextObject(text=cut(text, most) or "—", verbatim=True)


def chunks(lines: Sequence[str], most: int = TEXT) -> list[list[str]]:
    """The lines, so many together as a section can hold."""
    parts_: list[list[str]] = [[]]
    length = 0
    for line in (cut(line, most) for line in lines):
        if parts_[-1] and length + len(line) + 1 > most:
            parts_.append([])
            length = 0
        parts_[-1].append(line)
        length += len(line) + 1
    return parts_ if parts_[-1] else []


@dataclass(frozen=True)
class Message:
    """One message of a thread as it should be now. `key` "root" is the one that the thread hangs on."""

    key: str
    text: str
    blocks: Sequence[Block] = ()
    otherwise: Sequence[Block] = ()
    """The same in blocks that every Slack knows, where `blocks` has newer ones."""

    @property
    def digest(self) -> str:
        """What it shows, as a hash: it is edited only when that changed."""
        shown = json.dumps([self.text, [block.to_dict() for block in self.blocks]], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()
