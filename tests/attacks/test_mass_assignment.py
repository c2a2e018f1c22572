"""A call takes the fields that it names and no other: nobody makes themselves an owner."""

import pytest

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


@pytest.mark.django_db
@pytest.mark.parametrize("each", BODIES, ids=str)
def test_a_field_that_the_call_does_not_name_is_refused(each: Call) -> None:
    client = consented_client()
    appointment = make_appointment(service=make_service(), client=client)
    known = {"appointment_id": appointment.pk, "id": appointment.pk, "slug": appointment.service.slug}
    named = set(each.example or {})
    before = (client.role, appointment.status, appointment.paid_minor, appointment.client_id)
    for name, value in FORBIDDEN.items():
        if name in named:
            continue
        body = {**(each.example or {}), name: value}
        answer = getattr(signed_in(client), each.verb)(each.address(**known), body)
        assert 400 <= answer.status_code < 500, f"{name} is taken ({answer.status_code})"
    client.refresh_from_db()
    appointment.refresh_from_db()
    assert (client.role, appointment.status, appointment.paid_minor, appointment.client_id) == before
