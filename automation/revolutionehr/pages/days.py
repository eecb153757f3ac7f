"""Login Restrictions: which "Login Allowed" belongs to which weekday (guide, step 11).

The seven may be checks named by their day under the words "Login Allowed", or checks named "Login Allowed" in lines or
columns headed by the days, in either direction of a table; or buttons that stay down, one for each day, in a line that
says "Login Allowed". A check counts for a day when both words lead to it. Where two fields stand beside such a check,
or below it, they say from when to when that day is allowed.
"""

from __future__ import annotations

import re
from itertools import pairwise

from automation.fields import CHECK, Place, distance, shown
from automation.revolutionehr.desired import DAYS
from automation.screen import Sights
from automation.sight import Box, Sight, Text, Widget, normal

ALLOWED = "Login Allowed"
_SAID = {day: {day.casefold(), day[:3].casefold(), f"{day.casefold()}s"} for day in DAYS}
_ANY = frozenset().union(*_SAID.values())
_ALLOWED = normal(ALLOWED)
_OFF = re.compile(r"\s(off|no|(login )?not allowed)$", re.I)


def day_checks(sights: Sights) -> dict[str, Place]:
    """The check for each day for which there is exactly one."""
    for sight in sights:
        found = {}
        for day in DAYS:
            checks = _for_day(sight, day)
            if len(checks) == 1:
                found[day] = Place(sight, checks[0])
        if len({p.widget.id for p in found.values()}) == len(found) > 0:
            return found
    return {}


def day_hours(checks: dict[str, Place]) -> dict[str, tuple[str, str]]:
    """From when to when each day is allowed, as the fields say it ("" for an empty one); only for days that have both.

    They are taken for a day's when they are the only two between its check and the next one.
    """
    found = {day: _between(place, list(checks.values())) for day, place in checks.items()}
    return {
        day: (_value(checks[day], two[0]), _value(checks[day], two[1])) for day, two in found.items() if len(two) == 2
    }


def _between(place: Place, checks: list[Place]) -> list[Widget]:
    """The fields right of a day's check, up to the next check in that line; else those below it, up to the next one."""
    box = place.widget.box
    fields = place.sight.fitting(("text", "choice", "box"))
    others = [one.widget.box for one in checks if one.widget.id != place.widget.id]
    end = min((b.x for b in others if b.same_line(box) and b.x > box.x), default=float("inf"))
    beside = [w for w in fields if w.box.same_line(box) and box.right <= w.box.x < end]
    if beside:
        return sorted(beside, key=lambda w: w.box.x)
    if not any(b.same_line(box) for b in others):
        return []
    end = min((b.y for b in others if b.same_column(box) and b.y > box.y), default=float("inf"))
    below = [w for w in fields if box.bottom <= w.box.y < min(end, box.bottom + 160)]
    left, right = _column(place.sight, box) or (box.x, box.x)
    below = [w for w in below if w.box.same_column(box) or left <= w.box.x < right]
    return sorted(below, key=lambda w: w.box.y)


def _value(place: Place, widget: Widget) -> str:
    return next(iter(shown(Place(place.sight, widget))), "")


def _for_day(sight: Sight, day: str) -> list[Widget]:
    checks = sight.fitting(CHECK)
    named = [w for w in (*checks, *_toggles(sight)) if any(_is_day(n, day) for n in _named(w) if n)]
    if len(named) == 1:
        return named
    words = [t for t in sight.texts if _is_day(t.own, day) and sight.reachable(t)]
    led = named or [w for w in checks if any(_leads(sight, t, w, checks) for t in words)]
    if len(led) > 1:
        led = [w for w in led if _is_allowed(sight, w)]
    return led


def _named(widget: Widget) -> list[str]:
    """What it is called; also without the words with which a switch may say that it is off."""
    names = [*widget.names, widget.aria]
    off = widget.role == "switch" and widget.checked == "false"
    return names + [_OFF.sub("", name) for name in names if off]


def _toggles(sight: Sight) -> list[Widget]:
    """The buttons that stay down in a line in which "Login Allowed" names, stands beside or heads one of them."""
    toggles = sight.fitting(("toggle",))
    allowed = [w.box for w in toggles if _is_allowed(sight, w)]
    return [w for w in toggles if any(w.box.same_line(box) for box in allowed)]


def _is_day(words: str, day: str) -> bool:
    return _bare(words) in _SAID[day]


def _bare(words: str) -> str:
    bare = normal(words).replace(_ALLOWED, "").strip(" -–:,()")
    return bare.removeprefix("on ").removesuffix(" on")


def _leads(sight: Sight, text: Text, check: Widget, checks: list[Widget]) -> bool:
    """True when the day's word stands beside the check, heads its line, or heads its column."""
    near = distance(text.box, check)
    if near is not None and near <= 60 and not _nearer(sight, text, check, near):
        return True
    if _has_own_day(sight, check):
        return False
    if text.box.same_line(check.box) and text.box.x < check.box.x:
        between = [
            t for t in sight.texts if text.box.x < t.box.x < check.box.x and t.box.same_line(check.box) and _any_day(t)
        ]
        return not between
    if any(t.box.same_line(check.box) and _any_day(t) for t in sight.texts):
        return False
    if (column := _column(sight, check.box)) and len(_in_column(column, check, checks)) == 1:
        return column[0] <= text.box.x < column[1] and text.box.bottom <= check.box.y + 4
    if text.box.bottom <= check.box.y + 4 and abs(text.box.middle[0] - check.box.middle[0]) <= max(text.box.w, 40):
        return not any(
            text.box.y + 4 < t.box.y < check.box.y and t.box.same_column(check.box) and _any_day(t) for t in sight.texts
        )
    return False


def _column(sight: Sight, box: Box) -> tuple[float, float] | None:
    """From where to where the column of a day reaches, by the words of the seven that head all columns in one line."""
    above = [t.box for t in sight.texts if _any_day(t) and t.box.bottom <= box.y + 4]
    lowest = max(above, key=lambda b: b.y, default=box)
    begins = sorted({b.x - 4 for b in above if b.same_line(lowest)})
    if len(begins) != len(DAYS):
        return None
    return next(((a, b) for a, b in pairwise([*begins, float("inf")]) if a <= box.x < b), None)


def _in_column(column: tuple[float, float], check: Widget, checks: list[Widget]) -> list[Widget]:
    return [w for w in checks if w.box.same_line(check.box) and column[0] <= w.box.x < column[1]]


def _has_own_day(sight: Sight, check: Widget) -> bool:
    """True when a day's word stands directly to the right of the check: then no line or column names it."""
    return any(
        -6 <= t.box.x - check.box.right <= 60 and t.box.same_line(check.box) and _any_day(t) for t in sight.texts
    )


def _nearer(sight: Sight, text: Text, check: Widget, near: float) -> bool:
    return any(
        t.id != text.id and (cost := distance(t.box, check)) is not None and cost < near and _any_day(t)
        for t in sight.texts
    )


def _any_day(text: Text) -> bool:
    return _bare(text.own) in _ANY


def _is_allowed(sight: Sight, check: Widget) -> bool:
    """True when "Login Allowed" names the check, stands beside it, or heads its line, column or group."""
    said = [*check.names, check.aria, *check.groups]
    if any(normal(ALLOWED) in normal(s) for s in said if s):
        return True
    for text in sight.texts:
        if not text.says(ALLOWED):
            continue
        near = distance(text.box, check)
        heads_column = text.box.bottom <= check.box.y + 4 and text.box.same_column(check.box)
        heads_line = text.box.same_line(check.box)
        if (near is not None and near <= 60) or heads_column or heads_line:
            return True
    return False
