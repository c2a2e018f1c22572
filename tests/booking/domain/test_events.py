"""What booking tells its neighbours: ids and harmless data only, and everything that product rules name."""

from dataclasses import fields
from inspect import isclass

import pytest

from apps.booking import events as told
from apps.booking.domain import events
from apps.kernel.domain.events import DomainEvent

ALL = [
    each
    for each in vars(events).values()
    if isclass(each) and issubclass(each, DomainEvent) and each.__module__ == events.__name__
]
# Ids, instants, categories and sums: nothing that a person has written, no name and no contact (P0).
HARMLESS = {
    "event_id", "occurred_at", "appointment_id", "client_id", "specialist_id", "service_id", "start", "end",
    "answer_due_at", "hold_expires_at", "amount_minor", "currency", "method", "by", "old_start", "rule",
    "refund_minor", "waitlist_request_id", "window", "payment_id", "late", "offer_id", "expires_at",
}  # fmt: skip
NAMED_BY_THE_PRODUCT = {
    "AppointmentRequested",
    "AppointmentHeld",
    "AppointmentConfirmed",
    "AppointmentRescheduled",
    "AppointmentCanceled",
    "AppointmentExpired",
    "AppointmentCompleted",
    "ClientDidNotShow",
    "IntakeSubmitted",
    "WaitlistJoined",
    "SlotFreed",
}


@pytest.mark.parametrize("event", ALL, ids=lambda event: event.name())
def test_an_event_carries_only_what_may_be_logged(event: type[DomainEvent]) -> None:
    assert {each.name for each in fields(event)} <= HARMLESS


def test_neighbours_may_hear_every_event_that_the_product_names() -> None:
    assert set(told.__all__) >= NAMED_BY_THE_PRODUCT
    for name in told.__all__:
        assert getattr(told, name) is getattr(events, name)
