"""The pictures of the last days: real PNG files, the same bytes for the same days, and the same in words."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.checks.chart import KINDS, LOOKS, NOT_KNOWN, WELL, alt_text, chart, counts_alt_text, counts_chart, split
from bot.checks.incidents import NOT_THE_ACCOUNT, SEVERITY
from storage.history import WORSE, DayCounts, DayFound
from storage.models import CheckOutcome

LAST = date(2026, 11, 27)
C = CheckOutcome


def days(*worst: CheckOutcome | None) -> list[DayFound]:
    first = LAST - timedelta(days=len(worst) - 1)
    return [DayFound(first + timedelta(days=n), found, None, 1) for n, found in enumerate(worst)]


def counted(*practices: dict[CheckOutcome, int]) -> list[DayCounts]:
    first = LAST - timedelta(days=len(practices) - 1)
    return [DayCounts(first + timedelta(days=n), found) for n, found in enumerate(practices)]


def picture(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        assert "Software" not in image.info
        return image.convert("RGB")


def shades(png: bytes) -> set[str]:
    """The colours that cover something, not the shades at the edges of letters."""
    image = picture(png)
    return {
        "#{:02X}{:02X}{:02X}".format(*colour)
        for number, colour in image.getcolors(image.width * image.height)  # type: ignore[union-attr, misc]
        if number > 400
    }


def test_every_outcome_has_a_look_and_the_worst_come_last() -> None:
    assert set(LOOKS) == {*CheckOutcome, None}
    assert [outcome for outcome in LOOKS if outcome] == list(dict.fromkeys(outcome for outcome, _ in WORSE))
    assert len({look.letter for look in LOOKS.values()}) == len(LOOKS)


def test_the_order_of_a_day_is_that_of_the_alerts() -> None:
    severities = [SEVERITY[outcome] for outcome, _ in WORSE]
    assert severities == sorted(severities)
    assert set(NOT_KNOWN) == set(NOT_THE_ACCOUNT)


@pytest.mark.parametrize("number", [0, 1, 5, 30])
def test_there_is_a_picture_for_any_number_of_days(number: int) -> None:
    one = picture(chart(days(*[C.HEALTHY] * number), "Lumen Eye"))
    many = picture(counts_chart(counted(*[{C.HEALTHY: 3}] * number), "All"))
    assert one.width == many.width == 1350


def test_a_day_has_the_colour_of_its_worst() -> None:
    drawn = shades(chart(days(C.HEALTHY, C.DRIFT, None, C.LOGIN_REFUSED), "Lumen Eye"))
    assert {LOOKS[one].colour for one in (C.HEALTHY, C.DRIFT, C.LOGIN_REFUSED)} <= drawn
    assert LOOKS[C.PERSON_NEEDED].colour not in drawn


def test_a_bar_has_the_colours_of_its_parts() -> None:
    healthy, failing, _ = (colour for _, colour, _ in KINDS)
    assert failing not in shades(counts_chart(counted({C.HEALTHY: 40}), "All"))
    assert {healthy, failing} <= shades(counts_chart(counted(*[{C.HEALTHY: 20, C.LOCKED: 20}] * 9), "All"))


def test_what_expires_soon_counts_as_healthy_and_a_down_ehr_as_unknown() -> None:
    (day,) = counted({C.HEALTHY: 1, C.EXPIRING: 2, C.DRIFT: 4, C.LOCKED: 8, C.EHR_DOWN: 16, C.SCREEN_CHANGED: 32})
    assert split(day) == (3, 12, 48)
    assert not set(WELL) & set(NOT_KNOWN)


def test_the_same_days_are_the_same_bytes_in_every_thread() -> None:
    expected, drawn = chart(days(C.HEALTHY, C.DRIFT), "Lumen Eye"), list[bytes]()
    threads = [
        threading.Thread(target=lambda: drawn.append(chart(days(C.HEALTHY, C.DRIFT), "Lumen Eye"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [expected] * 4


@pytest.mark.parametrize("name", ["Costs $5 and $6", r"$\frac{$", "眼科 🦉", "two\nlines", "x" * 300, ""])
def test_any_name_can_be_drawn(name: str) -> None:
    assert picture(chart(days(C.HEALTHY), name)).width == 1350


def test_the_reader_of_a_screen_hears_which_days_were_bad() -> None:
    found = days(C.HEALTHY, C.DRIFT, C.DRIFT, None, C.LOGIN_REFUSED, C.HEALTHY, C.DRIFT)
    assert alt_text(found, "Checks of Lumen Eye") == (
        "Checks of Lumen Eye, November 21 to November 27 2026: healthy on 2 of 6 days with a check; "
        "login refused on November 25; drift on November 22 to November 23 and November 27."
    )


def test_the_reader_of_a_screen_hears_that_all_is_well() -> None:
    assert alt_text(days(C.HEALTHY), "Lumen Eye") == "Lumen Eye, November 27 2026: healthy on 1 of 1 day with a check."
    text = counts_alt_text(counted({C.HEALTHY: 1200}), "All")
    assert text == "All, November 27 2026: on November 27 1,200 healthy, 0 failing, 0 unknown; none failed on any day."


def test_the_reader_of_a_screen_hears_the_worst_day_of_all_practices() -> None:
    text = counts_alt_text(counted({C.HEALTHY: 5, C.LOCKED: 3}, {C.HEALTHY: 7, C.DRIFT: 1}, {}), "All")
    assert text.endswith("on November 26 7 healthy, 1 failing, 0 unknown; most failing on November 25 (3).")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "no days to show"), (1, "no check in 1 day"), (3, "no check in 3 days")]
)
def test_nothing_is_said_to_be_nothing(number: int, said: str) -> None:
    found: Sequence[DayFound] = days(*[None] * number)
    assert alt_text(found, "X") == f"X: {said}."
    assert counts_alt_text(counted(*[{}] * number), "X") == f"X: {said}."


def test_the_plotting_library_is_not_there_before_something_is_drawn() -> None:
    modules = "bot.checks.chart, bot.checks.history, bot.service"
    program = f"import sys, {modules}; print({{'matplotlib', 'numpy', 'PIL'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_this_users_own_settings_of_the_library_change_no_picture() -> None:
    import matplotlib

    expected = chart(days(C.HEALTHY), "Lumen Eye")
    with matplotlib.rc_context({"text.color": "red", "font.size": 30, "savefig.dpi": 30, "font.family": "monospace"}):
        assert chart(days(C.HEALTHY), "Lumen Eye") == expected
        assert matplotlib.rcParams["text.color"] == "red"
