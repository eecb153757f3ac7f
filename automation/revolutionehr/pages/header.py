"""The app's frame: are we in, the way to an Admin screen, and out again (ehr-facts, sections 1, 3 and 8).

Every header item exists twice (the mobile twin is hidden), the anchors have no href, and logout is a picture without
any words: only what is visible counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from automation.errors import LoginRefused, PersonNeeded, ScreenChanged, Unavailable, quoted
from automation.nearest import MENU, missing
from automation.revolutionehr.pages import messages
from automation.screen import Screen, Sights
from automation.sight import Icon, Sight, Text, normal
from automation.trees import closed_arrow

Target = tuple[Sight, Text | Icon]
_OUT_WORDS = re.compile(r"^(log ?out|log ?off|sign ?out|sign ?off|exit)$", re.I)
_OUT_GLYPH = re.compile(
    r"headerlogoutbutton$|(^|[-_ ])(power|power-?off|poweroff|powersettings\w*|power_settings_new|logout\w*|log-out"
    r"|sign-?out\w*|box-arrow-(in-)?right|exit\w*)([-_ ]|$)"
)
_MENU_GLYPH = {"menu", "menu_open", "hamburger", "bars", "fa-bars", "fa-navicon", "bi-list", "icon-menu", "three-bars"}
_ACCEPTS = re.compile(r"(i )?(accept|agree)\b.{0,30}$", re.I)
_GOES_ON = re.compile(r"(continue|next|submit|save|proceed|confirm|verify|finish|done|ok|send)\b.{0,20}$", re.I)
_MODULES = (
    *("Home", "Schedule", "Patients", "Accounting", "Orders", "Inventory", "Tasks", "Messages", "Messaging"),
    *("Reports", "Marketing", "RevConnect", "Admin"),
)
"""The header's items (ehr-facts, section 9)."""
_TO_FILL = ("text", "choice", "list", "box", "check", "radio")
_TOP = 120
"""Pixels from the top in which the header stands."""
_RAIL = 110
"""Pixels from the left in which a menu stands that is folded to its pictures."""


def in_app(sights: Sights) -> bool:
    """True when somebody is logged in: no login field is visible, and logout or the modules are.

    They may lie under an announcement.
    """
    if any(s.fitting(("password",)) for s in sights):
        return False
    bare = tuple(replace(s, dialogs=()) for s in sights)
    return bool(module_item(bare, "Admin") or (way_out(bare) and not stands_before(bare)))


def stands_before(sights: Sights) -> bool:
    """True for what stands before the app and may have a logout of its own.

    An agreement, a field for a code; or anything else that is to be filled in and sent, with no module and no menu.
    """
    return _asks_first(sights) or (_is_to_be_sent(sights) and not _has_a_menu(sights))


def _is_to_be_sent(sights: Sights) -> bool:
    fields = any(w.enabled for s in sights for w in s.fitting(_TO_FILL))
    return fields and any(t.click and _GOES_ON.match(t.own.strip()) for s in sights for t in s.texts)


def _has_a_menu(sights: Sights) -> bool:
    drawn = any(_MENU_GLYPH & {*i.glyphs, *i.said} for s in sights for i in s.icons)
    told = any(t.nav and t.click and not _OUT_WORDS.match(t.own.strip()) for s in sights for t in s.texts)
    return drawn or told or bool(_rail(sights)) or any(module_item(sights, name) for name in _MODULES)


def _asks_first(sights: Sights) -> bool:
    """True for an agreement, or a field for a code."""
    said = messages.words(sights)
    accepts = any(t.click and _ACCEPTS.match(t.own.strip()) for s in sights for t in s.texts)
    code = any(s.fitting(("text",)) for s in sights)
    return bool((accepts and messages.AGREEMENTS.search(said)) or (code and messages.SECOND_FACTOR.search(said)))


def module_item(sights: Sights, name: str) -> Target | None:
    """A module's item: words or a picture in the header, or in a menu beside the screen."""
    for sight in sights:
        texts = [t for t in sight.saying(name) if t.click and t.box.y < _TOP * 2 and not t.row] or [
            t for t in sight.saying(name) if t.click and t.nav
        ]
        if texts:
            return sight, min(texts, key=lambda t: t.box.y)
        icons = [i for i in sight.icons if any(normal(s) == normal(name) for s in i.said) and i.box.y < _TOP * 2]
        if icons:
            return sight, icons[0]
    return None


def open_admin(screen: Screen) -> None:
    """Opens the Admin module.

    Raises:
        LoginRefused: this login has no Admin menu, so it isn't an administrator's.
        SessionOver: nobody is logged in any more.
    """
    messages.clear_announcements(screen)
    target = screen.wait_for(lambda s: module_item(s, "Admin"), 10)
    if target is None:
        _must_be_in(screen.look())
        error = LoginRefused(
            "This login has no Admin menu in RevolutionEHR.",
            "It isn't an administrator's, so it can't create roles or employees.",
            "Use the login of somebody who can open Admin.",
        )
        error.sought = missing(screen.look(), "Admin", MENU).sought
        raise error
    screen.press(*target)
    screen.steady(6)
    messages.clear_announcements(screen)


def _must_be_in(sights: Sights) -> None:
    """Raises SessionOver where a password is asked for: at the login form, or at a lock over the screen."""
    if any(s.fitting(("password",)) for s in sights):
        raise messages.SessionOver("RevolutionEHR asks for the password again: the session ended or was locked.")


def go(screen: Screen, group: str, item: str, arrived: Callable[[Sights], bool]) -> None:
    """Goes to Admin > group > item. A group is pressed only while the item isn't visible, and never twice.

    Where it was pressed in another menu, one that was just fading away, Admin is opened once more.

    Raises:
        ScreenChanged: the item isn't there.
        LoginRefused: Admin, or this group, is missing for this login.
    """
    if not menu_item(screen.look(), item) and not menu_item(screen.look(), group):
        open_admin(screen)
    unfolded = _unfold(screen, group, item)
    group_is_open = on_the_way = again = False
    for _ in range(4):
        if on_the_way and not again and _menu_went(screen, group, item):
            open_admin(screen)
            group_is_open, again = False, True
        target, on_the_way = _next_press(screen, item, None if group_is_open else group), True
        screen.traffic.failed.clear()
        try:
            screen.press(*target)
        except ScreenChanged:
            if menu_item(screen.steady(3), item):
                raise
            group_is_open = False  # it was in a menu that was closing
            continue
        if not target[1].says(item):
            group_is_open = True
            screen.steady(3)
            _press_arrow(screen, group, item)
            continue
        on_the_way = False
        if unfolded:
            screen.leave()
        if screen.wait_for(lambda s: True if arrived(s) else None, 12):
            screen.steady(3)
            return
        messages.clear_announcements(screen)
    said = messages.complaints(screen.look())
    if said:
        raise Unavailable(
            f"RevolutionEHR did not open {group} > {item}: {quoted(said[0], 200)}",
            "It answered with an error.",
            "Retry.",
        )
    if menu_item(screen.look(), item):
        raise ScreenChanged(
            f"Admin > {group} > {item} was pressed, but its screen did not open.",
            "RevolutionEHR is slow, or the screen has changed.",
            "Look at the picture and retry.",
        )
    raise missing(screen.look(), item, MENU)


def _unfold(screen: Screen, group: str, item: str) -> bool:
    """Unfolds a menu at the left that shows only pictures until the mouse is over it; True where that was done."""

    def seen(sights: Sights) -> bool | None:
        return True if menu_item(sights, item) or menu_item(sights, group) else None

    screen.wait_for(lambda s: True if seen(s) or _rail(s) else None, 8, rest=2)
    rail = [] if seen(screen.steady(3)) else _rail(screen.look())
    if not rail:
        return False
    screen.hover(*rail[-1])
    button = next((p for p in rail if _MENU_GLYPH & {*p[1].glyphs, *p[1].said}), None)
    if not screen.wait_for(seen, 3, rest=1) and button:
        screen.press(*button)
        screen.wait_for(seen, 3, rest=1)
    return True


def _press_arrow(screen: Screen, group: str, item: str) -> None:
    """Opens the group by its arrow where a press of its words only chose it: while its arrow shows it closed."""
    if screen.wait_for(lambda s: menu_item(s, item), 3, rest=1):
        return
    target = menu_item(screen.look(), group)
    arrow = closed_arrow(*target) if target else None
    if target and arrow:
        screen.press(target[0], arrow)
        screen.steady(3)


def _rail(sights: Sights) -> list[tuple[Sight, Icon]]:
    """The pictures of a folded menu: three or more, one below the other, at the left edge."""
    for sight in sights:
        near = [i for i in sight.icons if i.box.right <= _RAIL and i.box.y > 40 and not i.row and sight.reachable(i)]
        for first in near:
            column = [i for i in near if abs(i.box.middle[0] - first.box.middle[0]) < 4]
            if len(column) > 2:
                return [(sight, icon) for icon in sorted(column, key=lambda i: i.box.y)]
    return []


def _menu_went(screen: Screen, group: str, item: str) -> bool:
    """True once the page rests and shows neither the group nor its item any more, but Admin, which opens them."""
    screen.wait_for(lambda s: True if menu_item(s, item) or not menu_item(s, group) else None, 8, rest=2)
    found = screen.wait_for(lambda s: menu_item(s, item) or menu_item(s, group), 8, rest=2)
    return found is None and module_item(screen.look(), "Admin") is not None


def _next_press(screen: Screen, item: str, group: str | None) -> tuple[Sight, Text]:
    """The menu item once it is visible, else its group, if that may still be pressed."""
    target = screen.wait_for(lambda s: menu_item(s, item) or (menu_item(s, group) if group else None), 8)
    if target is None:
        _must_be_in(screen.look())
    if target is None and group is not None:
        raise _no_group(screen.look(), group)
    if target is None:
        raise missing(screen.look(), item, MENU)
    return target


def _no_group(sights: Sights, group: str) -> LoginRefused:
    sought = missing(sights, group, MENU).sought
    near = sought.near[:4] if sought else ()
    error = LoginRefused(
        f"Admin has no “{group}” for this login." + (f" Its menu has: {', '.join(near)}." if near else ""),
        "The login lacks the right for it, or the menu has another name.",
        "Use the login of an administrator who sees it.",
    )
    error.sought = sought
    return error


def menu_item(sights: Sights, words: str) -> tuple[Sight, Text] | None:
    """The menu item of these words: of several, one in a menu, then the first; never a line with a check or a tab."""
    for sight in sights:
        checks = [w.box for w in sight.widgets if w.kind in ("check", "radio")]
        found = [
            t
            for t in sight.saying(words)
            if t.click and not t.head and not any(b.same_line(t.box) and abs(b.right - t.box.x) < 60 for b in checks)
        ]
        found = [t for t in found if t.box.y > 40 or t.nav] or found
        if found:
            return sight, min(found, key=lambda t: (not t.nav, t.tab and not t.nav, t.start))
    return None


# ---- out ---------------------------------------------------------------------------------------------------


def way_out(sights: Sights) -> Target | None:
    """What logs out, by its words or its picture; None where nothing that can be reached says so."""
    for sight in sights:
        texts = [t for t in sight.texts if t.click and _OUT_WORDS.match(t.own.strip()) and sight.reachable(t)]
        if texts:
            return sight, texts[0]
        icons = [i for i in sight.icons if i.box.y < _TOP and sight.reachable(i)]
        for icon in icons:
            if any(_OUT_WORDS.match(s.strip()) for s in icon.said):
                return sight, icon
        drawn = [i for i in icons if any(_OUT_GLYPH.search(g) for g in (*i.glyphs, i.shown))]
        if drawn:
            return sight, max(drawn, key=lambda i: i.box.right)
    return None


def _far_right(sights: Sights) -> Target | None:
    """The icon at the far right of the header, which logout is by ehr-facts section 8: icon only, no name at all."""
    sight = sights[0]
    icons = [i for i in sight.icons if i.box.y < _TOP and i.box.right > sight.width * 0.8 and not i.said]
    return (sight, max(icons, key=lambda i: i.box.right)) if icons else None


def log_out(screen: Screen, url: str, at_login: Callable[[Sights], bool]) -> None:
    """Logs out and proves it: the login form is visible again. What only announces something is closed first.

    A form in a window of its own, or one that lies over the way out, is left by loading the app again, which saves
    nothing.

    Raises:
        PersonNeeded: a dialog asks for a decision, also after that.
        ScreenChanged: there is no logout, or pressing it did not log out.
    """
    for last in (False, True):
        try:
            messages.clear_announcements(screen)
        except PersonNeeded:
            if last:
                raise
            screen.open(url)
            screen.wait_for(lambda s: True if at_login(s) or in_app(s) else None, 15)
            continue
        target = way_out(screen.look()) or _far_right(screen.look())
        if target is None:
            screen.open(url)
            target = screen.wait_for(lambda s: way_out(s) or (_far_right(s) if in_app(s) else None), 15)
        if target is None and at_login(screen.look()):
            return
        if target is None:
            break
        if _pressed(screen, target, last) and _is_out(screen, target, at_login):
            return
        screen.open(url)
        screen.wait_for(lambda s: True if at_login(s) or in_app(s) else None, 15)
        if at_login(screen.steady(6)):  # (a login form may show for a moment on the way into the app)
            return
    raise ScreenChanged(
        "RevolutionEHR could not be logged out.",
        "The way out wasn't found, or pressing it did nothing; the session ends by itself after a while.",
        "Look at the picture.",
    )


def _is_out(screen: Screen, target: Target, at_login: Callable[[Sights], bool]) -> bool:
    """True once the login form shows. A dialog that asks whether to log out is answered; what opens is gone through."""

    def further(sights: Sights) -> Target | bool | None:
        if at_login(sights):
            return True
        found = messages.yes_to_log_out(sights) or way_out(sights)
        return found if found and isinstance(found[1], Text) and found[1].id != target[1].id else None

    on = screen.wait_for(further, 10)
    if isinstance(on, tuple) and _pressed(screen, on, last=False):
        on = screen.wait_for(lambda s: True if at_login(s) else None, 10)
    return on is True


def _pressed(screen: Screen, target: Target, last: bool) -> bool:
    """False where something lies over it; the last time that is raised."""
    try:
        with screen.native.agreeing(messages.asks_to_log_out):
            screen.press(*target)
    except ScreenChanged:
        if last:
            raise
        return False
    return True


def in_admin(sights: Sights) -> bool:
    """True when an Admin screen is shown: its menu groups are, and home's patients are not."""
    groups = ("General", "Employee/Roles", "Vendors/Partners")
    return sum(menu_item(sights, group) is not None for group in groups) >= 2
