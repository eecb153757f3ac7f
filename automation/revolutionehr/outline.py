"""What of a screen may be written down: what it is made of, and the words of the application. Never data. Pure.

Words are kept where they name or do something: labels, headings, menu entries, buttons, column heads. Cells, lines of
lists, options, values and free text become their shape ("text, 14 characters"), and so does all that is doubtful. Of
headings, menus and buttons, which may greet a person, only common words are kept; on screens where patients may stand,
and in the page's header, only texts of nothing but common words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from automation.revolutionehr.common_words import all_known, is_known, words_in

Raw = Mapping[str, Any]
"""An element as record.js gives it."""


class Trust(Enum):
    """Whose words a screen shows."""

    LITTLE = "patients may stand here: common words only"
    SCREEN = "labels, headings, buttons, menus and column heads"
    TREE = "these, and the lines that have a check: they are permissions"


@dataclass(frozen=True)
class Secrets:
    """What may not be written down wherever it stands: what was given, and the words that were seen as data."""

    given: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()

    def tells(self, text: str) -> bool:
        """True when a text holds something of it."""
        low = text.casefold()
        if any(one.casefold() in low for one in self.given if len(one) > 2):
            return True
        return any(self._is_one(word.casefold()) for word in words_in(text) if not is_known(word))

    def _is_one(self, word: str) -> bool:
        bare = word.removesuffix("'s").removesuffix("’s")
        given = len(bare) > 3 and any(bare in one.casefold() for one in self.given)
        return given or word in self.seen or bare in self.seen


@dataclass(frozen=True)
class _Where:
    """What the elements around a text say about it."""

    names: bool = False
    """In a form's label or a column's head: what it says is the application's."""
    pressed: bool = False
    """In a heading, a menu, a button or a tab: it may greet somebody."""
    data: bool = False
    edge: bool = False
    """In the page's header or footer."""
    line: bool = False
    """In a line that has a check."""
    checks: bool = False
    """In a list of checks: each of them may be a record."""
    depth_of_checks: int = 9


_NAMES = {"label", "legend", "th", "dt"}
_PRESSED = {"button", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "nav", "aside", "a"}
_PRESSED_ROLES = {"button", "tab", "menuitem", "heading", "navigation", "menu", "menubar", "tablist", "link"}
_PRESSED_CLASS = re.compile(r"(^|[-_])(title|heading|caption|nav|navbar|menu|sidebar|btn|button)([-_]|$)")
_NAMES_CLASS = re.compile(r"(^|[-_])(label|legend|columnheader|header-cell)([-_]|$)")
_DATA = {"tr", "td", "dd", "option", "li", "output", "time", "address", "textarea", "select"}
_DATA_ROLES = {
    "row", "gridcell", "cell", "rowheader", "option", "listitem", "combobox", "listbox", "textbox", "spinbutton",
    "treeitem", "log", "feed", "article",
}  # fmt: skip
_DATA_CLASS = re.compile(r"(^|[-_])(static|value|values|chip|chips|token|popover|tooltip|avatar)$|^form-control")
_LINES = {"li", "tr", "td"}
_LINE_ROLES = {"row", "gridcell", "treeitem", "listitem"}


def outline(raw: Raw, trust: Trust, secrets: Secrets) -> dict[str, Any]:
    """The outline of a frame: nested elements, of each its tag, names and words, or the shape of its words."""
    return _Keeper(trust, secrets, float(raw["width"]), float(raw["height"])).element(raw["root"], _Where())


def data_words(raw: Raw, trust: Trust) -> Iterator[str]:
    """The words that a frame shows as data, in small letters: names of people, as far as they can be told."""
    keeper = _Keeper(trust, Secrets(), float(raw["width"]), float(raw["height"]))
    texts = [*raw["held"], *(node["words"] for node, where in keeper.walk(raw["root"], _Where()) if where.data)]
    if trust is Trust.LITTLE:
        texts += [node["words"] for node, _ in keeper.walk(raw["root"], _Where())]
    for text in texts:
        found = words_in(text)
        yield from (w.casefold() for w in found if not is_known(w) and (w[:1].isupper() or len(found) == 1))


def shape(text: str) -> str:
    """What is said of a text that is left out."""
    return f"(text, {len(text)} character{'' if len(text) == 1 else 's'})"


@dataclass(frozen=True)
class _Keeper:
    trust: Trust
    secrets: Secrets
    width: float
    height: float

    # --- the elements

    def element(self, node: Raw, outer: _Where) -> dict[str, Any]:
        where = self._where(node, outer)
        out: dict[str, Any] = {"tag": node["tag"]}
        out |= {name: self._name(name, value, where) for name, value in node["attributes"].items()}
        out |= {f"{name}=": self._words(text, _of_attribute(name, where)) for name, text in node["spoken"].items()}
        if node["words"]:
            out["text"] = self._words(node["words"], where)
        if node.get("box"):
            out["box"] = "{},{} {}x{}".format(*node["box"])
        for sign in ("shadow", "editable", "options", "hidden"):
            if sign in node:
                out[sign] = node[sign]
        children = list(self._children(node, where))
        if children:
            out["children"] = children
        return out

    def _children(self, node: Raw, where: _Where) -> Iterator[dict[str, Any]]:
        """Of lines of data that are made alike, two are enough."""
        alike: dict[object, int] = {}
        for child in node["children"]:
            kind = (child["tag"], child["attributes"].get("class", ""), child["attributes"].get("role", ""))
            data = self._where(child, where).data
            alike[kind] = alike.get(kind, 0) + 1 if data else 0
            if alike[kind] <= 2:
                yield self.element(child, where)
        yield from ({"more like it": number - 2, "tag": kind[0]} for kind, number in alike.items()  # type: ignore[index]
                    if number > 2)  # fmt: skip

    def walk(self, node: Raw, outer: _Where) -> Iterator[tuple[Raw, _Where]]:
        """Every element with where it stands."""
        where = self._where(node, outer)
        yield node, where
        for child in node["children"]:
            yield from self.walk(child, where)

    # --- where a text stands

    def _where(self, node: Raw, outer: _Where) -> _Where:
        tag, role = node["tag"], node["attributes"].get("role", "")
        classes = node["attributes"].get("class", "").casefold().split()
        in_a_line = tag in _LINES or role in _LINE_ROLES
        names = tag in _NAMES or role == "columnheader" or any(map(_NAMES_CLASS.search, classes))
        menu = tag in _PRESSED or role in _PRESSED_ROLES or any(map(_PRESSED_CLASS.search, classes))
        data = tag in _DATA or role in _DATA_ROLES or any(map(_DATA_CLASS.search, classes)) or "editable" in node
        entry = outer.pressed and (tag == "li" or role == "listitem")
        if in_a_line and (entry or _has_fields(node) or (self.trust is Trust.TREE and _checks(node))):
            data = False  # an entry of a menu, a form laid out as a table, a permission
        head = tag == "th" or role == "columnheader"
        depth = 0 if _checks(node) > 2 and not _has_fields(node) else outer.depth_of_checks + 1
        return _Where(
            names=names or (outer.names and not data),
            pressed=menu or (outer.pressed and not data),
            data=(data or outer.data) and not head,
            edge=outer.edge or self._is_edge(node),
            line=(in_a_line and _checks(node) > 0) or outer.line,
            checks=depth <= 3,
            depth_of_checks=depth,
        )

    def _is_edge(self, node: Raw) -> bool:
        if node["tag"] in ("header", "footer") or node["attributes"].get("role") in ("banner", "contentinfo"):
            return True
        _, y, w, h = node.get("box") or (0, 0, 0, 0)
        return 0 < h <= 140 and w >= 0.6 * self.width and ((y < 40 and y + h <= 140) or y >= self.height - 80)

    # --- the words

    def _words(self, text: str, where: _Where) -> str:
        """The words as far as they may be kept, else their shape."""
        if where.data and not (where.names or where.pressed):
            return shape(text)
        a_line = self.trust is Trust.TREE and (where.line or where.checks) and not where.data
        little = self.trust is Trust.LITTLE or where.edge or where.data or (where.checks and not a_line)
        if all_known(text) and not self.secrets.tells(text):
            return text
        if little or not _looks_like_words(text) or self.secrets.tells(text):
            return shape(text)
        if any(map(is_known, words_in(text))) if a_line else where.names:
            return text
        return _common_only(text) if where.pressed else shape(text)

    def _name(self, name: str, value: str, where: _Where) -> str:
        """An id, a class, a test-id: what may be a value in it is blanked."""
        if name == "class":
            return " ".join(self._identifier(one, where) for one in value.split())
        return self._identifier(value, where) if name not in _PLAIN else value[:40]

    def _identifier(self, value: str, where: _Where) -> str:
        if len(value) > 90 or re.search(r"[@\s]", value) or _OPAQUE.search(value):
            return "…"
        parts = words_in(_CAMEL.sub(" ", value.replace("_", " ")))
        if where.data and any(len(p) > 2 and p[:1].isupper() and not is_known(p) for p in parts):
            return "…"
        if self.secrets.tells(value) or any(self.secrets.tells(part) for part in parts):
            return "…"
        return re.sub(r"\d{3,}", "#", value)


_PLAIN = {"type", "role", "tabindex", "maxlength", "aria-expanded", "aria-haspopup", "aria-level", "disabled",
          "readonly", "required", "multiple", "aria-multiselectable"}  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OPAQUE = re.compile(r"[0-9a-f]{8}-|(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9+/=]{20,}")
_PERSON = re.compile(r"^[\w'’-]+, ?[A-Z][\w'’-]+( \w\.?)?$|\b(dr|mr|mrs|ms|prof)\b\.?\s", re.I)


def _looks_like_words(text: str) -> bool:
    """True for a few words without numbers, money, addresses or what may be a person's name."""
    few = len(text) <= 60 and 0 < len(words_in(text)) <= 8
    return few and not re.search(r"\d{3}|[@$€£]|\d[/:]\d", text) and not _PERSON.search(text)


def permission_may_be_kept(line: str, secrets: Secrets) -> bool:
    """True for a line of the tree of permissions that may be kept whole: one that doesn't consist of unknown words."""
    is_one = _looks_like_words(line) and any(map(is_known, words_in(line)))
    return (all_known(line) or is_one) and not secrets.tells(line)


def _common_only(text: str) -> str:
    """The text with each word that isn't a common one left out."""
    parts = [part if words_in(part) and all(map(is_known, words_in(part))) else "…" for part in text.split()]
    return " ".join(parts) if 2 * parts.count("…") <= len(parts) else shape(text)


def _of_attribute(name: str, where: _Where) -> _Where:
    """A placeholder names a field; what a tooltip or an aria-label says may speak of a record."""
    label = name in ("placeholder", "label")
    return replace(where, names=label, pressed=not label)


def _has_fields(node: Raw) -> bool:
    """True when it holds something to type into: a line of a form, not a record."""
    return any(_is_field(one) for one in _below(node))


def _is_field(node: Raw) -> bool:
    kind = node["attributes"].get("type", "text")
    typed = node["tag"] == "input" and kind not in ("checkbox", "radio", "hidden", "button", "submit", "reset")
    return typed or node["tag"] in ("select", "textarea")


def _checks(node: Raw) -> int:
    """How many checks it holds."""
    return sum(map(_is_check, _below(node)))


def _is_check(node: Raw) -> bool:
    attributes = node["attributes"]
    drawn = bool(re.search(r"(^|[-_ ])(check-?box|icheckbox\w*)($|[-_ ])", attributes.get("class", "")))
    native = node["tag"] == "input" and attributes.get("type") == "checkbox"
    return native or attributes.get("role") in ("checkbox", "switch") or (drawn and not node["children"])


def _below(node: Raw) -> Iterator[Raw]:
    yield node
    for child in node["children"]:
        yield from _below(child)


def allowed(trust: Trust, secrets: Secrets) -> Callable[[Iterable[str]], list[str]]:
    """For words outside of an outline (what looked most like those that were looked for): which may be kept."""

    def keep(texts: Iterable[str]) -> list[str]:
        little = trust is Trust.LITTLE
        return [
            text if all_known(text) and not secrets.tells(text)
            else shape(text) if little or secrets.tells(text) or not _looks_like_words(text)
            else _common_only(text)
            for text in texts
        ]  # fmt: skip

    return keep
