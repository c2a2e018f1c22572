"""What is sold: rules that may not contradict each other, and when a service may be booked."""

from datetime import timedelta
from typing import Any

import pytest

from apps.booking.domain.service import (
    BufferOutOfRange,
    CancellationHoursReversed,
    DepositAbovePrice,
    DurationOutOfRange,
    InvalidServiceTerms,
    MeetingFormat,
    NegativePrice,
    NegativeRule,
    ServiceFormat,
    ServiceNotFound,
    ServiceStatus,
    WrongMeetingFormat,
)
from apps.kernel.domain.money import Money
from tests.booking.domain_objects import FREE, MINUTE, PRICE, WITH_DEPOSIT, service, terms

REFUSED: list[tuple[dict[str, Any], type[InvalidServiceTerms], str]] = [
    ({"duration": timedelta(0)}, DurationOutOfRange, "duration"),
    ({"duration": timedelta(seconds=59)}, DurationOutOfRange, "duration"),
    ({"duration": timedelta(hours=12, seconds=1)}, DurationOutOfRange, "duration"),
    ({"buffer_before": -MINUTE}, BufferOutOfRange, "buffer_before"),
    ({"buffer_after": 241 * MINUTE}, BufferOutOfRange, "buffer_after"),
    ({"price": Money(-1)}, NegativePrice, "price"),
    ({"deposit": Money(0)}, DepositAbovePrice, "deposit"),
    ({"deposit": Money(450_001)}, DepositAbovePrice, "deposit"),
    ({"price": Money(0), "deposit": Money(1)}, DepositAbovePrice, "deposit"),
    ({"cancel_free_hours": -1}, NegativeRule, "cancel_free_hours"),
    ({"cancel_partial_hours": -1}, NegativeRule, "cancel_partial_hours"),
    ({"reschedule_min_hours": -1}, NegativeRule, "reschedule_min_hours"),
    ({"max_reschedules": -1}, NegativeRule, "max_reschedules"),
    ({"cancel_free_hours": 11}, CancellationHoursReversed, "cancel_free_hours"),
]


@pytest.mark.parametrize(("values", "error", "field"), REFUSED)
def test_terms_that_contradict_themselves_name_the_field_to_mend(
    values: dict[str, Any], error: type[InvalidServiceTerms], field: str
) -> None:
    with pytest.raises(error) as refusal:
        terms(**values)
    assert refusal.value.field == field
    assert refusal.value.code == "invalid_service_terms"


@pytest.mark.parametrize(
    "values",
    [
        {"duration": MINUTE},
        {"duration": timedelta(hours=12)},
        {"buffer_before": timedelta(hours=4), "buffer_after": timedelta(0)},
        {"deposit": Money(1)},
        {"deposit": PRICE},
        {"cancel_free_hours": 12, "cancel_partial_hours": 12},
        {"cancel_free_hours": 0, "cancel_partial_hours": 0, "max_reschedules": 0, "reschedule_min_hours": 0},
    ],
    ids=str,
)
def test_the_bounds_themselves_are_allowed(values: dict[str, Any]) -> None:
    made = terms(**values)
    for name, value in values.items():
        assert getattr(made, name) == value


def test_what_confirms_a_booking_is_the_deposit_else_the_price() -> None:
    assert WITH_DEPOSIT.due_to_confirm == Money(100_000)
    assert terms().due_to_confirm == PRICE
    assert FREE.is_free
    assert not WITH_DEPOSIT.is_free


@pytest.mark.parametrize("status", sorted(set(ServiceStatus) - {ServiceStatus.PUBLISHED}), ids=str)
def test_to_a_client_an_unpublished_service_does_not_exist(status: ServiceStatus) -> None:
    with pytest.raises(ServiceNotFound):
        service(status=status).ensure_published()


def test_a_published_service_is_there() -> None:
    service().ensure_published()


@pytest.mark.parametrize(
    ("format_", "held_as"),
    [
        (ServiceFormat.ONLINE, {MeetingFormat.ONLINE}),
        (ServiceFormat.OFFLINE, {MeetingFormat.OFFLINE}),
        (ServiceFormat.HYBRID, {MeetingFormat.ONLINE, MeetingFormat.OFFLINE}),
    ],
    ids=["online", "offline", "hybrid"],
)
def test_a_service_is_held_only_as_its_format_says(
    format_: ServiceFormat, held_as: set[MeetingFormat]
) -> None:
    of = service(format=format_)
    for meeting_format in held_as:
        of.ensure_held_as(meeting_format)
    for meeting_format in set(MeetingFormat) - held_as:
        with pytest.raises(WrongMeetingFormat) as refusal:
            of.ensure_held_as(meeting_format)
        assert refusal.value.field == "meeting_format"


def test_the_terms_of_its_slots_are_those_of_the_service() -> None:
    of = service(of=terms(buffer_before=5 * MINUTE), daily_limit=3, step=45 * MINUTE)
    asked = of.slot_terms()
    assert (asked.duration, asked.buffer_before, asked.buffer_after) == (
        50 * MINUTE,
        5 * MINUTE,
        10 * MINUTE,
    )
    assert (asked.daily_limit, asked.step, asked.service_id) == (3, 45 * MINUTE, of.id)
    assert (asked.min_notice, asked.horizon_days, asked.grid) == (of.min_notice, of.horizon_days, of.grid)
