"""The chat.* methods: post, update, delete, ephemeral, permalink (docs.slack.dev/reference/methods)."""

from __future__ import annotations

import json
from typing import Any

from sandbox.slack import seed
from sandbox.slack.blocks import characters, completed, problems
from sandbox.slack.things import Channel, Json, Message
from sandbox.slack.workspace import Refusal, Workspace, wrong

LONGEST, LONGEST_UPDATE = 40_000, 4_000
CHARACTERS_IN_BLOCKS = 13_200
"""Undocumented, but reported: beyond about this Slack says msg_blocks_too_long."""


def post(ws: Workspace, args: Json) -> Json:
    """chat.postMessage."""
    channel = ws.channel(args, people=True)
    may_write(ws, channel)
    text, blocks = content(args, LONGEST)
    root = thread(ws, channel, args.get("thread_ts"))
    message = Message(
        ws.state.new_ts(),
        channel.id,
        seed.BOT_USER,
        text,
        blocks or [],
        thread_ts=root,
        by_app=True,
        metadata=as_json(args.get("metadata"), "invalid_metadata_format"),
    )
    ws.state.add(message)
    return {"channel": channel.id, "ts": message.ts, "message": ws.message_body(message)}


def update(ws: Workspace, args: Json) -> Json:
    """chat.update. Blocks that aren't mentioned stay; an empty list takes them away."""
    channel = ws.channel(args)
    message = ws.state.message(channel.id, str(args.get("ts") or ""))
    if message is None or message.subtype == "tombstone":
        raise Refusal("message_not_found")
    if channel.archived:
        raise Refusal("is_inactive")
    if not message.by_app:
        raise Refusal("cant_update_message")
    text, blocks = content(args, LONGEST_UPDATE)
    words = text if args.get("text") is not None else message.text
    if blocks is None:
        message.text = words
    else:
        message.show(words, blocks)
    message.edited = True
    ws.state.changed()
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": ws.message_body(message),
    }


def delete(ws: Workspace, args: Json) -> Json:
    """chat.delete. A message with answers stays as a tombstone, as in Slack."""
    channel = ws.channel(args)
    message = ws.state.message(channel.id, str(args.get("ts") or ""))
    if message is None:
        raise Refusal("message_not_found")
    if not message.by_app:
        raise Refusal("cant_delete_message")
    with ws.state.lock:
        if ws.state.replies(message):
            message.text, message.blocks, message.files = "This message was deleted.", [], []
            message.subtype = "tombstone"
        else:
            channel.messages.remove(message)
    ws.state.changed()
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(ws: Workspace, args: Json) -> Json:
    """chat.postEphemeral. In a thread that nobody answered in yet, Slack shows nothing, and says nothing of it."""
    channel = ws.channel(args)
    if channel.archived:
        raise Refusal("is_archived")
    if not ws.is_member(channel):
        raise Refusal("not_in_channel")
    user = ws.state.users.get(str(args.get("user") or ""))
    if user is None or user.deleted or user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks = content(args, LONGEST)
    root = thread(ws, channel, args.get("thread_ts"))
    message = Message(
        ws.state.new_ts(), channel.id, seed.BOT_USER, text, blocks or [], thread_ts=root, to=user.id, by_app=True
    )
    if root is None or _active(ws, channel, root):
        ws.state.add(message)
    return {"message_ts": message.ts}


def permalink(ws: Workspace, args: Json) -> Json:
    """chat.getPermalink."""
    channel = ws.channel(args)
    message = ws.state.message(channel.id, str(args.get("message_ts") or ""))
    if message is None:
        raise Refusal("message_not_found")
    link = f"{ws.origin}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts is not None:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


# What the methods share


def may_write(ws: Workspace, channel: Channel) -> None:
    """Refuses where the bot may not write: it must be a member, or have chat:write.public in a public channel."""
    if channel.archived:
        raise Refusal("is_archived")
    if not ws.is_member(channel) and (channel.private or "chat:write.public" not in ws.scopes):
        raise Refusal("not_in_channel")


def content(args: Json, longest: int) -> tuple[str, list[Json] | None]:
    """The text and the blocks (None when they aren't mentioned), complete; refuses what Slack would."""
    text = str(args.get("text") or "")
    if len(text) > longest:
        raise Refusal("msg_too_long")
    if as_json(args.get("attachments"), "invalid_attachments"):
        raise wrong("invalid_attachments", [("/attachments", "the stand-in takes no attachments")])
    blocks = checked_blocks(args.get("blocks"))
    if not text.strip() and not blocks:
        raise Refusal("no_text")
    return text, blocks


def checked_blocks(given: Any) -> list[Json] | None:
    """The blocks of a message, complete. Refuses wrong ones with invalid_blocks, more than one table as Slack does."""
    blocks = as_json(given, "invalid_blocks_format")
    if blocks is None:
        return None
    found = problems(blocks, "message")
    if found:
        raise wrong("invalid_blocks", found)
    if sum(block["type"] == "table" for block in blocks) > 1:
        raise wrong("invalid_attachments", [("/blocks", "only_one_table_allowed")])
    if characters(blocks) > CHARACTERS_IN_BLOCKS:
        raise Refusal("msg_blocks_too_long")
    return completed(blocks)


def thread(ws: Workspace, channel: Channel, thread_ts: Any) -> str | None:
    """The `ts` of the thread's root, if the message goes into a thread."""
    if not thread_ts:
        return None
    root = ws.state.message(channel.id, str(thread_ts))
    if root is None or root.to is not None:
        raise Refusal("thread_not_found")
    if root.thread_ts is not None:
        raise Refusal("cannot_reply_to_message")
    return root.ts


def as_json(given: Any, error: str) -> Any:
    """JSON that came as a string (as in forms) or by itself; None when it wasn't given."""
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise Refusal(error) from None


def _active(ws: Workspace, channel: Channel, root: str) -> bool:
    return any(one.thread_ts == root and one.to is None for one in channel.messages)
