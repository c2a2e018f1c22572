"""A call takes the fields that it names and no other: nobody makes themselves an owner."""

from typing import Any

import pytest

from apps.identity.models import User
from tests.attacks.api_walk import WRITING, Call, calls
from tests.booking.factories import consented_client, make_appointment, make_service, signed_in

FORBIDDEN = {
    "role": "owner",
    "status": "confirmed",
    "is_staff": True,
    "is_superuser": True,
    "user_id": "00000000-0000-4000-8000-000000000001",
    "author_id": "00000000-0000-4000-8000-000000000001",
    "client_id": "00000000-0000-4000-8000-000000000001",
    "price_minor": 1,
    "paid_minor": 1,
    "amount": "0.01",
    "__proto__": {"role": "owner"},
    "version": 10**6,
}
BODIES = [each for each in calls(*WRITING) if each.example is not None]


def test_there_are_calls_to_try() -> None:
    assert len(BODIES) >= 8


def possessions(client: Any, appointment: Any) -> tuple[Any, ...]:
    """What no call gives away: whose it is, what it costs, what was paid, who somebody is."""
    client.refresh_from_db()
    appointment.refresh_from_db()
    return (
        client.role,
        client.status,
        client.pk,
        appointment.client_id,
        appointment.terms,
        appointment.paid_minor,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("each", BODIES, ids=str)
def test_a_field_that_the_call_does_not_name_gives_nothing(each: Call) -> None:
    client = consented_client()
    appointment = make_appointment(service=make_service(), client=client)
    known = {"appointment_id": appointment.pk, "id": appointment.pk, "slug": appointment.service.slug}
    before = possessions(client, appointment)
    unnamed = {name: value for name, value in FORBIDDEN.items() if name not in each.fields}

    answer = getattr(signed_in(client), each.verb)(each.address(**known), {**(each.example or {}), **unnamed})

    assert answer.status_code < 500
    assert possessions(client, appointment) == before
    assert not User.objects.exclude(role="client").exclude(pk=appointment.specialist.user_id).exists()
