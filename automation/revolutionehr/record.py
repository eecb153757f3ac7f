"""Records what the screens of a visit are made of: one JSON file a screen, for a fix when a locator fails.

What may be written down is decided by outline.py. Nothing is written before the visit is over: by then it is known
which words were data on any of its screens, and none of these is kept anywhere. Files are of mode 0600, their folder of
0700.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from automation.errors import AutomationError
from automation.revolutionehr.outline import (
    Raw,
    Secrets,
    Trust,
    allowed,
    data_words,
    outline,
    permission_may_be_kept,
    shape,
)
from automation.screen import Screen

LIMIT = 8000
"""Elements of a frame; what comes after is left out, and the file says so."""

_LOOK = (Path(__file__).parent / "record.js").read_text()


class NotWritten(Exception):
    """The folder can't be written to; str() says which and why."""


@dataclass(frozen=True)
class _Seen:
    """One screen as it was, in memory only."""

    name: str
    trust: Trust
    frames: tuple[Raw, ...]
    problem: AutomationError | None = None
    lines: tuple[str, ...] = ()


@dataclass
class Recorder:
    """Collects screens, and writes them down at the end. `given` are words that may stand nowhere, such as logins."""

    folder: Path
    given: tuple[str, ...] = ()
    seen: list[_Seen] = field(default_factory=list)

    def add(
        self,
        screen: Screen,
        name: str,
        trust: Trust,
        problem: AutomationError | None = None,
        lines: Iterable[str] = (),
    ) -> None:
        """Takes in the screen as it stands now; a frame that can't be read is left out.

        `lines` are the permissions of a tree, indented by their folders: some trees draw only a part of themselves.
        """
        frames = [raw for frame in screen.page.frames if (raw := _looked_into(frame))]
        self.seen.append(_Seen(name, trust, tuple(frames), problem, tuple(lines)))

    def write(self, first: int = 1) -> list[Path]:
        """Writes the files, numbered in the order of the visit, and forgets what was seen.

        Raises:
            NotWritten: the folder can't be made or written to.
        """
        secrets = Secrets(self.given, frozenset(w for one in self.seen for raw in one.frames
                                                for w in data_words(raw, one.trust)))  # fmt: skip
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            written = [
                _written(self.folder / f"{number:02d}-{one.name}.json", _document(number, one, secrets))
                for number, one in enumerate(self.seen, first)
            ]
        except OSError as error:
            problem = f"The folder {self.folder} can't be written to ({error.strerror})."
        else:
            self.seen.clear()
            return written
        raise NotWritten(problem)


def _looked_into(frame: Any) -> Raw | None:
    with contextlib.suppress(PlaywrightError):
        found = frame.evaluate(_LOOK, LIMIT)
        raw: Raw | None = json.loads(found) if found else None
        return raw if raw and raw["root"] else None
    return None


def _document(number: int, one: _Seen, secrets: Secrets) -> dict[str, Any]:
    keep = allowed(one.trust, secrets)
    document: dict[str, Any] = {"screen": one.name, "number": number, "kept": one.trust.value}
    document["build"] = next((raw["build"][:20] for raw in one.frames if raw["build"]), "")
    if one.problem is not None:
        document["problem"] = _problem(one.problem, keep)
    if one.lines:
        document["tree"] = [
            line if permission_may_be_kept(line, secrets) else shape(line.strip()) for line in one.lines
        ]
    document["frames"] = [
        {
            "address": _address(raw["url"], secrets),
            "title": keep([raw["title"]])[0] if raw["title"] else "",
            "size": [raw["width"], raw["height"]],
            **({"cut after": LIMIT} if raw["cut"] else {}),
            "outline": outline(raw, one.trust, secrets),
        }
        for raw in one.frames
    ]
    return document


def _problem(problem: AutomationError, keep: Any) -> dict[str, Any]:
    """What failed there. Its own sentence may quote the screen, so it isn't written down; what was sought is."""
    found: dict[str, Any] = {"class": str(problem.error_class)}
    if problem.sought is not None:
        sought = problem.sought
        found |= {"looked for": sought.words, "kind": sought.kind, "nearest on the screen": keep(sought.near)}
    return found


def _address(url: str, secrets: Secrets) -> str:
    """Without what may be a value in it: queries, numbers, names."""
    bare = re.sub(r"[?;][^#]*", "", url) if "://" in url else "about:blank"
    parts = ["…" if secrets.tells(part) else part for part in bare.split("/")]
    return re.sub(r"\d{3,}", "#", "/".join(parts))[:200]


def _written(path: Path, document: dict[str, Any]) -> Path:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        path.chmod(0o600)
        json.dump(document, file, indent=1, ensure_ascii=False)
        file.write("\n")
    return path
