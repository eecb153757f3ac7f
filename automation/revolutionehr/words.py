"""A tenant's own words for the guide's: a small file that says what a menu entry, a label or a button is called there.

The screen is read as if it said the guide's words (`Words.read`), so nothing else has to know. Only words change by
which screens and controls are found: which permissions are ticked and what is typed stays as the guide has it, and a
permission may only be called by its own words in another order. Pure; `parse` says what is wrong with a file, and
where.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property

from automation.fields import guide_mark
from automation.revolutionehr.desired import PERMISSIONS
from automation.sight import Icon, Sight, Text, Widget, normal, plain

MENU = (
    "Admin", "General", "Basic Information", "Locations", "Employee/Roles", "User Roles", "Employees",
    "Vendors/Partners", "Accounting", "Invoices", "Claims",
)  # fmt: skip
FIELDS = (
    "ID", "User Role Name", "Access Permissions", "First Name", "Last Name", "Username", "Temporary Password",
    "Confirm Temporary Password", "Allow Emergency Access", "Login Allowed", "User Roles", "Primary Location",
    "Accessible Locations",
)  # fmt: skip
SECTIONS = (
    "Personal Details", "Personal Information", "Login Details", "Login Information", "Login Restrictions",
    "Location Access", "Locations",
)  # fmt: skip
BUTTONS = ("Add", "Save", "Update", "Edit", "Active", "Inactive", "Search")

GUIDE = tuple(dict.fromkeys((*MENU, *FIELDS, *SECTIONS, *BUTTONS)))
"""The guide's words for screens and controls; each may have others on a tenant."""

FOLDERS = tuple(folders[0] for folders in PERMISSIONS)
RIGHTS = {name: folders[0] for folders, names in PERMISSIONS.items() for name in names}
"""Each of the six permissions, and the folder that it stands in."""

TABLES = ("words", "permissions", "test-ids")
ANY = "any"

_Means = Mapping[str, tuple[str, ...]]
_Turned = tuple[Callable[[str], str], dict[str, str], set[str]]


class WordsProblem(ValueError):
    """What is wrong with the file, in a sentence that names the line and what to do."""


@dataclass(frozen=True)
class Words:
    """What the guide's words are on a tenant. Empty: what the guide says.

    `words` and `permissions` give for a guide's word all that it may be called; `test_ids` the test-id of a control.
    """

    build: str = ANY
    words: _Means = field(default_factory=dict)
    permissions: _Means = field(default_factory=dict)
    test_ids: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.words or self.permissions or self.test_ids)

    def say(self, guide_word: str) -> tuple[str, ...]:
        """What a guide's word may be called there; itself, where nothing else was said."""
        return self.words.get(guide_word) or self.permissions.get(guide_word) or (guide_word,)

    @property
    def digest(self) -> str:
        """The same for the same words, however the file is written."""
        tables = {name: sorted((k, v) for k, v in getattr(self, name.replace("-", "_")).items()) for name in TABLES}
        return hashlib.sha256(json.dumps({"build": self.build, **tables}, sort_keys=True).encode()).hexdigest()

    def fits(self, build: str) -> bool:
        """True when these words are meant for this build of RevolutionEHR."""
        return self.build in (ANY, build)

    def renamed(self) -> tuple[dict[str, str], dict[str, str]]:
        """For a stand-in: each word that it shows itself with the first other one to show instead; then permissions."""
        return _first_others(self.words), _first_others(self.permissions)

    # --- reading a screen

    def read(self, sight: Sight) -> Sight:
        """The same screen as if it said the guide's words; what says one and isn't meant becomes “another” of it.

        Words beside a check are permissions first; all others are menu entries, headings, labels and buttons.
        """
        if not self or not self.fits(sight.build):
            return sight
        checks = [w for w in sight.widgets if w.kind == "check"]
        return replace(
            sight,
            texts=tuple(self._text(t, _beside_a_check(t, checks)) for t in sight.texts),
            widgets=tuple(map(self._widget, sight.widgets)),
            icons=tuple(map(self._icon, sight.icons)),
        )

    def _text(self, text: Text, line: bool) -> Text:
        own, whole = self._said(text.own, line), self._said(text.whole, line)
        return text if (own, whole) == (text.own, text.whole) else replace(text, own=own, whole=whole)

    def _widget(self, widget: Widget) -> Widget:
        line = widget.kind == "check"
        marks = tuple(guide_mark(k) for k, v in self.test_ids.items() if v in widget.hints)
        return replace(
            widget,
            names=tuple(self._said(n, line) for n in widget.names),
            groups=tuple(self._said(g, False) for g in widget.groups),
            aria=self._said(widget.aria, line),
            placeholder=self._said(widget.placeholder, line),
            hints=(*widget.hints, *marks),
        )

    def _icon(self, icon: Icon) -> Icon:
        said = tuple(self._said(s, False) for s in icon.said)
        if not said and not icon.row:
            said = tuple(k for k, v in self.test_ids.items() if v.casefold() in icon.glyphs)
        return icon if said == icon.said else replace(icon, said=said)

    def _said(self, words: str, line: bool) -> str:
        """The guide's word for these words, where they are one's name there."""
        tables = (self._permissions, self._beside_checks) if line else (self._words, self._folders)
        for alike, meant, taken in tables:
            key = alike(words)
            if key in meant:
                return meant[key]
            if key in taken:
                return f"another {words}"
        return words

    @cached_property
    def _words(self) -> _Turned:
        return _turned(self.words, normal)

    @cached_property
    def _beside_checks(self) -> _Turned:
        """The menu's “General” says nothing of the permission of that name."""
        return _turned({name: said for name, said in self.words.items() if name not in RIGHTS}, normal)

    @cached_property
    def _permissions(self) -> _Turned:
        return _turned(self.permissions, plain)

    @cached_property
    def _folders(self) -> _Turned:
        return _turned({name: said for name, said in self.permissions.items() if name in FOLDERS}, plain)


def _turned(means: _Means, alike: Callable[[str], str]) -> _Turned:
    """How words are compared; the guide's word for a tenant's; the guide's words that mean something else there.

    A permission's brackets count, as in its tree: "View Invoices (Void)" is another right.
    """
    back = {alike(one): guide for guide, said in means.items() for one in said}
    return alike, back, {alike(guide) for guide in means} - back.keys()


def _first_others(means: _Means) -> dict[str, str]:
    others = ((guide, next((one for one in said if normal(one) != normal(guide)), "")) for guide, said in means.items())
    return {guide: other for guide, other in others if other}


def _beside_a_check(text: Text, checks: Iterable[Widget]) -> bool:
    return any(c.box.same_line(text.box) and abs(c.box.right - text.box.x) < 60 for c in checks)


# ---- the file ------------------------------------------------------------------------------------------------------


def parse(text: str) -> Words:
    """The words of a file.

    Raises:
        WordsProblem: it isn't TOML, has an unknown key or an empty word, makes two of the guide's words the same, or
            calls a permission by the words of something else.
    """
    lines = _Lines(text)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = str(error)
    else:
        return _words(raw, lines)
    where = re.search(r"line (\d+)", problem)
    raise WordsProblem(f"{f'line {where[1]}' if where else 'the file'} isn't TOML: {problem.split(' (at')[0]}.")


@dataclass(frozen=True)
class _Lines:
    """Where in the file something stands, for a sentence."""

    text: str

    def at(self, key: str, table: str | None = None) -> str:
        inside = table is None
        for number, line in enumerate(self.text.splitlines(), 1):
            head = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
            if head:
                inside = head[1].strip("\"'") == table
                if table is None and head[1].strip("\"'") == key:
                    return f"line {number}"
            elif inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*(=|\.)""", line):
                return f"line {number}"
        return "the file"


def _words(raw: dict[str, object], lines: _Lines) -> Words:
    for key in raw:
        if key not in ("build", *TABLES):
            known = "build, [words], [permissions] and [test-ids]"
            raise WordsProblem(f"{lines.at(key)}: “{key}” isn't known; a file has {known}.")
    build = raw.get("build")
    if not isinstance(build, str) or not re.fullmatch(r"[\w.-]{1,40}", build):
        example = f'write build = "{ANY}", or the number that `onespot plan --record` found, such as build = "192124"'
        raise WordsProblem(f"{lines.at('build')}: “build” is missing or isn't one: {example}.")
    words = _means(raw, "words", GUIDE, lines)
    permissions = _means(raw, "permissions", (*FOLDERS, *RIGHTS), lines)
    _all_different(words, GUIDE, "words", lines)
    for key, said in permissions.items():
        for one in said:
            _still_itself(key, one, lines.at(key, "permissions"))
    _all_different(permissions, (*FOLDERS, *RIGHTS), "permissions", lines)
    return Words(build, words, permissions, _test_ids(raw, lines))


def _means(raw: dict[str, object], table: str, known: tuple[str, ...], lines: _Lines) -> dict[str, tuple[str, ...]]:
    found = {}
    for key, value in _table(raw, table, lines).items():
        where = lines.at(key, table)
        _must_be_known(key, known, where)
        said = [value] if isinstance(value, str) else value
        if not isinstance(said, list) or not said or not all(isinstance(one, str) and _is_word(one) for one in said):
            example = f'"{key}" = "what it is called there"'
            raise WordsProblem(f"{where}: “{key}” needs a word of its own, or several in brackets: {example}.")
        found[key] = tuple(" ".join(one.split()) for one in said)
    return found


def _is_word(words: str) -> bool:
    return len(words) <= 80 and bool(re.search(r"\w", normal(words))) and words.isprintable()


def _table(raw: dict[str, object], table: str, lines: _Lines) -> dict[str, object]:
    found = raw.get(table, {})
    if not isinstance(found, dict):
        raise WordsProblem(f"{lines.at(table)}: “{table}” is a table: write [{table}], and its lines below.")
    return found


def _must_be_known(key: str, known: tuple[str, ...], where: str) -> None:
    if key not in known:
        near = get_close_matches(key, known, n=2, cutoff=0.5)
        names = " or ".join(f"“{one}”" for one in near)
        meant = f"did you mean {names}?" if near else f"there are: {', '.join(known)}."
        raise WordsProblem(f"{where}: the guide has no word “{key}”; {meant}")


def _all_different(means: _Means, guide: tuple[str, ...], table: str, lines: _Lines) -> None:
    """No word may mean two of the guide's: then nobody could tell which control is meant."""
    names: dict[str, str] = {}
    for key, said in means.items():
        for one in said:
            other = names.get(normal(one)) or next((g for g in guide if g != key and normal(g) == normal(one)), None)
            if other is not None and other != key:
                raise WordsProblem(
                    f"{lines.at(key, table)}: “{one}” would be both “{key}” and “{other}” of the guide; "
                    "say a word that means only one of them."
                )
            names[normal(one)] = key


def _test_ids(raw: dict[str, object], lines: _Lines) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in _table(raw, "test-ids", lines).items():
        where = lines.at(key, "test-ids")
        _must_be_known(key, GUIDE, where)
        if not isinstance(value, str) or not re.fullmatch(r"[\w.:-]{3,80}", value):
            raise WordsProblem(f"{where}: the test-id of “{key}” must be one, as the record of the screen has it.")
        if value in found.values():
            raise WordsProblem(f"{where}: the test-id “{value}” stands there twice; a control is one thing only.")
        found[key] = value
    return found


# ---- what a permission may be called -------------------------------------------------------------------------------

_FILLERS = {
    "a", "access", "and", "area", "for", "in", "info", "information", "menu", "module", "of", "only", "page",
    "permission", "right", "screen", "section", "setting", "tab", "the", "to", "user",
}  # fmt: skip
_SAME = {"read": "view", "see": "view", "viewing": "view", "reading": "view", "admin": "administration"}
_MODULES = {
    "inventory",
    "messaging",
    "message",
    "order",
    "patient",
    "pulse",
    "revconnect",
    "report",
    "schedule",
    "task",
}


def _stems(words: str) -> set[str]:
    """The words of a name by which it is told: small letters, singular, without those that say nothing."""
    found = re.findall(r"[^\W\d_]+", words.casefold())
    singular = [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found]
    return {_SAME.get(w, w) for w in singular} - _FILLERS


def _still_itself(key: str, said: str, where: str) -> None:
    """A permission or its folder keeps its own words; only order, small words and the module's name may differ."""
    module = RIGHTS.get(key, key)
    own, there = _stems(key), _stems(said)
    other = next((name for name in RIGHTS if name != key and normal(name) == normal(said)), None)
    other = other or next((name for name in FOLDERS if name != module and _stems(name) & there - own), None)
    if other is not None:
        folder = RIGHTS.get(other, other)
        of = f"a permission of {folder}" if other in RIGHTS else "another module"
        raise WordsProblem(f"{where}: “{said}” is {of}, not “{key}” of {module}; the six permissions stay as they are.")
    more = there - own - _stems(module)
    more = more & _MODULES if key in FOLDERS else more
    if not own <= there or more:
        raise WordsProblem(
            f"{where}: “{said}” may be another right than “{key}”; a permission may only be called by its own words in "
            "another order, so that none is ticked that nobody approved. Ask for a change of the program."
        )
