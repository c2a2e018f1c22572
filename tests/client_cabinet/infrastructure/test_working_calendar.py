"""The Russian working calendar, against the decrees of the government."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.client_cabinet.domain.subject_request import RequestKind, deadline_of
from apps.client_cabinet.infrastructure.working_calendar import is_working_day, local_day
from tests.counts import property_settings

# Decrees 1335 of 04.10.2024 (for 2025) and 1466 of 24.09.2025 (for 2026): what was moved where, and the days
# of art. 112 of the Labour Code that fall on weekdays.
DAYS_OFF = {
    2025: "0101 0102 0103 0106 0107 0108 0501 0502 0508 0509 0612 0613 1103 1104 1231",
    2026: "0101 0102 0105 0106 0107 0108 0109 0223 0309 0501 0511 0612 1104 1231",
}
WORKED_WEEKENDS = {2025: "1101", 2026: ""}


def _days(year: int, text: str) -> set[date]:
    return {date(year, int(day[:2]), int(day[2:])) for day in text.split()}


@pytest.mark.parametrize("year", sorted(DAYS_OFF))
def test_every_day_of_the_year_is_as_the_decree_has_it(year):
    off, worked = _days(year, DAYS_OFF[year]), _days(year, WORKED_WEEKENDS[year])
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]

    expected = {day for day in days if day in worked or (day.weekday() < 5 and day not in off)}

    assert {day for day in days if is_working_day(day)} == expected
    assert len(expected) == 247


def test_a_year_nobody_has_decreed_about_has_its_statutory_holidays():
    assert not is_working_day(date(2033, 11, 4))
    assert is_working_day(date(2033, 11, 3))


def test_the_practice_may_correct_the_calendar(settings):
    settings.EXTRA_DAYS_OFF = frozenset({date(2026, 11, 24)})
    settings.EXTRA_WORKING_DAYS = frozenset({date(2026, 11, 28), date(2026, 11, 4)})

    assert not is_working_day(date(2026, 11, 24))
    assert is_working_day(date(2026, 11, 28))
    assert is_working_day(date(2026, 11, 4))


def test_a_request_before_the_new_year_is_answered_after_the_holidays():
    assert deadline_of(
        RequestKind.RECTIFICATION, date(2025, 12, 29), extended=False, is_working=is_working_day
    ) == date(2026, 1, 19)


def test_the_day_of_receipt_is_that_of_the_practice_and_not_of_greenwich():
    assert local_day(datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) == date(2026, 11, 23)


@property_settings(bounded=60)
@given(
    kind=st.sampled_from(sorted(RequestKind)),
    received=st.dates(date(2024, 1, 1), date(2027, 12, 1)),
    extended=st.booleans(),
)
def test_every_deadline_is_a_working_day_and_an_extension_never_shortens_it(kind, received, extended):
    deadline = deadline_of(kind, received, extended=extended, is_working=is_working_day)

    assert is_working_day(deadline)
    assert deadline > received
    assert deadline >= deadline_of(kind, received, extended=False, is_working=is_working_day)
