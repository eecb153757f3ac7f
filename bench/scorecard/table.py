"""The scorecard on paper: Markdown for people, JSON for programs. Pure, but for `write`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.scorecard.play import Played


@dataclass(frozen=True)
class Scorecard:
    """What was played. `seed` made the combinations; `rows` are plain values, by the key of their case."""

    seed: int
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def survived(self) -> int:
        return sum(bool(row["survived"]) for row in self.rows.values())

    @property
    def headline(self) -> str:
        """`N of N survived, seed S`."""
        return f"{self.survived} of {len(self.rows)} survived, seed {self.seed}"

    def with_(self, played: Played, at: str) -> Scorecard:
        """With one more row, or one row anew."""
        return Scorecard(self.seed, {**self.rows, played.case.key: row(played, at)})


def row(played: Played, at: str) -> dict[str, Any]:
    """One case as plain values."""
    case, judged = played.case, played.judged
    return {
        "faults": list(case.faults),
        "front_end": case.front,
        "command": str(case.verb),
        "begins_with": str(case.start),
        "verdict": str(judged.verdict),
        "survived": judged.verdict.survived,
        "class": played.error_class,
        "seconds": round(played.seconds, 1),
        "sentence": played.sentence,
        "defect": judged.why,
        "why_so": case.why,
        "at": at,
    }


def as_json(card: Scorecard) -> str:
    """The whole scorecard."""
    whole = {"headline": card.headline, "seed": card.seed, "cases": [{"key": k, **card.rows[k]} for k in card.rows]}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Scorecard:
    """What `as_json` wrote."""
    whole = json.loads(text)
    return Scorecard(whole["seed"], {one.pop("key"): one for one in whole["cases"]})


def as_markdown(card: Scorecard) -> str:
    """Headline, defects first, then every case."""
    alone = {key: one for key, one in card.rows.items() if len(one["faults"]) <= 1}
    together = {key: one for key, one in card.rows.items() if len(one["faults"]) > 1}
    defects = [one for one in card.rows.values() if not one["survived"]]
    parts = [f"# {card.headline}", _INTRODUCTION]
    if defects:
        parts += ["## Defects", _table(defects, last="defect")]
    parts += ["## Each fault alone", _table(alone.values())]
    if together:
        parts += [f"## Together, by the seed {card.seed}", _table(together.values())]
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = """Every fault that the stand-in EHR knows (`onespot sandbox --faults` says each in a sentence) is met
by the real command with a real browser, SQLite and the vault. Nobody could try the real RevolutionEHR: what is counted
here is survived at the stand-in. The verdict is the EHR's own state's, not the command's:

- COMPLETED: success was claimed, and the EHR has one role with exactly the six permissions and one employee as the
  guide wants it, seven days, all locations, no emergency access; the kept password opens it; everybody is logged out.
  A plan and a check must have told the truth and changed nothing, a rotation must have changed the password, a
  retirement must have deactivated the employee and destroyed what was kept.
- STOPPED: the right class of error, a sentence that names the cause, nothing wrong left behind, nobody left logged in.
- Defects: WRONG (a claimed success that the state denies, or something that is never done), DOUBLED, STUCK, VAGUE
  (another class, or no cause in the sentence), LEFT (a session or wrong values left behind).

Which class is right stands beside each fault in `bench/scorecard/cases.py`. "from" says what was done already when the
command began: `role` steps 3 to 7, `employee` steps 3 to 14, `account` all of it. Again: `make scorecard`."""


def _table(rows: Any, last: str = "sentence") -> str:
    head = f"| fault | front end | command, from | verdict | class | s | {last} |\n|---|---|---|---|---|--:|---|"
    return "\n".join([head, *(_line(one, last) for one in rows)])


def _line(one: Mapping[str, Any], last: str) -> str:
    cells: Sequence[Any] = (
        " + ".join(one["faults"]) or "(none)",
        one["front_end"],
        f"{one['command']}, {one['begins_with']}",
        one["verdict"],
        one["class"],
        f"{one['seconds']:.0f}",
        f"{one['defect']}: {one['sentence']}" if last == "defect" and one["sentence"] else one[last],
    )
    return f"| {' | '.join(_cell(str(cell)) for cell in cells)} |"


def _cell(text: str) -> str:
    """One line that no Markdown reader takes for anything else; without the port that is another each time."""
    flat = " ".join(text.split())
    for sign in ("\\", "|", "<", "`", "*", "["):
        flat = flat.replace(sign, f"\\{sign}" if sign != "<" else "&lt;")
    return flat if len(flat) <= 240 else f"{flat[:239]}…"


def write(card: Scorecard, folder: Path) -> None:
    """Both files, whole; the folder is made where it isn't there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scorecard.json").write_text(as_json(card), encoding="utf-8")
    (folder / "scorecard.md").write_text(as_markdown(card), encoding="utf-8")
