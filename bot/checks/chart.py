"""Pictures of the last days: data in, a PNG out, and the same in a sentence for whoever can't see it.

Nothing is read or sent here. The plotting library is imported when the first picture is drawn; of it only the objects
are used, without its global state, and by one thread at a time, because its fonts are shared.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from storage.history import DayCounts, DayFound
from storage.models import CheckOutcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NOT_KNOWN = (CheckOutcome.EHR_DOWN, CheckOutcome.SCREEN_CHANGED)
WELL = (CheckOutcome.HEALTHY, CheckOutcome.EXPIRING)


@dataclass(frozen=True)
class Look:
    """How a day is drawn: its letter, its colour (of Okabe and Ito's, told apart by every eye), and its word."""

    letter: str
    colour: str
    word: str


LOOKS: Mapping[CheckOutcome | None, Look] = {
    CheckOutcome.HEALTHY: Look("✓", "#009E73", "healthy"),
    CheckOutcome.EXPIRING: Look("E", "#F0E442", "password expires soon"),
    CheckOutcome.DRIFT: Look("D", "#E69F00", "drift"),
    CheckOutcome.SCREEN_CHANGED: Look("S", "#BBBBBB", "the screen changed"),
    CheckOutcome.EHR_DOWN: Look("?", "#BBBBBB", "the EHR is down"),
    CheckOutcome.PERSON_NEEDED: Look("P", "#CC79A7", "a person is needed"),
    CheckOutcome.PASSWORD_EXPIRED: Look("X", "#CC79A7", "password expired"),
    CheckOutcome.LOCKED: Look("L", "#D55E00", "locked"),
    CheckOutcome.LOGIN_REFUSED: Look("R", "#D55E00", "login refused"),
    None: Look("–", "#FFFFFF", "no check"),
}
INK, FRAME = "#222222", "#777777"

KINDS = (("healthy", "#009E73", ""), ("failing", "#D55E00", "///"), ("unknown", "#BBBBBB", "..."))
"""The parts of a bar, from below: word, colour, pattern."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DRAWING = threading.Lock()
_WIDTH, _DPI = 9.0, 150


# For one practice


def chart(days: Sequence[DayFound], title: str) -> bytes:
    """A PNG with one square for each day, oldest first, coloured and lettered by the worst that was found."""
    return _png(2.0, title, lambda figure: _squares(figure, days) if days else _nothing(figure))


def alt_text(days: Sequence[DayFound], title: str) -> str:
    """What `chart` shows, in words."""
    checked = [day for day in days if day.worst is not None]
    if not checked:
        return f"{title}: no check in {_many(len(days), 'day')}." if days else f"{title}: no days to show."
    well = sum(day.worst is CheckOutcome.HEALTHY for day in checked)
    said = [f"{title}, {_span(days)}: healthy on {well} of {_many(len(checked), 'day')} with a check"]
    for outcome in reversed(tuple(LOOKS)):
        on = [day.day for day in checked if day.worst is outcome]
        if on and outcome is not CheckOutcome.HEALTHY:
            said.append(f"{outcome} on {_listed(on)}")
    return "; ".join(said) + "."


def _squares(figure: Figure, days: Sequence[DayFound]) -> None:
    from matplotlib.patches import Rectangle

    axes = figure.add_axes((0.02, 0.49, 0.96, 0.3))
    for place, day in enumerate(days):
        look = LOOKS[day.worst]
        axes.add_patch(Rectangle((place + 0.06, 0.06), 0.88, 0.88, facecolor=look.colour, edgecolor=FRAME, lw=0.8))
        axes.text(place + 0.5, 0.48, look.letter, ha="center", va="center", size=11, weight="bold", color=_ink(look))
    width = max(len(days), 30)
    axes.set(xlim=(0, width), ylim=(0, 1), yticks=[])
    axes.set_aspect("equal", anchor="W")
    _name_days(axes, [day.day for day in days], middle=0.5)
    used = [outcome for outcome in LOOKS if any(day.worst is outcome for day in days)]
    _legend(figure, ((f"{LOOKS[one].letter}  {LOOKS[one].word}", LOOKS[one].colour, "") for one in used))


# For all of them


def counts_chart(days: Sequence[DayCounts], title: str) -> bytes:
    """A PNG with one bar for each day, oldest first: how many practices were healthy, failing, or could not be seen."""
    return _png(3.2, title, lambda figure: _bars(figure, days) if days else _nothing(figure))


def counts_alt_text(days: Sequence[DayCounts], title: str) -> str:
    """What `counts_chart` shows, in words."""
    checked = [day for day in days if any(day.practices.values())]
    if not checked:
        return f"{title}: no check in {_many(len(days), 'day')}." if days else f"{title}: no days to show."
    last, worst = checked[-1], max(checked, key=lambda day: (split(day)[1], day.day))
    well, failing, unknown = split(last)
    said = f"{title}, {_span(days)}: on {_day(last.day)} {well:,} healthy, {failing:,} failing, {unknown:,} unknown"
    most = split(worst)[1]
    return f"{said}; most failing on {_day(worst.day)} ({most:,})." if most else f"{said}; none failed on any day."


def split(day: DayCounts) -> tuple[int, int, int]:
    """How many were healthy, failing, unknown."""
    well = sum(number for outcome, number in day.practices.items() if outcome in WELL)
    unknown = sum(number for outcome, number in day.practices.items() if outcome in NOT_KNOWN)
    return well, sum(day.practices.values()) - well - unknown, unknown


def _bars(figure: Figure, days: Sequence[DayCounts]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes = figure.add_axes((0.07, 0.25, 0.91, 0.6))
    parts, floor = list(zip(*(split(day) for day in days), strict=True)), [0] * len(days)
    for (_, colour, pattern), heights in zip(KINDS, parts, strict=True):
        axes.bar(
            range(len(days)),
            heights,
            0.8,
            floor,
            color=colour,
            edgecolor=INK,
            hatch=pattern,
            lw=0.6,
            hatch_linewidth=0.6,
        )
        floor = [below + height for below, height in zip(floor, heights, strict=True)]
    axes.set(xlim=(-0.6, max(len(days), 30) - 0.4), ylim=(0, max(max(floor), 1) * 1.08))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
    axes.tick_params(axis="y", labelsize=9, length=0, labelcolor=INK)
    axes.grid(axis="y", color="#DDDDDD", lw=0.6)
    axes.set_axisbelow(True)
    _name_days(axes, [day.day for day in days], middle=0.0)
    _legend(figure, KINDS)


# Both


def _png(height: float, title: str, draw: Callable[[Figure], None]) -> bytes:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _DRAWING, matplotlib.rc_context(_plain(matplotlib.rcParamsDefault)):
        figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        figure.text(
            0.02, 1 - 0.16 / height, _drawable(title), va="top", size=12, weight="bold", color=INK, parse_math=False
        )
        draw(figure)
        out = io.BytesIO()
        canvas.print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return out.getvalue()


def _plain(defaults: Any) -> Any:
    """The library's own defaults, so that no file of this user's changes a picture."""
    kept = ("backend", "interactive", "toolbar", "timezone", "date.epoch", "webagg", "tk.", "savefig.directory")
    return {name: value for name, value in defaults.items() if not name.startswith(kept)}


def _drawable(text: str, most: int = 80) -> str:
    """The text, short enough, with a box for each letter that the font doesn't have."""
    from matplotlib.font_manager import findfont, get_font

    has = get_font(findfont("DejaVu Sans:bold")).get_charmap()
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(letter if ord(letter) in has and letter.isprintable() else "□" for letter in short)


def _nothing(figure: Figure) -> None:
    figure.text(0.02, 0.4, "No days to show.", size=11, color=INK)


def _name_days(axes: Axes, days: Sequence[date], middle: float) -> None:
    """The last day and every fifth before it are named."""
    places = list(range(len(days) - 1, -1, -5))
    names = [f"{_MONTHS[days[place].month - 1][:3]} {days[place].day}" for place in places]
    axes.set_xticks([place + middle for place in places], names, size=9, color=INK)
    axes.tick_params(axis="x", length=0, pad=5)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _legend(figure: Figure, entries: Iterable[tuple[str, str, str]]) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(facecolor=colour, edgecolor=FRAME, hatch=hatch, label=word) for word, colour, hatch in entries]
    figure.legend(
        handles=patches,
        loc="lower left",
        bbox_to_anchor=(0.012, 0.0),
        ncols=4,
        frameon=False,
        fontsize=9,
        labelcolor=INK,
    )


def _ink(look: Look) -> str:
    return "#FFFFFF" if look.colour in ("#009E73", "#D55E00") else INK


def _span(days: Sequence[DayFound] | Sequence[DayCounts]) -> str:
    first, last = days[0].day, days[-1].day
    return f"{_day(last)} {last.year}" if first == last else f"{_day(first)} to {_day(last)} {last.year}"


def _day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"


def _listed(days: Sequence[date]) -> str:
    """Days in words; days in a row as from to."""
    spans: list[list[date]] = []
    for day in days:
        if spans and (day - spans[-1][-1]).days == 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    said = [_day(span[0]) if len(span) == 1 else f"{_day(span[0])} to {_day(span[-1])}" for span in spans]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
