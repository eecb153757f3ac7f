"""What RevolutionEHR says beside the matter: that the password of whoever is logged in expires soon.

How it says so is unknown (ehr-facts, section 7): it may be a banner, a toast or a window after the login. So only the
words count, sentence by sentence: the password itself must be what expires, it must be one's own, and it must say when.
News, policies, other people's passwords, links and sessions that expire are no such notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from automation.screen import Screen

LONGEST, SOON = 400, 31
"""Characters of a text that is looked into (longer ones are containers), and the days that count as soon."""

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE = (
    rf"(?:{_WEEKDAY},?\s+)?(?:\d{{1,4}}[/.-]\d{{1,2}}(?:[/.-]\d{{1,4}})?|{_MONTH}\s+\d{{1,2}}|\d{{1,2}}(?:th|st|nd|rd)?"
    rf"(?:\s+of)?\s+{_MONTH})|{_WEEKDAY}"
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
            "nine": 9, "ten": 10, "fourteen": 14, "fifteen": 15, "thirty": 30, "few": 3, "couple of": 2}  # fmt: skip
_UNITS = {"minute": 0, "hour": 0, "day": 1, "week": 7, "month": 30}
_COUNT = rf"(?P<count>\d{{1,4}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_SPAN = (
    r"(?:(?:the\s+next|next|only|just|less\s+than|fewer\s+than|about|approximately|under|a)\s+)*"
    rf"{_COUNT}\s*(?:more\s+|calendar\s+|business\s+)?\(?(?P<unit>{'|'.join(_UNITS)})(?:\(s\)|s\))?s?\b"
)
_WHEN = (
    rf"(?:in|within|for)\s+{_SPAN}|(?:on|by|before|at|until|from)?\s*\b(?:{_DATE})"
    r"|today|tonight|tomorrow|soon|shortly|(?:this|next)\s+(?:week|month)|at\s+midnight"
)
_OURS = r"\bpassword(?:\s+for\s+(?:(?:your|this|the)\s+)?(?:[\w-]+\s+)?(?:account|login|user)\b|\s+for\s+onespot\w*)?"
_FORMS = tuple(
    re.compile(words, re.I)
    for words in (
        rf"{_OURS}\s+(?:(?:will|shall|is\s+going\s+to|is\s+(?:due|set|scheduled|about)\s+to)\s+)?(?:soon\s+|automatically"
        rf"\s+)?expires?,?\s+(?:again\s+|automatically\s+)?(?:{_WHEN})",
        rf"{_OURS}\s+(?:is|will\s+be)\s+(?:now\s+)?expiring\s+(?:{_WHEN})",
        rf"{_OURS}\s+(?:is\s+about\s+to\s+expire|will\s+soon\s+expire|is\s+soon\s+to\s+expire|nears\s+its\s+expiration)",
        rf"{_OURS}\s+(?:is|remains)\s+(?:only\s+|still\s+)?valid\s+(?:only\s+)?(?:for\s+{_SPAN}|until\s+(?:{_DATE}))",
        rf"{_OURS}\s+(?:must|has\s+to|needs\s+to|should)\s+be\s+(?:changed|reset|renewed|updated)\s+(?:{_WHEN})",
        rf"{_SPAN}\s+(?:left|remaining|until|before|till|to\s+go)\b[^.!?]{{0,25}}{_OURS}\s+(?:will\s+)?expir",
        rf"{_SPAN}\s+(?:left\s+|remaining\s+)?(?:to|until\s+you\s+must|before\s+you\s+must)\s+"
        rf"(?:change|reset|renew|update)\s+(?:your\s+|the\s+)?{_OURS}",
        rf"(?:change|reset|renew|update)\s+(?:your\s+|the\s+)?{_OURS}\s+(?:(?:in|within)\s+{_SPAN}|(?:by|before)\s+"
        rf"(?:{_DATE}))",
        rf"{_OURS}\s+(?:expiration|expiry)(?:\s+date)?\s*(?:[:–-]|\bin\b|\bon\b|\bis\b)+\s*(?:in\s+)?(?:{_SPAN}|{_DATE}"
        r"|today|tomorrow|soon)",
        rf"{_OURS}\s+(?:expires|expiring)\s*[:–-]\s*(?:in\s+)?(?:{_SPAN}|{_DATE}|today|tomorrow|soon)",
        rf"(?P<unit>day)s?\s+(?:left\s+|remaining\s+)?(?:until|before|to|till)\s+(?:your\s+)?{_OURS}\s+(?:expir\w+)"
        r"\s*[:–-]?\s*(?P<count>\d{1,4})",
    )
)
_BEFORE = frozenset(
    ("your", "the", "this", "my", "our", "current", "login", "log-in", "sign-in", "account", "user", "existing", "own",
     "revolutionehr", "revehr", "ehr", "that", "note", "until", "before", "till", "days")
)  # fmt: skip
"""Words that may stand right before "password": with any other one it is somebody's or something else's."""
_CONDITION = re.compile(r"\b(if|whenever|when|once|whether|unless|after|should)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=\S)|\n+")
_ABBREVIATED = re.compile(rf"\b({_MONTH}|{_WEEKDAY[:-3]}\w*)\.(?=\s+\d)", re.I)


def expires_soon(words: str) -> str | None:
    """The sentence of these words that says that one's own password expires soon, and when; None where none does."""
    if "passw" not in words.casefold():
        return None
    for sentence in _SENTENCE.split(_ABBREVIATED.sub(r"\1", words.replace("\u00a0", " "))):
        said = " ".join(sentence.split())
        if any(_is_meant(said, match) for form in _FORMS if (match := form.search(said))):
            return said
    return None


def _is_meant(sentence: str, match: re.Match[str]) -> bool:
    head = sentence[: sentence.casefold().index("password", match.start())]
    before = head.split()[-1] if head.split() else ""
    ours = not before or before[-1] in ":,;-–—!(“\"'" or before.casefold().strip("“\"'(") in _BEFORE
    return ours and not _CONDITION.search(sentence[: match.start()]) and _is_soon(match)


def _is_soon(match: re.Match[str]) -> bool:
    found = match.groupdict()
    if not found.get("count") or not found.get("unit"):
        return True
    count = found["count"].casefold()
    number = int(count) if count.isdigit() else _NUMBERS[" ".join(count.split())]
    return number * _UNITS[found["unit"].casefold()] <= SOON


def notice(screen: Screen) -> str | None:
    """What is said on the screen, or was said by a window that was closed since the login, about the own password."""
    return next((said for words in _said(screen) if (said := expires_soon(words))), None)


def _said(screen: Screen) -> Iterable[str]:
    yield from screen.announced
    for sight in screen.look():
        yield from (alert.text for alert in sight.alerts)
        for text in sight.texts:
            yield from (words for words in (text.own, text.whole) if len(words) <= LONGEST)
