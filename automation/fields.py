"""Find the control for a visible label, set it, read it back.

Which control belongs to which words is decided on a `Sight`, purely: first what the page itself associates, then the
smallest part of the page that holds both, then where they stand; placeholder and aria-label last. Where more than one
is left, or the page's word and the eye contradict each other, it refuses. Setting is done as a person would and is
believed only after the control, found anew, has shown it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import SecretStr

from automation.errors import PasswordRefused, ScreenChanged
from automation.nearest import OF_KIND, WORDS, missing
from automation.screen import Screen, Sights, WentAway
from automation.sight import Box, Sight, Text, Widget, normal, plain

TEXT = ("text", "password")
CHECK = ("check",)
CHOICE = ("choice", "list")
Span = tuple[int, int]
EVERYWHERE: Span = (0, 1_000_000_000)


@dataclass(frozen=True)
class Place:
    """A control and the frame it was seen in."""

    sight: Sight
    widget: Widget


# ---- which control belongs to which words ------------------------------------------------------------------


def seek(sights: Sights, label: str, kinds: Sequence[str], hints: Sequence[str] = (), span: Span = EVERYWHERE) -> Place:
    """The one control of these kinds that a person would say belongs to the label.

    Raises:
        ScreenChanged: none fits (says what looks nearest), or more than one does (says which).
    """
    found = _the_one(sights, label, kinds, hints, span)
    if isinstance(found, Place):
        return found
    if found:
        seen = "; ".join(map(_describe, found[:4]))
        raise ScreenChanged(
            f"“{label}” fits {len(found)} controls: {seen}.",
            "The screen isn't the one the guide describes, and guessing could change the wrong thing.",
            "Look at the picture; nothing was changed at this step.",
        )
    raise missing(sights, label, OF_KIND.get(kinds[0], WORDS))


def spot(
    sights: Sights, label: str, kinds: Sequence[str], hints: Sequence[str] = (), span: Span = EVERYWHERE
) -> Place | None:
    """`seek`, but None where there is none or more than one."""
    found = _the_one(sights, label, kinds, hints, span)
    return found if isinstance(found, Place) else None


def _the_one(
    sights: Sights, label: str, kinds: Sequence[str], hints: Sequence[str], span: Span
) -> Place | list[Widget]:
    """The control, else all that would fit."""
    rivals: list[Widget] = []
    wanted = (*hints, guide_mark(label))
    for sight in sights:
        found = candidates(sight, label, tuple(kinds), span)
        if len(found) > 1:
            hinted = [w for w in found if any(h.casefold() in " ".join(w.hints).casefold() for h in wanted)]
            found = hinted if len(hinted) == 1 else found
        if len(found) == 1:
            return Place(sight, found[0])
        rivals += found
    return rivals


def guide_mark(label: str) -> str:
    """What a control carries among its hints that somebody named for these words, by its test-id."""
    return f"guide={normal(label)};"


def candidates(sight: Sight, label: str, kinds: tuple[str, ...], span: Span = EVERYWHERE) -> list[Widget]:
    """All controls that the label may mean, from the first way of reading that yields any."""
    want = normal(label)
    fitting = [w for w in sight.fitting(kinds) if w.inside(span)]
    labels = [t for t in sight.texts if t.says(label) and not t.head and sight.reachable(t) and t.inside(span)]
    associated = [w for w in fitting if any(normal(n) == want for n in w.names)]
    drawn = _by_place(sight, labels, fitting)
    if associated:
        return _agreed(sight, associated, drawn, labels)
    for found in (_by_nearness(sight, labels, fitting), drawn):
        if found:
            return found
    for said in ("placeholder", "aria"):
        found = [w for w in fitting if normal(getattr(w, said)) == want and not w.names]
        if found:
            return found
    return []


def _agreed(sight: Sight, associated: list[Widget], drawn: list[Widget], labels: list[Text]) -> list[Widget]:
    """What the page associates; both, where the eye clearly says another one and that one is far from the label."""
    if (
        len(associated) == 1
        and len(drawn) == 1
        and associated[0] is not drawn[0]
        and not associated[0].drawn
        and labels
    ):
        near = [cost for t in labels if (cost := distance(t.box, associated[0])) is not None]
        if not near:
            return [associated[0], drawn[0]]
    return associated


def _by_nearness(sight: Sight, labels: list[Text], fitting: list[Widget]) -> list[Widget]:
    """For each label the only fitting control in the smallest part of the page that holds both."""
    found: list[Widget] = []
    for label in labels:
        for span in label.up:
            inside = [w for w in fitting if w.inside(span)]
            if len(inside) == 1 and not _belongs_elsewhere(sight, label, inside[0], span) and inside[0] not in found:
                found.append(inside[0])
            if inside:
                break
    return found


def _belongs_elsewhere(sight: Sight, label: Text, widget: Widget, span: Span) -> bool:
    """True when other words stand clearly nearer to the control: beside it, or anywhere outside of that part."""
    mine = distance(label.box, widget)
    for text in _rivals(sight, widget):
        cost = distance(text.box, widget)
        if text.id == label.id or cost is None or text.says(label.own) or _value_above(sight, label, widget, text):
            continue
        beside = text.box.same_line(widget.box) and cost <= 200
        if (beside or not text.inside(span) or text.tag == "label") and (mine is None or cost + 10 < mine):
            return True
    return mine is None and not _reads_on(label.box, widget.box)


def _value_above(sight: Sight, label: Text, widget: Widget, text: Text) -> bool:
    """True for words above a control that are the value of the row above: their own label stands over our label."""
    if text.tag == "label" or text.box.same_line(widget.box) or not label.box.same_line(widget.box):
        return False
    left = [t for t in sight.in_line(text.box) if t.box.right <= text.box.x]
    return any(abs(t.box.x - label.box.x) <= 3 or abs(t.box.right - label.box.right) <= 3 for t in left)


def _reads_on(label: Box, box: Box) -> bool:
    """True when the eye, coming from the label, still reaches the box: below it or right of it, not far away."""
    return box.bottom >= label.y - 4 and box.y - label.bottom < 120


def _by_place(sight: Sight, labels: list[Text], fitting: list[Widget]) -> list[Widget]:
    """The nearest control as the eye goes, and only if the label is in turn that control's nearest text."""
    found: list[Widget] = []
    for label in labels:
        near = sorted(((cost, w.id, w) for w in fitting if (cost := beside(label, w)) is not None), key=lambda c: c[:2])
        if near and near[0][2] not in found and near[0][0] <= _nearest_text(sight, near[0][2]) + 3:
            found.append(near[0][2])
            found += _check_on_the_other_side(sight, label, near[0][2], fitting)
    return found


def _check_on_the_other_side(sight: Sight, label: Text, check: Widget, fitting: list[Widget]) -> list[Widget]:
    """For words between two checks of one line: the right one, where it has no words of its own to the right of it.

    Then the words stand left of their checks here, and which one is meant can't be told.
    """
    if check.kind != "check" or check.box.x > label.box.x:
        return []
    right = [w for w in fitting if w.box.same_line(label.box) and 0 <= w.box.x - label.box.right <= 100]
    alone = [
        w
        for w in right
        if not any(t.box.same_line(w.box) and 0 <= t.box.x - w.box.right <= 60 for t in _rivals(sight, w))
    ]
    return alone[:1]


def _nearest_text(sight: Sight, widget: Widget) -> float:
    costs = [cost for t in _rivals(sight, widget) if (cost := beside(t, widget)) is not None]
    return min(costs, default=1e9)


def _rivals(sight: Sight, widget: Widget) -> list[Text]:
    """Texts that could be a control's label: not what it shows itself, no tab, lone punctuation or bracketed hint.

    What is in another scroll than the control may have gone out of view: its place says nothing then.
    """
    return [
        t
        for t in sight.texts
        if not t.inside((widget.start, widget.end))
        and sight.reachable(t)
        and widget.scroller in (t.scroller, widget.id)
        and not t.tab
        and any(c.isalnum() for c in t.own)
        and not (t.own.startswith("(") and t.own.endswith(")"))
        and not (widget.kind not in ("check", "radio") and widget.box.holds(t.box.middle) and t.tag != "label")
        and not any(o is not widget and _shows(o, t) for o in sight.widgets)
    ]


def _shows(widget: Widget, text: Text) -> bool:
    """True when the text is what a field shows as its value, so it is nobody's label."""
    return widget.kind in ("text", "choice", "box") and text.tag != "label" and widget.box.holds(text.box.middle, -2)


def beside(text: Text, widget: Widget) -> float | None:
    """The `distance` of these words to a control; None for a check in a list that scrolls and words outside of it.

    What has scrolled out of such a list lies, by its numbers, where other words stand; what has scrolled beneath a
    header that stays, where the header's do.
    """
    if widget.kind in ("check", "radio") and (widget.scroller != text.scroller or (text.popup and not widget.over)):
        return None
    return distance(text.box, widget)


def only_of_row(sight: Sight, check: Widget) -> bool:
    """True for a check that shares its row with no other: the row's words are its own, wherever they stand in it."""
    return bool(check.row) and sum(w.row == check.row for w in sight.fitting(CHECK)) <= 1


def distance(text: Box, widget: Widget) -> float | None:
    """How far the eye goes from words to a control, in pixels; None where it would not go there.

    Fields stand right of their label in the same line or directly below it (or hold it, as a floating label); a check
    stands left of its words, else right of them, else below.
    """
    box = widget.box
    below = box.y - text.bottom
    if widget.kind in ("check", "radio"):
        if text.same_line(box) and -6 <= text.x - box.right <= 60:
            return max(text.x - box.right, 0)
        if text.same_line(box) and -6 <= box.x - text.right <= 500:
            return 40 + max(box.x - text.right, 0)
        return 80 + max(below, 0) if -4 <= below <= 40 and text.same_column(box) else None
    if box.holds(text.middle, 6) and text.w < box.w:
        return 0
    if text.same_line(box) and -6 <= box.x - text.right <= 420:
        return max(box.x - text.right, 0)
    if -10 <= below <= 50 and (abs(text.x - box.x) <= 60 or text.same_column(box)):
        return 5 + max(below, 0)
    return None


def _describe(widget: Widget) -> str:
    named = next(iter(widget.names), "") or widget.placeholder or widget.aria or next(iter(widget.hints), "no name")
    return f"a {widget.kind} ({named}) at {widget.box.x:.0f},{widget.box.y:.0f}"


# ---- reading -----------------------------------------------------------------------------------------------


def shown(place: Place) -> tuple[str, ...]:
    """What a control shows as its value: the words in it, chosen options, chips."""
    widget, sight = place.widget, place.sight
    if widget.native:
        return tuple(label for label, chosen, _ in widget.options if chosen)
    texts = [t for t in sight.texts if t.inside(widget.field) and widget.box.holds(t.box.middle, 8)]
    values = [widget.value] if widget.value else []
    for text in texts:
        values += [text.own] if text.own == text.whole else [text.own, text.whole]
    return tuple(dict.fromkeys(v for v in values if v and v != widget.placeholder))


def shows(place: Place, words: str) -> bool:
    """True when the control shows just these words."""
    return any(plain(v) == plain(words) for v in shown(place))


def twice(screen: Screen, so: Callable[[Sights], bool], seconds: float = 4) -> bool:
    """True once something is so on two looks, a moment apart; False when it does not become so in time."""
    if not screen.wait_for(lambda sights: True if so(sights) else None, seconds):
        return False
    screen.pause(0.15)
    return so(screen.look())


# ---- setting -----------------------------------------------------------------------------------------------


def set_text(screen: Screen, label: str, words: str, hints: Sequence[str] = ()) -> None:
    """Types words into the field of that label and proves that they stand there.

    Raises:
        ScreenChanged: no such field, or it shows something else afterwards.
    """

    def find(sights: Sights) -> Place:
        return seek(sights, label, TEXT, hints)

    for keys in (False, True):
        place = find(screen.look())
        if place.widget.value == words and not keys:
            return
        screen.type_into(place.sight, place.widget, words, keys=keys)
        if twice(
            screen, lambda sights: (p := spot(sights, label, TEXT, hints)) is not None and _same(p.widget.value, words)
        ):
            screen.deeds.append(f"{label}: {words}")
            return
    now = find(screen.look()).widget
    raise ScreenChanged(
        f"“{label}” shows “{now.value}” instead of “{words}”.",
        "RevolutionEHR did not take what was typed.",
        "Look at the picture; nothing was saved.",
    )


def _same(a: str, b: str) -> bool:
    return " ".join(a.split()) == " ".join(b.split())


def set_secret(screen: Screen, find: Callable[[Sights], Place], secret: SecretStr) -> None:
    """Types a password into the field that `find` finds, and asks whether it is there; never reads a password back.

    Raises:
        PasswordRefused: the field takes fewer characters (`maxlength` cuts silently); `longest` says how many.
    """
    wanted = len(secret.get_secret_value())
    got = 0
    for keys in (False, True):
        place = find(screen.look())
        screen.type_secret(place.sight, place.widget, secret, keys=keys)
        screen.pause(0.05)
        place = find(screen.look())
        got, limit = place.widget.length, place.widget.maxlength
        if got == wanted and not 0 < limit < wanted and screen.holds(place.sight, place.widget, secret):
            screen.deeds.append(f"{_password_field(place.widget)}: a password of {wanted} characters, not shown")
            return
        if 0 < limit < wanted:
            got = limit
            break
    if 0 < got < wanted:
        raise PasswordRefused(
            f"The password field takes only {got} characters; {wanted} were typed.",
            "RevolutionEHR would have cut the password without saying so.",
            f'Give the practice\'s policy, for example --password-policy "8-{got}".',
            longest=got,
        )
    raise ScreenChanged("The password field did not take what was typed.", "", "Look at the picture and retry.")


def _password_field(widget: Widget) -> str:
    return next(iter(widget.names), "") or widget.placeholder or widget.aria or "A password field"


def set_check(screen: Screen, what: str, find: Callable[[Sights], Place], wanted: bool) -> None:
    """Brings a check to the wanted state, touching it only if it differs, and proves it.

    Raises:
        ScreenChanged: it can't be found, is locked, or does not change.
    """
    now = find(screen.look())
    if is_checked(now) is wanted:
        return
    for attempt in ("press", "space", "press again") if now.widget.enabled else ():
        place = find(screen.look())
        if is_checked(place) is wanted:
            return
        if attempt == "space":
            screen.focus(place.sight, place.widget)
            screen.key("Space")
        else:
            with suppress(WentAway):  # drawn anew just then: the next attempt looks for it again
                screen.press(place.sight, place.widget)
        if twice(screen, lambda sights: is_checked(find(sights)) is wanted, 2):
            screen.deeds.append(f"{what}: {'ticked' if wanted else 'unticked'}")
            return
    raise ScreenChanged(
        f"“{what}” can't be {'ticked' if wanted else 'unticked'}.",
        "It is locked, or RevolutionEHR puts it back.",
        "Look at the picture; nothing was saved.",
    )


def is_checked(place: Place) -> bool:
    """True when ticked; a mixed check is not."""
    return place.widget.checked == "true"
