"""Masked pictures: of a whole screen, and of the part of it that proves a step. No password is on any.

Whoever takes one sees to it that no screen is pictured where patients' names stand (visit.py).

Covered are all password fields, every field that a secret was typed into, and whatever else on the page shows such a
secret: a field drawn anew, a message that quotes it. Where that can't be made sure, there is no picture. No trace, no
video, no HAR.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator

from automation.screen import Screen
from automation.sight import Box

_COLOUR = "#283747"

_SEARCH = """secrets => {
  const store = window[Symbol.for('onespot.sight')] ||= { ids: new WeakMap(), refs: new Map(), next: 1 };
  const idOf = (el) => {
    let id = store.ids.get(el);
    if (!id) { id = store.next++; store.ids.set(el, id); store.refs.set(id, new WeakRef(el)); }
    return id;
  };
  const squash = (words) => (words || '').toLowerCase().replace(/[\\s\\u00ad\\u200b]+/g, '');
  const wanted = secrets.map(squash).filter(Boolean);
  const tells = (words) => { const all = squash(words); return wanted.some((s) => all.includes(s)); };
  const cut = (value) => squash(value).length > 3 && wanted.some((s) => s.includes(squash(value)));

  const overflows = (el, ink) => {
    const box = el.getBoundingClientRect(), style = getComputedStyle(el);
    return style.overflowX === 'visible' && ink.width > 0
      && (ink.left < box.left - 1 || ink.right > box.right + 1 || ink.top < box.top - 1 || ink.bottom > box.bottom + 1);
  };
  const covering = (node, el) => {        // the element, or the nearest one around it that its words don't stick out of
    const range = document.createRange();
    range.selectNodeContents(node);
    const ink = range.getBoundingClientRect();
    for (let up = el; up; up = up.parentElement || up.getRootNode().host) if (!overflows(up, ink)) return up;
    return document.documentElement;
  };

  const found = new Set();
  const BREAK = '\\u0000';
  const unseen = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD']);
  const visit = (node) => {               // marks the smallest elements that tell a secret; returns the other words
    if (unseen.has(node.tagName)) return '';
    const el = node.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? node.host : node;
    const value = ['INPUT', 'TEXTAREA'].includes(node.tagName) ? node.value : '';
    const options = node.tagName === 'SELECT' ? [...node.options].map((o) => o.label) : [];
    const said = [value, ...options, ...['placeholder', 'alt', 'label'].map((n) => el.getAttribute(n))].filter(Boolean);
    let words = said.length ? BREAK + said.join(BREAK) + BREAK : '';
    if (node.tagName !== 'SELECT') {
      if (node.shadowRoot) words += visit(node.shadowRoot) + BREAK;
      for (const n of node.childNodes) words += n.nodeType === 3 ? n.data : n.nodeType === 1 ? visit(n) : '';
    }
    if (!tells(words) && !cut(value)) return words;
    found.add(idOf(covering(node, el)));
    return BREAK;
  };
  if (document.documentElement && wanted.length) visit(document.documentElement);
  return [...found];
}"""
"""The numbers of what shows a secret in one frame, in the store of `eye/look.js` and of the selector engine `onespot`.

Looks at values and at words, also those cut into pieces or spaced out; through open shadow roots.
"""


QUALITY = 70
"""Of a JPEG: what is written can be read well, and a form takes 40 kB or so."""

LARGEST = 400_000
"""Bytes of a picture of a part; a larger one isn't kept."""


@dataclass(frozen=True)
class Part:
    """What of a screen is shown: a box in one of its frames; `covered` are the numbers of what is covered there."""

    frame: int
    box: Box
    covered: tuple[int, ...] = ()


def take_part(screen: Screen, folder: Path, name: str, part: Part) -> str:
    """A masked JPEG `folder/name.jpg` of a part, for its owner only: its SHA-256 in hex.

    Empty where none can be taken; then none is there, a former one neither.
    """
    try:
        clip = _on_page(screen, part)
        picture = None if clip is None else _picture(screen, clip, [(part.frame, one) for one in part.covered])
    except (PlaywrightError, IndexError):  # the browser is gone, or the frame
        picture = None
    path = folder / f"{name}.jpg"
    if picture is not None and len(picture) <= LARGEST and _written(path, picture):
        return hashlib.sha256(picture).hexdigest()
    drop_part(folder, name)
    return ""


def drop_part(folder: Path, name: str) -> None:
    """A former picture of a part goes: it is no longer what the step proves."""
    with contextlib.suppress(OSError):
        (folder / f"{name}.jpg").unlink(missing_ok=True)


def _on_page(screen: Screen, part: Part) -> Box | None:
    """The part's box within what the page shows; None when nothing of it is there."""
    left, top = 0.0, 0.0
    if part.frame:
        around = screen.page.frames[part.frame].frame_element().bounding_box()
        left, top = (around["x"], around["y"]) if around else (0.0, 0.0)
    size = screen.page.viewport_size or {"width": 0, "height": 0}
    x, y = max(part.box.x + left, 0), max(part.box.y + top, 0)
    right, bottom = min(part.box.right + left, size["width"]), min(part.box.bottom + top, size["height"])
    return Box(x, y, right - x, bottom - y) if right - x >= 8 and bottom - y >= 8 else None


def take(screen: Screen, folder: Path | None, name: str) -> Path | None:
    """A masked PNG `folder/name.png`, for its owner only; None where none is wanted or none can be taken."""
    if folder is None:
        return None
    try:
        png = _picture(screen)
    except PlaywrightError:
        return None
    return _written(folder / f"{name}.png", png) if png else None


def _picture(screen: Screen, clip: Box | None = None, covered: Sequence[tuple[int, int]] = ()) -> bytes | None:
    """A picture during which nothing new showed a secret; None when the page changed so three times.

    A PNG of all that is seen, or a JPEG of the part `clip`. `covered` (frame and number) is masked besides.
    """
    kind: Literal["png", "jpeg"] = "png" if clip is None else "jpeg"
    for _ in range(3):
        before = _found(screen)
        picture = screen.page.screenshot(
            type=kind,
            quality=None if clip is None else QUALITY,
            clip=None if clip is None else {"x": clip.x, "y": clip.y, "width": clip.w, "height": clip.h},
            mask=_masks(screen, before | set(covered)),
            mask_color=_COLOUR,
            timeout=10_000,
            animations="disabled",
        )
        if _found(screen) == before:
            return picture
    return None


def _found(screen: Screen) -> set[tuple[int, int]]:
    """Frame and number of every element that shows a secret typed on this screen."""
    secrets = [secret.get_secret_value() for secret in screen.secrets]
    if not secrets:
        return set()
    return {(number, found) for number, frame in enumerate(screen.page.frames)
            for found in frame.evaluate(_SEARCH, secrets)}  # fmt: skip


def _masks(screen: Screen, found: set[tuple[int, int]]) -> list[Locator]:
    frames = screen.page.frames
    passwords = [frame.locator(f"input[{kind}]") for frame in frames for kind in ("type=password", _AUTOCOMPLETE)]
    secrets = [frames[number].locator(f"onespot={element}") for number, element in screen.secret_fields | found
               if number < len(frames)]  # fmt: skip
    return passwords + secrets


_AUTOCOMPLETE = "autocomplete*=password"


def _written(path: Path, png: bytes) -> Path | None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            path.chmod(0o600)
            file.write(png)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        return None
    return path
