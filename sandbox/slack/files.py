"""Uploading files: files.getUploadURLExternal, the address it gives, files.completeUploadExternal."""

from __future__ import annotations

import mimetypes
import secrets
from typing import Any

from sandbox.slack import seed
from sandbox.slack.chat import as_json, thread
from sandbox.slack.things import File, Json, Message
from sandbox.slack.workspace import Refusal, Workspace, wrong

LONGEST_ALT_TEXT = 1000


def upload_url(ws: Workspace, args: Json) -> Json:
    """files.getUploadURLExternal."""
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdigit() or int(length) == 0:
        raise Refusal("missing_argument")
    alt_text = str(args.get("alt_txt") or "")
    if len(alt_text) > LONGEST_ALT_TEXT:
        raise Refusal("alt_txt_too_large")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(ws.state.new_id("F"), name, int(length), alt_text, secrets.token_urlsafe(18), mimetype=kind)
    with ws.state.lock:
        ws.state.files[file.id] = file
    return {"upload_url": f"{ws.origin}/upload/v1/{file.ticket}", "file_id": file.id}


def take(ws: Workspace, ticket: str, content: bytes) -> str | None:
    """The bytes that came to an upload address: what the answer says, None for a wrong address or length."""
    file = next((one for one in ws.state.files.values() if one.ticket == ticket and one.content is None), None)
    if file is None or len(content) != file.length:
        return None
    file.content = content
    return f"OK - {file.length}"


def complete(ws: Workspace, args: Json) -> Json:
    """files.completeUploadExternal. To be shared in a channel the bot must be its member, public or not."""
    files = [_file(ws, one) for one in _listed(args.get("files"))]
    name = args.get("channel_id") or args.get("channels")
    if name:
        _share(ws, {**args, "channel": name}, files)
    for file in files:
        file.shared = True
    return {"files": [ws.file_body(file.id) for file in files]}


def _listed(given: Any) -> list[Json]:
    files = as_json(given, "invalid_arguments")
    if not isinstance(files, list) or not files or not all(isinstance(one, dict) and "id" in one for one in files):
        raise wrong("invalid_arguments", [("/files", "must be an array of objects with an id")])
    return files


def _file(ws: Workspace, listed: Json) -> File:
    file = ws.state.files.get(str(listed["id"]))
    if file is None or file.content is None or file.shared:
        raise Refusal("file_not_found")
    file.title = str(listed.get("title") or file.name)
    return file


def _share(ws: Workspace, args: Json, files: list[File]) -> None:
    channel = ws.state.channels.get(str(args["channel"]))
    if channel is None:
        raise Refusal("invalid_channel")
    if channel.archived:
        raise Refusal("is_archived")
    if not ws.is_member(channel):
        raise Refusal("not_in_channel")
    root = thread(ws, channel, args.get("thread_ts"))
    comment = str(args.get("initial_comment") or "")
    message = Message(ws.state.new_ts(), channel.id, seed.BOT_USER, comment, files=files, thread_ts=root, by_app=True)
    ws.state.add(message)
