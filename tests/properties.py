"""How many examples a property test tries: a few every day, many with ONESPOT_ALL_STEPS=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tests.onespot import EVERYTHING


def breadth(daily: int, whole: int) -> int:
    """The number of today."""
    return whole if EVERYTHING in os.environ else daily


def examples(daily: int, whole: int) -> settings:
    """Settings for `@given`: no example is timed, and what a fixture gives is shared by all of them."""
    shared = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=breadth(daily, whole), deadline=None, suppress_health_check=shared)
