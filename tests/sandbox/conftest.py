"""A stand-in EHR without a socket, and a visitor who talks to its API as a front end does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from httpx import Response

from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr

API = "/pms/api/"
ONESPOT = "OneSpot2915"
TEMPORARY = "Temp-Word-4711"
FINAL = "Final-Word-8822"
SIX = (
    "accounting-module.view-invoices",
    "accounting-module.view-claims",
    "administration-module.view-administration",
    "administration-module.general",
    "administration-module.employee-roles",
    "administration-module.vendors-partners",
)


class Clock:
    """A Wednesday noon that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class NoSocket(httpx.BaseTransport):
    """Hands each request to the application itself."""

    def __init__(self, ehr: SandboxEhr) -> None:
        self.inner = httpx.ASGITransport(ehr.application())

    def handle_request(self, request: httpx.Request) -> Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> Response:
        answer = await self.inner.handle_async_request(request)
        body = await answer.aread()
        return Response(answer.status_code, headers=answer.headers, content=body)


class Visitor:
    """Somebody's browser: a cookie jar and the header that the front ends send."""

    def __init__(self, ehr: SandboxEhr) -> None:
        self.client = httpx.Client(
            transport=NoSocket(ehr), base_url="http://ehr", headers={"X-Requested-With": "XMLHttpRequest"}
        )

    def get(self, path: str, **params: Any) -> Response:
        return self.client.get(API + path, params=params)

    def post(self, path: str, body: object = None) -> Response:
        return self.client.post(API + path, json=body if body is not None else {})

    def put(self, path: str, body: object) -> Response:
        return self.client.put(API + path, json=body)

    def login(self, username: str, password: str, **more: object) -> Response:
        return self.post("login", {"username": username, "password": password, **more})

    def session(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.get("session").json()
        return answer

    def close(self) -> None:
        self.client.close()


def employee(**changes: object) -> dict[str, object]:
    """The form of the guide's employee, filled."""
    return {
        "firstName": "Sync",
        "lastName": "OneSpot",
        "username": ONESPOT,
        "temporaryPassword": TEMPORARY,
        "confirmTemporaryPassword": TEMPORARY,
        "emergency": False,
        "roleIds": [],
        "primaryLocationId": "4471",
        "locationIds": ["4471", "4488", "4602"],
    } | changes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ehr(clock: Clock) -> SandboxEhr:
    """The practice, with delays short enough for a test."""
    standin = SandboxEhr(clock=clock)
    for name in ("slow_first", "slow_save", "slow_tree", "slow_id", "slow_network"):
        setattr(standin.desk, f"{name}_seconds", 0.01)
    return standin


@pytest.fixture
def visit(ehr: SandboxEhr) -> Iterator[Callable[[], Visitor]]:
    """Opens another browser."""
    opened: list[Visitor] = []

    def another() -> Visitor:
        opened.append(Visitor(ehr))
        return opened[-1]

    yield another
    for visitor in opened:
        visitor.close()


@pytest.fixture
def visitor(visit: Callable[[], Visitor]) -> Visitor:
    return visit()


@pytest.fixture
def admin(visit: Callable[[], Visitor]) -> Visitor:
    """The administrator, logged in."""
    person = visit()
    assert person.login(ADMIN_USERNAME, ADMIN_PASSWORD).status_code == 200
    return person


@pytest.fixture
def provisioned(admin: Visitor) -> Visitor:
    """The administrator, after the guide's steps 3 to 14."""
    role = admin.post("roles", {"name": "OneSpot", "permissions": list(SIX)}).json()
    assert admin.post("employees", employee(roleIds=[role["id"]])).status_code == 201
    return admin
