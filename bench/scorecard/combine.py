"""Random combinations of two or three faults that one whole run meets, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Collection

from bench.scorecard.cases import FRONTS, Case, together, walked_alone
from sandbox.ehr.faults import LEGACY

APART: tuple[frozenset[str], ...] = (
    frozenset({"one-location", "many-locations"}),
    frozenset({"search-needs-enter", "search-debounce"}),
    frozenset({"id-with-thousands-separator", "id-with-spaces", "id-empty-while-loading", "id-never-loads"}),
    frozenset({"menu-groups-collapsed", "menu-groups-expanded"}),
    frozenset({"days-default-off", "days-mixed", "days-with-times"}),
    frozenset({"role-exists-identical", "role-exists-shared"}),
    frozenset({"session-timeout-mid-form", "session-locks-mid-form"}),
    frozenset({"password-policy-strict", "password-policy-rejects-first", "maxlength-12", "confirm-cut-differently"}),
    frozenset({"save-role-500-but-saved", "role-exists-identical", "role-exists-shared"}),
    frozenset({"save-employee-500-but-saved", "save-employee-500-once"}),
)
"""Faults that contradict each other, or of which one hides the other."""

STOPS = 0.3
"""How often a combination has a fault that stops the run, which hides whatever comes after it."""

TOO_LONG = frozenset({"frozen-page", "slow-first-load"})
"""Minutes each; alone is enough."""


def combinations(number: int, seed: int) -> list[Case]:
    """So many different ones, of which at most one fault stops the run: else the first one would hide the others."""
    chance = random.Random(seed)
    mets = [met for met in walked_alone() if met.fault not in TOO_LONG]
    found: dict[str, Case] = {}
    for _ in range(100 * number):
        if len(found) >= number:
            break
        front = chance.choice(FRONTS)
        here = [met for met in mets if front == "legacy" or met.fault not in LEGACY]
        stopping = chance.sample([met for met in here if not met.completes], int(chance.random() < STOPS))
        others = chance.sample([met for met in here if met.completes], chance.choice((2, 3)) - len(stopping))
        if _go_together({met.fault for met in (*stopping, *others)}):
            case = together((*stopping, *others), front)
            found.setdefault(case.key, case)
    return list(found.values())


def _go_together(names: Collection[str]) -> bool:
    return all(len(group.intersection(names)) <= 1 for group in APART)
