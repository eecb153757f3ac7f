"""Whether the screens open that the sync reads: Accounting's Invoices and Claims, Admin's Locations and Vendors.

Opening is all: no record is opened, no line is read or kept, nothing is pictured, since patients may stand there. That
a screen isn't there is said only where its neighbours are; a way that isn't understood is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import partial

from automation.errors import LoginRefused, PersonNeeded, ScreenChanged
from automation.revolutionehr.pages import header, messages
from automation.screen import Screen, Sights
from automation.sight import Text, normal

INVOICES, CLAIMS, LOCATIONS, VENDORS = "Invoices", "Claims", "Locations", "Vendors/Partners"
ACCOUNTING = "Accounting"
GROUPS = ("General", "Employee/Roles", "Vendors/Partners")

_BESIDE = {
    "General": ("Basic Information", "Contacts", "Practice Preferences"),
    ACCOUNTING: ("Payments", "Deposits", "Statements", "Invoices", "Claims", "Ledger", "Insurance Payments"),
    "Employee/Roles": ("Employees", "User Roles", "Employee Schedules"),
}
"""What is known to stand beside a screen: where it is seen and the screen isn't, the screen isn't there."""
_PARTNERS = (
    "Vendors", "Vendor", "Insurance Companies", "Insurances", "Insurance", "Payers", "Partners", "Laboratories", "Labs",
    "Suppliers",
)  # fmt: skip
_OVERFLOW = ("More", "…", "...", "All Modules", "Modules", "Menu")
_NO_RIGHT = re.compile(
    r"\b(you|user|account|login|role)\b[^.!?]{0,30}(\bnot|n't|\bno longer|\bno|\blacks?)\b ([\w-]+ ){0,3}"
    r"(access|permissions?|rights?|privileges?|authori[sz](ed|ation)|permitted|allowed)\b"
    r"|\b(access|permission) (to [^.!?]{0,40})?(is |was |has been )?(denied|restricted)\b|\bnot authori[sz]ed to\b"
    r"|\binsufficient (access|rights|permissions?|privileges?)\b|\bunauthori[sz]ed\b|\b(403|access) forbidden\b"
    r"|\bno (access|permission) (to|for)\b",
    re.I,
)
_FOLDS = ("Insurance", "Billing", "Insurance Billing", "Receivables", "Accounts Receivable")
"""Entries of a menu that may hold further ones."""
_NOTHING = re.compile(r"\bno (records|results|data|items|rows|entries|matching|\w+ found)", re.I)
_HEADER = 60
"""Pixels from the top that belong to the header whatever it looks like."""


class Seen(Enum):
    """What became of the try to open a screen."""

    OPENS = "it opens"
    CLOSED = "it isn't there for this account, or RevolutionEHR refuses it"
    UNSEEN = "the way to it could not be found or understood"


def admin_screens(screen: Screen) -> dict[str, Seen]:
    """Locations and Vendors/Partners, with the Admin module open."""
    return {LOCATIONS: _carefully(screen, _locations), VENDORS: _carefully(screen, _vendors)}


def accounting_screens(screen: Screen, wanted: Iterable[str] = (INVOICES, CLAIMS)) -> dict[str, Seen]:
    """Invoices and Claims, or those that are wanted, from wherever the account is."""
    return {name: _carefully(screen, partial(_of_accounting, name)) for name in wanted}


def _carefully(screen: Screen, look: Callable[[Screen], Seen]) -> Seen:
    """What the look found. A dialog that asks, or a control that can't be pressed, leaves it unseen."""
    try:
        return look(screen)
    except (ScreenChanged, PersonNeeded, LoginRefused):
        return Seen.UNSEEN


# ---- Admin -------------------------------------------------------------------------------------------------------


def _groups(sights: Sights) -> list[str]:
    return [group for group in GROUPS if header.menu_item(sights, group)]


def _open_group(screen: Screen, group: str, items: tuple[str, ...]) -> Seen | None:
    """Shows a group's items by a press on it, unless one is seen already; an outcome where that can't be done."""
    if not _groups(screen.look()):
        header.open_admin(screen)
    known = (*items, *_BESIDE.get(group, ()))
    if any(header.menu_item(screen.look(), item) for item in known):
        return None
    target = screen.wait_for(lambda s: header.menu_item(s, group), 4, rest=1)
    if target is None:
        return Seen.CLOSED if _groups(screen.look()) else Seen.UNSEEN
    screen.press(*target)
    screen.wait_for(lambda s: True if any(header.menu_item(s, item) for item in known) else None, 6, rest=1)
    return None


def _locations(screen: Screen) -> Seen:
    stopped = _open_group(screen, "General", (LOCATIONS,))
    if stopped:
        return stopped
    target = screen.wait_for(lambda s: header.menu_item(s, LOCATIONS), 2, rest=0.5)
    if target is None:
        beside = any(header.menu_item(screen.look(), item) for item in _BESIDE["General"])
        return Seen.CLOSED if beside else Seen.UNSEEN
    return _press(screen, target, "location")


def _vendors(screen: Screen) -> Seen:
    """The group shows that its right is there; the first of its screens that is known shows that it opens."""
    before = screen.look()
    shown = _groups(before)
    stopped = Seen.CLOSED if shown and VENDORS not in shown else _open_group(screen, VENDORS, _PARTNERS)
    if stopped:
        return stopped
    target = next((t for name in _PARTNERS if (t := header.menu_item(screen.look(), name))), None)
    if target:
        return _press(screen, target, "vendor", "insur", "payer", "partner", "lab", "supplier")
    now = screen.steady(4)
    if refused(now, before):
        return Seen.CLOSED
    return Seen.OPENS if _words(now) - _words(before) else Seen.UNSEEN


# ---- Accounting --------------------------------------------------------------------------------------------------


def _of_accounting(name: str, screen: Screen) -> Seen:
    if header.menu_item(screen.look(), name) is None:
        module = header.module_item(screen.look(), ACCOUNTING)
        if module is None:
            return _no_module(screen.look())
        _open_module(screen, module, name)
    target = screen.wait_for(lambda s: header.menu_item(s, name), 1, rest=0.4)
    if target is not None:
        return _press(screen, target, _stem(name))
    now = screen.look()
    if refused(now) or _menu_without(now, name):
        return Seen.CLOSED
    return Seen.OPENS if _shows(now, (_stem(name),)) else Seen.UNSEEN


def _menu_without(sights: Sights, name: str) -> bool:
    """True where the module's menu is seen and holds nothing like this, nor anything that may be folded around it."""
    beside = [t for other in _BESIDE[ACCOUNTING] if (t := header.menu_item(sights, other))]
    entries = [t for s in sights for t in s.texts if t.click and (t.nav or t.popup)]
    folded = any(t.expanded == "false" or any(t.says(words) for words in _FOLDS) for t in entries)
    alike = any(_stem(name) in normal(t.own) for t in entries)
    return any(t.nav or t.popup for _, t in beside) and not folded and not alike


def _open_module(screen: Screen, module: header.Target, name: str) -> None:
    """Shows what the module holds: some menus open under the mouse, and a press may shut those again."""
    known = (name, *_BESIDE[ACCOUNTING])

    def opened(sights: Sights) -> bool | None:
        return True if any(header.menu_item(sights, item) for item in known) else None

    screen.hover(*module)
    if screen.wait_for(opened, 2, rest=0.3):
        return
    screen.press(*module)
    screen.wait_for(opened, 8, rest=1)


def _no_module(sights: Sights) -> Seen:
    """Without an item Accounting: it isn't there where other modules are, unless some of them are folded away."""
    return Seen.CLOSED if header.module_item(sights, "Admin") and not is_folded(sights) else Seen.UNSEEN


def is_folded(sights: Sights) -> bool:
    """True where the header may hold more modules than it shows."""
    return any(t.click and t.box.y < _HEADER * 2 for s in sights for name in _OVERFLOW for t in s.saying(name))


def _stem(name: str) -> str:
    return name.removesuffix("s").casefold()


# ---- what opened -------------------------------------------------------------------------------------------------


def _press(screen: Screen, target: header.Target, *stems: str) -> Seen:
    """Presses it and waits until a screen about this is there, or is refused; what is neither isn't understood."""
    before = screen.look()
    screen.press(*target)

    def outcome(sights: Sights) -> Seen | None:
        if refused(sights, before):
            return Seen.CLOSED
        loading = screen.traffic.loading() or any(s.busy for s in sights)
        return Seen.OPENS if not loading and _shows(sights, stems, before) else None

    first = screen.wait_for(outcome, 10, rest=2)
    return Seen.UNSEEN if first is None else outcome(screen.steady(3)) or first


def refused(sights: Sights, before: Sights = ()) -> bool:
    """True where RevolutionEHR says now that this account has no right to what it was asked for."""
    old = _words(before)
    said = [a.text for s in sights for a in s.alerts]
    said += [t.own for s in sights for t in s.texts if len(t.own) <= 160 and not (t.row or t.nav or t.head)]
    return any(_NO_RIGHT.search(words) for words in said if words not in old)


def _shows(sights: Sights, stems: tuple[str, ...], before: Sights = ()) -> bool:
    """True where a list is drawn, a heading, a tab, a column's head or the address speaks of it, and none failed."""
    if any(messages.HICCUP.search(a.text) for s in sights for a in s.alerts if a.bad) or not _has_list(sights):
        return False
    changed = _words(sights) != _words(before)
    titles = [t.own for s in sights for t in s.texts if _is_title(t, changed=changed) and s.reachable(t)]
    places = [s.url.partition("#")[2] or s.url.rpartition("/")[2] for s in sights]
    return any(stem in normal(words) for words in (*titles, *places) for stem in stems)


def _is_title(text: Text, *, changed: bool) -> bool:
    """Words that may name a screen: few, in its body, and no entry of a menu unless it is the chosen one."""
    if len(text.own.split()) > 4 or text.box.y < _HEADER or text.popup:
        return False
    return text.head or text.tab or bool(text.level) or not text.nav or (changed and text.active)


def _has_list(sights: Sights) -> bool:
    """True where a list is drawn, also an empty one: column heads, lines, fields, or words that say so."""
    texts = [t for s in sights for t in s.texts]
    fields = any(s.fitting(("text", "choice", "list", "box")) for s in sights)
    return fields or any(t.head or (t.row and not t.nav) or _NOTHING.search(t.own) for t in texts)


def _words(sights: Sights) -> set[str]:
    return {t.own for s in sights for t in s.texts} | {a.text for s in sights for a in s.alerts}
