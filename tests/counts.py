"""How many times a repeated test repeats: a bounded part by default, the whole with ``FULL_COUNTS=1``."""

import os

from hypothesis import HealthCheck, settings


def examples(bounded: int, full: int) -> int:
    """``full`` when the environment sets FULL_COUNTS to something but 0, otherwise ``bounded``."""
    return full if os.environ.get("FULL_COUNTS", "0") not in ("", "0") else bounded


def property_settings(bounded: int = 150, full: int = 2_000) -> settings:
    """Settings of a property test: ``@property_settings()`` beside ``@given(…)``."""
    return settings(
        max_examples=examples(bounded, full),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
