"""A small practice with everything that a backup must bring back: consents, private texts, money, letters."""

from datetime import timedelta

from django.utils import timezone

from apps.booking import wiring
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.kernel.domain.actor import Actor
from tests.booking.factories import (
    consented_client,
    make_appointment,
    make_intake_template,
    make_service,
    make_staff,
)
from tests.client_cabinet.rows import consent_to_health_data

PRIVATE = "не сплю третью ночь"
NOTES = "спокойнее, чем в прошлый раз"


def fill_practice() -> None:
    client, owner = consented_client(), make_staff()
    service = make_service(intake_template=make_intake_template(["Что привело вас?"]))
    ahead = make_appointment(service=service, client=client)
    begun = make_appointment(client=client, start=timezone.now() - timedelta(hours=1))
    consent_to_health_data(client)
    wiring.fill_intake(appointment_id=ahead.id, client_id=client.id, answers=(PRIVATE,))
    wiring.record_outcome(
        appointment_id=begun.id,
        actor=Actor(user_id=owner.id, role="owner"),
        outcome=Outcome.ATTENDED,
        reason=ReasonCategory.NONE,
        notes=NOTES,
    )
