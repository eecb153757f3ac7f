"""The JSON under /workspace: the workspace as one person sees it, news of it, and that person's deeds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.slack import modals, seed
from sandbox.slack.delivery import Delivery
from sandbox.slack.people import People
from sandbox.slack.things import Channel, Json, Message, User, View
from sandbox.slack.workspace import Refusal, Workspace

LONGEST_WAIT = 25.0


class Room:
    """What the page and `Person` talk to."""

    def __init__(self, workspace: Workspace, delivery: Delivery, people: People) -> None:
        self._ws = workspace
        self._delivery = delivery
        self._people = people
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self.stopping = False
        workspace.state.on_change.append(self.wake)

    def routes(self) -> list[Route]:
        """Everything under /workspace."""
        people = self._people
        deeds: dict[str, Callable[[Json], Json | Awaitable[Json]]] = {
            "command": people.command,
            "message": people.message,
            "press": people.press,
            "submit": people.submit,
            "close": people.close,
            "home": people.home,
        }
        return [
            Route("/workspace/view", self._view),
            Route("/workspace/wait", self._wait),
            Route("/workspace/file/{id}", self._file),
            *(Route(f"/workspace/{name}", _deed(deed), methods=["POST"]) for name, deed in deeds.items()),
        ]

    def wake(self) -> None:
        """Tell those who wait that something is new; from any thread."""
        for loop, event in list(self._waiting):
            loop.call_soon_threadsafe(event.set)

    async def _view(self, request: Request) -> Response:
        user = self._user(request)
        return JSONResponse(self.seen_by(user)) if user else _nobody()

    async def _wait(self, request: Request) -> Response:
        user = self._user(request)
        if user is None:
            return _nobody()
        since = int(request.query_params.get("since") or 0)
        longest = min(float(request.query_params.get("timeout") or LONGEST_WAIT), LONGEST_WAIT)
        end = asyncio.get_running_loop().time() + longest
        while self._ws.state.version <= since and not self.stopping:
            left = end - asyncio.get_running_loop().time()
            if left <= 0 or not await self._news(since, left):
                return Response(status_code=204)
        return Response(status_code=204) if self.stopping else JSONResponse(self.seen_by(user))

    async def _news(self, since: int, timeout: float) -> bool:
        me = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(me)
        try:
            if self._ws.state.version > since:
                return True
            await asyncio.wait_for(me[1].wait(), timeout)
            return True
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(me)

    async def _file(self, request: Request) -> Response:
        file = self._ws.state.files.get(str(request.path_params["id"]))
        if file is None or file.content is None:
            return JSONResponse({"ok": False, "error": "file_not_found"}, status_code=404)
        return Response(file.content, media_type=file.mimetype)

    def _user(self, request: Request) -> User | None:
        user = self._ws.state.users.get(request.query_params.get("user", ""))
        return None if user is None or user.is_bot else user

    # The workspace as one person sees it

    def seen_by(self, me: User) -> Json:
        """The answer of /workspace/view."""
        state, manifest = self._ws.state, self._ws.manifest
        with state.lock:
            home = state.homes.get(me.id)
            return {
                "version": state.version,
                "team": {"id": seed.TEAM, "name": seed.TEAM_NAME},
                "me": _user_body(me),
                "users": [_user_body(user) for user in state.users.values()],
                "usergroups": [{"id": group.id, "handle": group.handle} for group in state.usergroups.values()],
                "channels": [self._channel(one, me) for one in state.channels.values() if _sees(me, one)],
                "app": {
                    "id": seed.APP,
                    "name": manifest.name,
                    "user": seed.BOT_USER,
                    "commands": list(manifest.commands),
                    "online": self._delivery.online,
                },
                "home": _view_body(home) if home else None,
                "modals": [_view_body(view) for view in state.modals.get(me.id, [])],
                "notices": [{"id": one.id, "text": one.text} for one in state.notices if one.user == me.id],
            }

    def _channel(self, channel: Channel, me: User) -> Json:
        mine = [one for one in channel.messages if one.to in (None, me.id)]
        return {
            "id": channel.id,
            "name": self._ws.manifest.name if channel.dm_with else channel.name,
            "topic": channel.topic,
            "archived": channel.archived,
            "dm": channel.dm_with is not None,
            "member": me.id in channel.members,
            "messages": [self._message(one, mine) for one in mine if one.thread_ts is None],
        }

    def _message(self, message: Message, mine: list[Message]) -> Json:
        replies = [one for one in mine if one.thread_ts == message.ts]
        body: Json = {
            "ts": message.ts,
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "files": [self._file_body(file.id) for file in message.files],
            "edited": message.edited,
            "ephemeral": message.to is not None,
            "values": message.values,
            "reply_count": sum(one.to is None for one in replies),
            "replies": [self._message(one, []) for one in replies],
        }
        if message.by_app:
            body |= {"bot_id": seed.BOT, "app_name": self._ws.manifest.name}
        if message.thread_ts is not None:
            body["thread_ts"] = message.thread_ts
        if message.subtype is not None:
            body["subtype"] = message.subtype
        return body

    def _file_body(self, file_id: str) -> Json:
        file = self._ws.state.files[file_id]
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "alt_text": file.alt_text,
            "mimetype": file.mimetype,
            "url": f"/workspace/file/{file.id}",
        }


def _sees(me: User, channel: Channel) -> bool:
    """Public channels are seen by everybody of the workspace; direct messages once there are any."""
    if channel.dm_with is not None:
        return channel.dm_with == me.id and bool(channel.messages)
    return me.id in channel.members or (not channel.private and me.team == seed.TEAM)


def _user_body(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "color": user.color,
        "is_bot": user.is_bot,
        "deleted": user.deleted,
        "team_id": user.team,
    }


def _view_body(view: View) -> Json:
    return {**modals.body(view), "errors": view.errors, "trouble": view.trouble}


def _nobody() -> Response:
    return JSONResponse({"ok": False, "error": "user_not_found"}, status_code=404)


def _deed(deed: Callable[[Json], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            body = json.loads(await request.body())
            done = deed(body if isinstance(body, dict) else {})
            return JSONResponse(await done if isinstance(done, Awaitable) else done)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_json"}, status_code=400)
        except Refusal as refusal:
            return JSONResponse({"ok": False, "error": refusal.error})

    return answer
