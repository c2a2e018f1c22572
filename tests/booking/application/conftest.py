"""The practice in memory, new for every test."""

import pytest

from tests.booking.application.practice import Practice


@pytest.fixture
def practice() -> Practice:
    return Practice()
