"""How passwords are made: strong ones, as a practice's policy allows them."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import SecretStr

SYMBOLS = "!@#$%*-_"


@dataclass(frozen=True)
class Policy:
    """A practice's password policy, as far as somebody told us. Lengths are in characters."""

    shortest: int = 8
    longest: int = 64
    never: frozenset[str] = field(default=frozenset())

    LENGTH = 16

    @classmethod
    def parse(cls, words: str) -> Policy:
        """Reads "12-16 no _" or "20" or "10-12 no ! @" or "12 no symbols".

        Raises:
            ValueError: the words can't be read, or no strong password fits them; the text says which.
        """
        match = re.fullmatch(r"\s*(\d{1,3})?(?:\s*-\s*(\d{1,3}))?\s*(?:no\s+(\S(?:.*\S)?))?\s*", words)
        never = _characters(match[3] or "") if match and words.strip() else None
        if match is None or never is None:
            raise ValueError(
                f"The password policy “{words}” can't be read; "
                "write it as “12-16 no _”, with single characters after “no”, or as “12-16 no symbols”."
            )
        low, high = match[1], match[2]
        shortest = int(low) if low else 8
        policy = cls(shortest, int(high) if high else (shortest if low else 64), never)
        if weakness := policy._weakness():
            raise ValueError(f"The password policy “{words}” leaves no strong password: {weakness}.")
        return policy

    def _weakness(self) -> str:
        if self.longest < self.shortest:
            return "the longest is shorter than the shortest"
        if self.longest < 8:
            return "at least 8 characters"
        if self.shortest > 64:
            return "at most 64 characters are made"
        for name, kind in (("capital letters", string.ascii_uppercase), ("small letters", string.ascii_lowercase),
                           ("digits", string.digits)):  # fmt: skip
            if len(set(kind) - self.never) < 2:
                return f"at least two {name} have to be allowed"
        return ""

    def at_most(self, longest: int | None) -> Policy:
        """The same policy with a limit that the EHR showed."""
        if longest is None or longest < 8:
            return self
        return Policy(min(self.shortest, longest), min(self.longest, longest), self.never)

    def password(self, username: str, unlike: SecretStr | None = None) -> SecretStr:
        """A new strong password: each kind of character, no three alike in a row, without the user name.

        `unlike` is one that it must differ from widely (the temporary one).

        Raises:
            ValueError: no strong password fits this policy. Never so for one that was parsed.
        """
        length = max(self.shortest, min(self.LENGTH, self.longest))
        kinds = ["".join(c for c in kind if c not in self.never) for kind in _KINDS]
        kinds = [kind for kind in kinds if kind]
        for _ in range(_TRIES if kinds else 0):
            chars = [secrets.choice(kind) for kind in kinds]
            chars += [secrets.choice("".join(kinds)) for _ in range(length - len(chars))]
            secrets.SystemRandom().shuffle(chars)
            if _is_good("".join(chars), username, unlike):
                return SecretStr("".join(chars))
        raise ValueError("The password policy leaves no strong password.")


_KINDS = (string.ascii_uppercase, string.ascii_lowercase, string.digits, SYMBOLS)
_TRIES = 2000
"""The policy that leaves least (64 of six characters) takes about five tries on average."""


def _characters(words: str) -> frozenset[str] | None:
    """The single characters that somebody wrote one by one or in a row; None where words stand between them."""
    found: set[str] = set()
    for word in words.split():
        if word.casefold() == "symbols":
            found |= set(SYMBOLS)
        elif any(a.isalpha() and b.isalpha() for a, b in pairwise(word)):
            return None
        else:
            found |= set(word)
    return frozenset(found)


def _is_good(word: str, username: str, unlike: SecretStr | None) -> bool:
    low = word.casefold()
    if username.casefold() in low or "onespot" in low or "sync" in low:
        return False
    if re.search(r"(.)\1\1", word) or not word[0].isalnum():
        return False
    if unlike is None:
        return True
    return sum(a == b for a, b in zip(word, unlike.get_secret_value(), strict=False)) <= len(word) // 3
