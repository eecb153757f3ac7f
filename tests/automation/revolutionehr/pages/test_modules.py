"""Whether a screen opens is told by what stands on it; where that isn't understood, nothing is claimed."""

from __future__ import annotations

import pytest

from automation.revolutionehr.pages import modules
from automation.revolutionehr.pages.modules import Seen
from automation.sight import Sight
from tests.automation.drawn import Drawing


def header(*names: str) -> Drawing:
    """A header with these modules."""
    page = Drawing()
    for n, name in enumerate(names):
        page.text(name, 40 + 120 * n, 20, click=1000 + n, nav=True)
    return page


@pytest.mark.parametrize(
    "words",
    [
        "You do not have access to this function.",
        "You don't have permission to view invoices.",
        "Your account is not authorized to view this page.",
        "This user lacks the necessary permissions for this page.",
        "Access denied",
        "Access to this page is restricted.",
        "Insufficient privileges.",
        "403 Forbidden",
        "Unauthorized",
    ],
)
@pytest.mark.parametrize("as_alert", [True, False])
def test_a_refusal_is_told_by_its_words(words: str, as_alert: bool) -> None:
    page = Drawing()
    if as_alert:
        page.alert(words, "alert-danger")
    else:
        page.text(words, 100, 300)
    assert modules.refused((page.sight(),))
    assert not modules.refused((page.sight(),), before=(page.sight(),))


@pytest.mark.parametrize(
    "words",
    ["Not Allowed", "Allowed Amount", "Denied", "3 claims were denied", "Claim denied: not authorized", "No records"],
)
def test_words_that_stand_among_claims_are_no_refusal(words: str) -> None:
    page = Drawing()
    page.text(words, 100, 300)
    page.text("You do not have access to this record", 100, 340, row=7)
    assert not modules.refused((page.sight(),))


def no_module(*names: str) -> Seen:
    return modules._no_module((header(*names).sight(),))


def test_a_module_is_missing_only_where_others_are_shown() -> None:
    assert no_module("Home", "Admin") is Seen.CLOSED
    assert no_module("Home") is Seen.UNSEEN
    assert no_module("Home", "Admin", "More") is Seen.UNSEEN


def menu(*entries: str, expanded: str = "") -> Sight:
    page = header("Accounting", "Admin")
    for n, entry in enumerate(entries):
        page.text(entry, 160, 80 + 30 * n, click=2000 + n, nav=True, expanded=expanded)
    return page.sight()


@pytest.mark.parametrize(
    ("drawn", "lacks"),
    [
        (menu("Invoices", "Payments"), True),
        (menu("Invoices", "Insurance Claims"), False),
        (menu("Invoices", "Insurance"), False),
        (menu("Invoices", "Payments", expanded="false"), False),
        (menu("Something", "Else"), False),
        (menu(), False),
    ],
    ids=["neighbours", "alike", "may-hold-it", "folded", "strangers", "nothing"],
)
def test_an_entry_is_missing_only_where_its_neighbours_are_and_nothing_is_folded(drawn: Sight, lacks: bool) -> None:
    assert modules._menu_without((drawn,), "Claims") is lacks


def test_a_tab_of_an_open_screen_is_no_menu_without_the_entry() -> None:
    page = header("Accounting", "Admin")
    page.text("Invoices", 100, 120, click=9, tab=True)
    assert not modules._menu_without((page.sight(),), "Claims")


def screen(
    title: str = "Invoices", *, heads: bool = True, error: str = "", url: str = "http://ehr/static/#/x"
) -> Sight:
    page = header("Accounting", "Admin")
    page.text(title, 100, 120, level=1)
    if heads:
        page.text("Number", 100, 200, head=True)
    if error:
        page.alert(error, "alert-danger")
    return page.sight(url=url)


def shows(sight: Sight) -> bool:
    return modules._shows((sight,), ("invoice",))


def test_a_screen_is_there_when_it_is_named_and_has_a_list() -> None:
    assert shows(screen())
    assert shows(screen("Invoice Dashboard"))
    assert shows(screen("Dashboard", url="http://ehr/static/#/accounting/invoices/dashboard"))
    assert not shows(screen("Payments"))
    assert not shows(screen(heads=False))
    assert not shows(screen(error="An unexpected error has occurred."))
    assert shows(screen(error="2 invoices were sent back."))


def test_an_entry_of_a_menu_names_no_screen() -> None:
    page = header("Invoices", "Admin")
    page.text("Invoices", 160, 80, click=5, nav=True)
    page.text("Number", 100, 200, head=True)
    assert not shows(page.sight())
