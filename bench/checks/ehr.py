"""The stand-in EHR with the weight of a real one at the first load: 47 requests, 2.1 MB. Not measured itself.

`python -m bench.checks.ehr` says its address and a login that works, and ends when stdin does. Its accounts are those
of the stand-in and a OneSpot employee as a run leaves it.
"""

from __future__ import annotations

import json
import sys
import zlib

from starlette.requests import Request
from starlette.responses import Response

from sandbox.ehr import SandboxEhr, seed
from sandbox.ehr.records import Secret

USERNAME, PASSWORD = "OneSpot2915", "Bench-Only-4711"

SCRIPTS, SHEETS, PICTURES = 15, 5, 5
"""Files beside the front end's own 22, so that a first load makes 47 requests."""
SCRIPT, SHEET, SIDE = 3_000, 1_500, 30
"""Bytes of a script and of a sheet, and the pixels of a picture's side: the front end has 2.0 MB of its own."""

_FUNCTION = (
    "export function f{n}(a, b) {{ const t = []; for (let i = 0; i < a; i++) t.push(b * i + {n}); return t; }}\n"
)


class HeavyEhr(SandboxEhr):
    """The legacy front end; its first page asks for what a real one asks for besides."""

    async def _static(self, request: Request) -> Response:
        name = str(request.path_params["path"])
        if name.startswith("weight/"):
            return _weight(name)
        answer = await super()._static(request)
        if name in ("", "index.html"):
            page = bytes(answer.body).decode().replace("</head>", f"{_tags()}</head>")
            return Response(page, media_type="text/html", headers={"Cache-Control": "no-cache"})
        return answer


def _tags() -> str:
    scripts = "".join(f'<script type="module" src="/static/weight/{n}.js"></script>' for n in range(SCRIPTS))
    sheets = "".join(f'<link rel="stylesheet" href="/static/weight/{n}.css">' for n in range(SHEETS))
    pictures = "".join(f'<link rel="preload" as="image" href="/static/weight/{n}.bmp">' for n in range(PICTURES))
    return scripts + sheets + pictures


def _weight(name: str) -> Response:
    number, _, kind = name.removeprefix("weight/").partition(".")
    seed_ = zlib.crc32(name.encode()) % 1000
    if kind == "js":
        lines = "".join(_FUNCTION.format(n=seed_ + n) for n in range(SCRIPT // len(_FUNCTION)))
        return _kept(f"{lines}f{seed_}(500, 2);\n".encode(), "text/javascript")
    if kind == "css":
        rule = ".weight-{n} .row > td:nth-child(2n) {{ color: #283747; padding: {n}px; }}\n"
        return _kept("".join(rule.format(n=n) for n in range(SHEET // len(rule))).encode(), "text/css")
    return _kept(_bitmap(int(number)), "image/bmp")


def _bitmap(shade: int) -> bytes:
    """A picture that a browser can decode."""
    side = SIDE
    rows = bytes([shade * 20 % 256, 120, 90] * side + [0] * (-3 * side % 4)) * side
    head = b"BM" + (54 + len(rows)).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    info = (40).to_bytes(4, "little") + side.to_bytes(4, "little") * 2 + b"\x01\x00\x18\x00" + bytes(24)
    return head + info + rows


def _kept(body: bytes, kind: str) -> Response:
    return Response(body, media_type=kind, headers={"Cache-Control": "max-age=86400"})


def provision(ehr: SandboxEhr) -> None:
    """A role and an employee as the guide leaves them, with a password that is known."""
    state = ehr.state
    role = seed.onespot_role(state)
    who = seed.onespot_employee(state, "Sync", "OneSpot")
    who.secret, who.must_reset, who.emergency = Secret.of(PASSWORD), False, False
    who.role_ids = [role.id]
    who.location_ids = [place.id for place in state.locations.values() if place.active]
    who.primary_location_id = who.location_ids[0]
    for day in who.days.values():
        day.allowed = True


def main() -> None:
    """Serve until stdin ends."""
    with HeavyEhr("legacy") as ehr:
        provision(ehr)
        sys.stdout.write(json.dumps({"url": ehr.url, "username": USERNAME, "password": PASSWORD}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
