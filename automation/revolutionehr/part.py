"""Which part of an Admin screen proves a step: the record, the line or the field in question, and nothing beside it.

A picture of it may go to the practice, so other people's lines are left out or covered: only what is known to belong to
our account stays (`Ours`), and what is no line of a list. Pure: sights in, a `Part` or None out. What may be pictured
at all is decided here too: no login form, no home screen, nothing of a screen that isn't Admin's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from automation.evidence import Part
from automation.revolutionehr.desired import DAYS, FIRST_NAME, LAST_NAME, PERMISSIONS, ROLE
from automation.revolutionehr.pages import basic_information, employee, header, sections, user_roles
from automation.screen import Sights
from automation.sight import Box, Sight, Text, Thing, Widget, normal, plain
from automation.tables import Row, equals, rows

BESIDE, LINE, NEAR = 16, 5, 40
"""Pixels around a form, above and below a line (so few that the next one isn't on the picture), around a field."""
FAR = 500
"""Pixels between a label and its value, at most."""

_FULL = (f"{FIRST_NAME} {LAST_NAME}", f"{LAST_NAME}, {FIRST_NAME}", f"{LAST_NAME} {FIRST_NAME}")
_EMPLOYEE = (
    *(employee.FIRST, employee.LAST, employee.USERNAME, employee.TEMPORARY, employee.CONFIRM),
    *(employee.EMERGENCY, employee.ALLOWED, employee.ROLES, employee.PRIMARY, employee.ACCESSIBLE),
    *(*sections.PERSONAL, *sections.LOGIN, *sections.RESTRICTIONS, *sections.LOCATIONS, *DAYS),
)
_ROLE = (user_roles.NAME, user_roles.PERMISSIONS_HEAD, *(name for names in PERMISSIONS for name in names))
"""Without the permissions themselves: some have the names of menus."""


@dataclass(frozen=True)
class Ours:
    """What is known of our account: the practice's ID, the user name, the locations by their names."""

    ehr_id: str = ""
    username: str = ""
    locations: tuple[str, ...] = ()


def of(sights: Sights, ours: Ours) -> Part | None:
    """The part to be pictured; None where nothing of this screen proves anything, or nothing of it may be shown."""
    bare = tuple(replace(sight, dialogs=()) for sight in sights)
    if any(sight.fitting(("password",)) for sight in sights) and not employee.is_open(sights):
        return None
    if not header.in_admin(bare):
        return None
    if user_roles.is_open(sights) and not employee.is_open(sights):
        return _form(sights, _ROLE, None)
    if employee.is_open(sights):
        return _form(sights, (*_EMPLOYEE, *ours.locations), ours)
    return _line(sights, ours) or _id(sights, ours)


# ---- a record's form ---------------------------------------------------------------------------------------


def _form(sights: Sights, words: Iterable[str], ours: Ours | None) -> Part | None:
    """From the first to the last of the words in the document: all that stands between them. Lines that aren't `ours`
    are covered; with None nothing is (there are no people in a role)."""
    wanted = {normal(word) for word in words if word}
    marks = {sight.frame: [t for t in sight.texts if _marks(sight, t, wanted)] for sight in sights}
    sight = max(sights, key=lambda one: len(marks[one.frame]))
    if not marks[sight.frame]:
        return None
    first, last = min(t.start for t in marks[sight.frame]), max(t.end for t in marks[sight.frame])
    covered = _strangers(sight, ours) if ours else set()
    inside: list[Thing] = [t for t in sight.texts if first <= t.start < last and not (t.nav or (t.popup and not t.row))]
    inside += [w for w in sight.widgets if first <= w.start < last or _of(w, marks[sight.frame])]
    if ours is None:
        inside += _tree(sight, first)
    boxes = [thing.box for thing in inside if sight.reachable(thing) and getattr(thing, "row", 0) not in covered]
    return Part(sight.frame, _padded(_around(boxes), BESIDE, BESIDE), tuple(sorted(covered))) if boxes else None


def _marks(sight: Sight, text: Text, wanted: set[str]) -> bool:
    if text.nav or text.head or not sight.reachable(text):
        return False
    return normal(text.own) in wanted or normal(text.whole) in wanted


def _tree(sight: Sight, first: int) -> list[Thing]:
    """The checks of the permissions with their words."""
    checks = [w for w in sight.fitting(("check",)) if w.start >= first]
    return [*checks, *(t for check in checks for t in sight.in_line(check.box) if 0 < t.box.x - check.box.x < FAR)]


def _of(widget: Widget, marks: list[Text]) -> bool:
    """True when one of these words stands in the widget's own field."""
    return any(text.inside(widget.field) for text in marks)


def _strangers(sight: Sight, ours: Ours) -> set[int]:
    """The numbers of the lines that may be somebody else's: in which nothing is ours, and nothing can be typed."""
    known = {plain(w) for w in (ours.username, ROLE, *_FULL, *ours.locations) if w} | {normal(w) for w in _EMPLOYEE}
    texts: dict[int, list[Text]] = defaultdict(list)
    for text in sight.texts:
        texts[text.row].append(text)
    typed = {w.row for w in sight.widgets if w.kind in ("text", "password", "choice", "box")}
    return {row for row, its in texts.items() if row and row not in typed and not _is_known(its, known)}


def _is_known(texts: list[Text], known: set[str]) -> bool:
    if all(text.head or text.nav for text in texts):
        return True
    return any(words in known for t in texts for words in (plain(t.own), plain(t.whole), normal(t.own)))


# ---- a line of a list, a field -----------------------------------------------------------------------------


def _line(sights: Sights, ours: Ours) -> Part | None:
    """Our line in a list: the employee's, else the role's."""
    for names in ((ours.username, *_FULL), (ROLE,)):
        for row in rows(sights, equals(*filter(None, names))):
            return Part(row.sight.frame, _padded(_around(t.box for t in row.texts), BESIDE, LINE), _beside(row))
    return None


def _beside(row: Row) -> tuple[int, ...]:
    """The other lines, should one reach into the picture."""
    return tuple(sorted({t.row for t in row.sight.texts if t.row and not t.nav} - {t.row for t in row.texts}))


def _id(sights: Sights, ours: Ours) -> Part | None:
    """The ID of Basic Information with its label."""
    for sight in sights:
        labels = [t for name in basic_information.LABELS for t in sight.saying(name)]
        values = [t.box for t in sight.texts if _is_number(t.own, ours)]
        values += [w.box for w in sight.fitting(("text",)) if _is_number(w.value, ours)]
        pairs = [(_distance(label.box, value), label.box, value) for label in labels for value in values]
        near = min((pair for pair in pairs if pair[0] < FAR), key=lambda pair: pair[0], default=None)
        alone = [t.box for t in sight.texts if t.own.startswith("ID") and _is_number(t.own[2:].lstrip(" :#"), ours)]
        boxes = list(near[1:]) if near else alone[:1]
        if boxes:
            return Part(sight.frame, _padded(_around(boxes), NEAR, NEAR))
    return None


def _is_number(words: str, ours: Ours) -> bool:
    return bool(ours.ehr_id) and basic_information.digits(words) == ours.ehr_id


def _distance(label: Box, value: Box) -> float:
    """Right of it in its line, or below it."""
    if label.same_line(value) and value.x >= label.x:
        return value.x - label.right
    below = value.y - label.bottom
    return below + abs(value.x - label.x) if 0 <= below < 60 else float("inf")


# ---- boxes -------------------------------------------------------------------------------------------------


def _around(boxes: Iterable[Box]) -> Box:
    all_ = list(boxes)
    x, y = min(b.x for b in all_), min(b.y for b in all_)
    return Box(x, y, max(b.right for b in all_) - x, max(b.bottom for b in all_) - y)


def _padded(box: Box, across: float, down: float) -> Box:
    return Box(box.x - across, box.y - down, box.w + 2 * across, box.h + 2 * down)
