"""The Web API: every method with the scope it needs, and what happens to a call before it is carried out.

A call is taken apart (form, JSON, query), its token is looked at, then the scope, the rate and what is required.
"""

from __future__ import annotations

import asyncio
import email.parser
import email.policy
import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.slack import chat, directory, files, modals
from sandbox.slack.things import Json
from sandbox.slack.workspace import Refusal, Workspace, wrong


@dataclass(frozen=True)
class Method:
    """How a method is carried out, with what scope, with which token, and what it can't do without."""

    run: Callable[[Workspace, Json], Json]
    scope: str | None = None
    required: tuple[str, ...] = ()
    caller: str = "bot"


READ = "channels:read,groups:read,mpim:read,im:read"
OPEN = "channels:manage,groups:write,im:write,mpim:write"

METHODS: dict[str, Method] = {
    "api.test": Method(directory.api_test, caller="anybody"),
    "auth.test": Method(directory.auth_test),
    "apps.connections.open": Method(directory.open_connection, caller="app"),
    "chat.postMessage": Method(chat.post, "chat:write", ("channel",)),
    "chat.update": Method(chat.update, "chat:write", ("channel", "ts")),
    "chat.delete": Method(chat.delete, "chat:write", ("channel", "ts")),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write", ("channel", "user")),
    "chat.getPermalink": Method(chat.permalink, None, ("channel", "message_ts")),
    "views.open": Method(modals.open_view, None, ("view", "trigger_id")),
    "views.push": Method(modals.push_view, None, ("view", "trigger_id")),
    "views.update": Method(modals.update_view, None, ("view",)),
    "views.publish": Method(modals.publish_view, None, ("user_id", "view")),
    "users.info": Method(directory.user_info, "users:read", ("user",)),
    "usergroups.users.list": Method(directory.group_members, "usergroups:read", ("usergroup",)),
    "conversations.open": Method(directory.open_conversation, OPEN, ("users",)),
    "conversations.info": Method(directory.conversation_info, READ, ("channel",)),
    "files.getUploadURLExternal": Method(files.upload_url, "files:write", ("filename", "length")),
    "files.completeUploadExternal": Method(files.complete, "files:write", ("files",)),
}


class WebApi:
    """Answers /api/METHOD."""

    def __init__(self, workspace: Workspace) -> None:
        self._ws = workspace

    async def __call__(self, request: Request) -> Response:
        """One call, from its arrival to its answer."""
        ws, name = self._ws, str(request.path_params["method"])
        body = await request.body()
        query = f"{request.url.path}?{request.url.query}" if request.url.query else ""
        heard = (query, body.decode("utf-8", "replace"))
        if "slow" in ws.faults:
            await asyncio.sleep(ws.dials.slow)
        if "down" in ws.faults or "http-500" in ws.faults:
            status = 503 if "down" in ws.faults else 500
            ws.heard(name, f"http {status}", *heard)
            return PlainTextResponse("The server is not available.", status_code=status)
        try:
            args = arguments(request, body)
            answer = self._carry_out(name, args, _token(request, args))
        except Refusal as refusal:
            ws.heard(name, refusal.error, *heard)
            return _refused(refusal)
        ws.heard(name, "ok", *heard)
        return JSONResponse({"ok": True, **answer}, headers={"X-OAuth-Scopes": ",".join(ws.scopes)})

    def _carry_out(self, name: str, args: Json, token: str | None) -> Json:
        ws, method = self._ws, METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method", req_method=name)
        if method.caller != "anybody":
            self._authorise(method, token)
        if "rate-storm" in ws.faults and name == ws.dials.storm:
            raise Refusal("ratelimited", retry_after=ws.dials.storm_retry_after)
        wait = ws.limits.refused(name, str(args.get("channel") or ""))
        if wait is not None:
            raise Refusal("ratelimited", retry_after=wait)
        missing = [field for field in method.required if args.get(field) in (None, "")]
        if missing:
            raise wrong("invalid_arguments", [("", f"missing required field: {field}") for field in missing])
        return method.run(ws, {field: value for field, value in args.items() if field != "token"})

    def _authorise(self, method: Method, token: str | None) -> None:
        ws = self._ws
        if not token:
            raise Refusal("not_authed")
        if token not in (ws.bot_token, ws.app_token):
            raise Refusal("invalid_auth")
        if (token == ws.app_token) != (method.caller == "app"):
            raise Refusal("not_allowed_token_type")
        if method.scope and not set(method.scope.split(",")) & set(ws.scopes):
            raise Refusal("missing_scope", needed=method.scope, provided=",".join(ws.scopes))


def arguments(request: Request, body: bytes) -> Json:
    """A call's arguments, from its query and its form or JSON. Refuses what can't be read."""
    args: Json = dict(request.query_params)
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    if not body:
        return args
    if kind == "application/json":
        try:
            given = json.loads(body)
        except ValueError:
            raise Refusal("invalid_json") from None
        if not isinstance(given, dict):
            raise Refusal("json_not_object")
        return {**args, **{name: value for name, value in given.items() if name != "token"}}
    if kind == "application/x-www-form-urlencoded":
        return {**args, **dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))}
    if kind == "multipart/form-data":
        return {**args, **_multipart(request.headers["content-type"], body)}
    raise Refusal("invalid_post_type" if kind else "missing_post_type")


def _multipart(kind: str, body: bytes) -> Json:
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    whole = parser.parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_content() for part in whole.iter_parts()
    }


def _token(request: Request, args: Json) -> str | None:
    header = request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else args.get("token")


def _refused(refusal: Refusal) -> Response:
    if refusal.error == "ratelimited":
        wait = str(refusal.more["retry_after"])
        return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": wait})
    return JSONResponse(refusal.answer())
