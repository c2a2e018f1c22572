"""A practice of a size that nobody has: made in SQL, so that a hundred thousand rows take seconds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import terms_to_json, to_terms
from apps.identity import facade as identity
from tests.booking.factories import (
    CONSENT_VERSION,
    make_client,
    make_hours,
    make_override,
    make_service,
    make_specialist,
    make_staff,
    publish_personal_data_consent,
    session_token,
)

# Hourly sessions of one specialist, backwards from this morning or forwards from tomorrow's.
_APPOINTMENTS = """
INSERT INTO booking_appointment (
    id, specialist_id, client_id, service_id, terms, status, start, "end", buffer_before_minutes,
    buffer_after_minutes, blocked, meeting_format, meeting_link, address, time_zone, entry_point, topic,
    deep_link_id, utm, paid_minor, refund_minor, hold_length_minutes, hold_extended, reschedule_count,
    created_at, version
)
SELECT gen_random_uuid(), %(specialist)s, (%(clients)s::uuid[])[1 + n %% %(people)s], %(service)s, %(terms)s,
    %(status)s, at, at + interval '50 minutes', 0, 10,
    tstzrange(at, at + interval '60 minutes', '[)'), 'online', '', '', 'Europe/Moscow', 'site', '', '',
    '{}', 450000, 0, 20, false, 0, at - interval '3 days', 1
FROM (
    SELECT n, %(morning)s::timestamptz + %(direction)s * (n / %(a_day)s) * interval '1 day'
        + (n %% %(a_day)s) * %(step)s * interval '1 hour' AS at
    FROM generate_series(0, %(count)s - 1) AS n
) AS times
"""


@dataclass
class Practice:
    """``busy`` is the service with a full calendar, ``open`` one whose calendar is empty around the clock."""

    busy: models.Service
    open: models.Service
    clients: list[str]
    tokens: list[str]
    owner_id: str

    def slot(self, number: int) -> datetime:
        """A free start of the open service, another one for each number."""
        tomorrow = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
        return tomorrow + number * timedelta(minutes=30)


def make_practice(people: int = 60) -> Practice:
    """Two specialists, two services, clients who are signed in and have consented; no appointments."""
    publish_personal_data_consent()
    ordinary, tireless = (
        make_specialist(display_name="Анна Орлова"),
        make_specialist(display_name="Ночная смена"),
    )
    make_hours(ordinary, start="10:00", end="14:00")
    make_hours(ordinary, start="15:00", end="20:00")
    today = datetime.now(UTC).date()
    for days in range(5, 60, 9):
        make_override(
            ordinary, day=today + timedelta(days=days), kind="time_off", start_minute=660, end_minute=720
        )
    make_hours(tireless, start="00:00", end="24:00")
    clients, tokens = [], []
    for _ in range(people):
        client = make_client()
        identity.grant_consents(
            user_id=client.pk,
            grants=[("personal_data", CONSENT_VERSION)],
            channel="web",
            evidence={"ip": "192.0.2.1"},
            at=datetime.now(UTC),
        )
        clients.append(str(client.pk))
        tokens.append(session_token(client))
    return Practice(
        busy=make_service(ordinary, slug="busy"),
        open=make_service(
            tireless,
            slug="open",
            duration_minutes=20,
            buffer_after_minutes=5,
            slot_step_minutes=30,
            horizon_days=365,
            min_notice_hours=1,
        ),
        clients=clients,
        tokens=tokens,
        owner_id=str(make_staff().pk),
    )


def add_appointments(
    practice: Practice, *, count: int, ahead: bool, a_day: int, status: str, step: int = 1
) -> None:
    """``count`` sessions of the busy service, ``a_day`` a day, every ``step`` hours from 10:00 Moscow."""
    morning = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    morning += timedelta(days=1 if ahead else -1)
    with connection.cursor() as cursor:
        cursor.execute(
            _APPOINTMENTS,
            {
                "specialist": practice.busy.specialist_id,
                "service": practice.busy.id,
                "clients": practice.clients,
                "people": len(practice.clients),
                "terms": models.Appointment._meta.get_field("terms").get_db_prep_value(
                    terms_to_json(to_terms(practice.busy)), connection
                ),
                "status": status,
                "morning": morning,
                "direction": 1 if ahead else -1,
                "a_day": a_day,
                "step": step,
                "count": count,
            },
        )
    analyze()


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
