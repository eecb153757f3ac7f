"""When words or a control aren't there: what was looked for, and what on the screen looks most like it. Pure.

The sentence names the few that are likest; the error carries them all, for a file. Lines of lists are no candidates:
what stands there is data.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from automation.errors import ScreenChanged, Sought
from automation.sight import Icon, Sight, Text, normal

FIELD, CHECK, CHOICE, LIST = "a field", "a check", "a dropdown", "a list"
BUTTON, MENU, FOLDER, LINE = "a button", "a menu entry", "a folder of the tree", "a line of the tree"
WORDS = "words"

OF_KIND = {"text": FIELD, "password": FIELD, "check": CHECK, "choice": CHOICE, "box": CHOICE, "list": LIST}
"""What a person calls a control of this kind (`Widget.kind`)."""

LIKE = 0.5
MANY = 40


def missing(
    sights: Iterable[Sight], words: str, kind: str = WORDS, among: Iterable[str] | None = None
) -> ScreenChanged:
    """The error for words or a control that should be there. `among` are the candidates where the caller knows them."""
    seen = list(dict.fromkeys(among if among is not None else (c for s in sights for c in _candidates(s, kind))))
    ranked = sorted(((likeness(words, one), one) for one in seen if one.strip()), key=lambda r: (-r[0], r[1]))
    likest = [one for like, one in ranked if like >= LIKE][:4]
    looked = f"Looked for {kind} of that name" if kind != WORDS else "Looked for these words"
    near = f"; nearest: {', '.join(f'“{one}”' for one in likest)}." if likest else "; nothing there looks like it."
    error = ScreenChanged(
        f"“{words}” isn't on the screen. {looked}{near}",
        "RevolutionEHR shows another screen than the guide describes, or this login may not see it.",
        "Look at the picture; retry once it is there, or do this step by hand.",
    )
    error.sought = Sought(words, kind, tuple(one for _, one in ranked[:MANY]))
    return error


def likeness(words: str, other: str) -> float:
    """How much two names look alike, from 0 to 1: a word that both hold counts for more than letters do."""
    a, b = normal(words), normal(other)
    whole, mine, theirs = SequenceMatcher(None, a, b).ratio(), set(a.split()), set(b.split())
    if mine <= theirs or theirs <= mine:
        return max(whole, 0.8) if mine and theirs else whole
    return max(whole, LIKE) if any(len(word) > 2 for word in mine & theirs) else whole


def _candidates(sight: Sight, kind: str) -> list[str]:
    if kind == BUTTON:
        pressed = [t for t in sight.texts if t.click and not t.nav and not t.row]
        return [*map(_words, pressed), *(_picture(i) for i in sight.icons if not i.nav and not i.row)]
    if kind == MENU:
        entries = [t for t in sight.texts if t.click and (t.nav or t.popup)]
        return [_words(t) for t in entries or [t for t in sight.texts if t.click and not t.row]]
    labels = [_words(t) for t in sight.texts if not t.row or t.tag == "label" or t.head]
    named = [n for w in sight.widgets if OF_KIND.get(w.kind) == kind for n in (*w.names, w.placeholder, w.aria)]
    return [*named, *labels]


def _words(text: Text) -> str:
    return text.own if len(text.own) < 60 else ""


def _picture(icon: Icon) -> str:
    """An icon by what it says, else by the names of its picture."""
    return next(iter(icon.said), "") or (f"(picture: {' '.join(icon.glyphs[:3])})" if icon.glyphs else "")
