"""Texts as nobody expects them, for property tests: long, empty, from right to left, half a letter, full of marks."""

from __future__ import annotations

from hypothesis import strategies as st

LONGEST = 10_000

_ANY = st.characters(exclude_categories=())
"""Every code point, halves of emoji too."""

_KNOWN = (
    "",
    " ",
    "\0",
    "\ud83d",
    "🦉" * 3000,
    "👩‍⚕️" * 2000,
    "x" * LONGEST,
    "&" * LONGEST,
    "<" * LONGEST,
    "word " * 2000,
    "\n" * 500,
    "עין \u202eטובה\u202c \u200f العين" * 50,
    "z\u0301\u0327\u0335" * 500,
    "\u2028\u2029\x85\x1b[31m\ufeff\u200b",
    "<!channel> <@U0EVIL> <!subteam^S0LEADS> <#C0EVIL> <https://evil.example|here> <!date^0^{date}|x>",
    "*b* _i_ ~s~ `c` ```code``` > quote\n> quote",
    "&lt;!channel&gt; &amp; &#60;!here&#62;",
    "{{7*7}} ${7*7} %s {0} </script><script>alert(1)</script>",
)


def odd_texts(longest: int = LONGEST) -> st.SearchStrategy[str]:
    """Any text at all, and those that have broken things elsewhere; cut to so many characters."""
    cut = [text[:longest] for text in _KNOWN]
    short = st.text(_ANY, max_size=min(60, longest))
    repeated = st.builds(lambda text, times: (text * times)[:longest], st.text(_ANY, max_size=6), st.integers(1, 3000))
    return st.one_of(st.sampled_from(cut), short, repeated)
