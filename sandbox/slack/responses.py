"""response_url: five messages in thirty minutes about something that a person did, without a token.

docs.slack.dev/interactivity/handling-user-interaction. An app's answer to a slash command goes the same way.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.slack import seed
from sandbox.slack.chat import LONGEST, content, thread
from sandbox.slack.things import Answer, Json, Message
from sandbox.slack.workspace import Refusal, Workspace

USES = 5
LIFE = timedelta(minutes=30)


class Responses:
    """Answers /response/KIND/NAME."""

    def __init__(self, workspace: Workspace) -> None:
        self._ws = workspace

    async def __call__(self, request: Request) -> Response:
        """One use of a response_url."""
        ws, body = self._ws, (await request.body()).decode("utf-8", "replace")
        if "down" in ws.faults:
            ws.heard("response_url", "http 503", body)
            return PlainTextResponse("The server is not available.", status_code=503)
        try:
            answer = self._answer(str(request.path_params["name"]))
            put(ws, answer, _given(body))
        except Refusal as refusal:
            ws.heard("response_url", refusal.error, body)
            gone = refusal.error in ("expired_url", "used_url")
            return JSONResponse(refusal.answer(), status_code=404 if gone else 400)
        ws.heard("response_url", "ok", body)
        return PlainTextResponse("ok")

    def _answer(self, name: str) -> Answer:
        answer = self._ws.state.answers.get(name)
        if answer is None or self._ws.clock() - answer.at > LIFE:
            raise Refusal("expired_url")
        if answer.uses >= USES:
            raise Refusal("used_url")
        answer.uses += 1
        return answer


def _given(body: str) -> Json:
    try:
        given: Any = json.loads(body)
    except ValueError:
        raise Refusal("invalid_payload") from None
    if not isinstance(given, dict):
        raise Refusal("invalid_payload")
    return given


def put(ws: Workspace, answer: Answer, given: Json) -> None:
    """Post, replace or delete a message as `given` says; only for the person who acted, unless it says in_channel."""
    original = answer.message
    if given.get("delete_original"):
        if original is not None:
            _remove(ws, original)
        return
    text, blocks = content(given, LONGEST)
    if given.get("replace_original") and original is not None:
        original.show(text, blocks or [])
        original.edited = original.to is None
        ws.state.changed()
        return
    channel = ws.state.channels[answer.channel]
    public = given.get("response_type") == "in_channel"
    if channel.archived:
        raise Refusal("is_archived")
    ws.state.add(
        Message(
            ws.state.new_ts(),
            channel.id,
            seed.BOT_USER,
            text,
            blocks or [],
            thread_ts=thread(ws, channel, given.get("thread_ts")),
            to=None if public else answer.user,
            by_app=True,
        )
    )


def _remove(ws: Workspace, message: Message) -> None:
    with ws.state.lock:
        messages = ws.state.channels[message.channel].messages
        if message in messages:
            messages.remove(message)
    ws.state.changed()
