"""Stand-in EHRs of a real one's weight as a process of their own, each for one run; and a judge of what a run left.

`python -m bench.ehr FRONT NUMBER [SECONDS]` says their addresses; with SECONDS each answer takes so long, asleep. A
line {"judge": N, "password": P} is answered with the verdict on the Nth of them. It ends when stdin does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import ExitStack
from typing import Any, Literal, cast

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.checks.ehr import HeavyEhr
from bench.scorecard.cases import Case, Start, Verb
from bench.scorecard.judge import Claim, Truth, judge
from sandbox.ehr import ADMIN_PASSWORD, ADMIN_USERNAME

USERNAME = "OneSpot2915"
DONE = Claim(ended=True, succeeded=True)
_PROVISIONED = Case((), "legacy", Verb.PROVISION, Start.NOTHING, True, ())

Front = Literal["legacy", "modern"]
FRONTS: tuple[Front, ...] = ("legacy", "modern")


class _Asleep:
    """Each request waits before anything is done about it; the processor is free meanwhile."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


class DistantEhr(HeavyEhr):
    """One whose every answer takes so many seconds."""

    seconds = 0.0

    def application(self) -> Starlette:
        app = super().application()
        if self.seconds:
            app.add_middleware(_Asleep, seconds=self.seconds)
        return app


def verdict(ehr: HeavyEhr, before: dict[str, Any], password: str) -> dict[str, str]:
    """Whether there is exactly what the guide's 17 steps leave, with this password, and why not."""
    held = ehr.state.password_is(USERNAME, password)
    judged = judge(_PROVISIONED, DONE, Truth(before, ehr.state.as_json(), held, held, "SUCCEEDED"))
    return {"verdict": str(judged.verdict), "why": judged.why}


def main() -> None:
    """Serve until stdin ends."""
    front, number = cast(Front, sys.argv[1]), int(sys.argv[2])
    with ExitStack() as stack:
        ehrs = []
        for _ in range(number):
            ehr = DistantEhr(front)
            ehr.seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
            ehrs.append(stack.enter_context(ehr))
        before = [ehr.state.as_json() for ehr in ehrs]
        _say({"urls": [ehr.url for ehr in ehrs], "username": ADMIN_USERNAME, "password": ADMIN_PASSWORD})
        for line in sys.stdin:
            asked = json.loads(line)
            at = asked["judge"]
            _say(verdict(ehrs[at], before[at], asked["password"]))


def _say(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
