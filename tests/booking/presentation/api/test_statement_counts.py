"""How many SQL statements the calls cost, whatever they answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service
from apps.identity.infrastructure.models import User
from apps.kernel.infrastructure.encryption import encryption_service, person_keys
from tests.booking.factories import (
    CONSENT_VERSION,
    consented_client,
    make_appointment,
    make_client,
    make_intake_template,
    make_offer,
    make_override,
    make_service,
    next_monday,
    publish_personal_data_consent,
    signed_in,
)
from tests.booking.presentation.api.checks import booking_of, of


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as statements:
        yield statements


def cost(call: Callable[[], object]) -> int:
    with counted() as statements:
        call()
    return len(statements)


@pytest.mark.parametrize("days", [1, 31, 62])
def test_free_times_cost_at_most_four_statements_whatever_the_span(
    guest: APIClient, service: Service, settings: object, days: int
) -> None:
    settings.API_RATE_LIMITS = {"slots": "1000/m"}
    first = next_monday().date()
    for number in range(6):
        start = next_monday(10 + number, weeks=1 + number)
        make_appointment(service=service, start=start)
        make_override(service.specialist, day=start.date() + timedelta(days=2))
    address = f"/api/v1/services/{service.slug}/slots/?from={first}&to={first + timedelta(days=days - 1)}"
    for zone in ("", "&tz=Asia/Yekaterinburg"):
        with counted() as statements:
            assert guest.get(address + zone).status_code == 200
        assert len(statements) <= 4, statements.captured_queries


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("consent_comes_along", [False, True])
def test_booking_costs_at_most_twelve_statements(consent_comes_along: bool) -> None:
    if consent_comes_along:
        publish_personal_data_consent()
        client = make_client()
    else:
        client = consented_client()
    service = make_service()
    api = signed_in(client)
    given = [{"purpose": "personal_data", "version": CONSENT_VERSION}] if consent_comes_along else []
    for each in (None, client.pk):  # a process keeps keys for a minute; reading one is a statement of its own
        person_keys().to_seal(each)
    body = booking_of(service, next_monday(12), consents=given)
    encryption_service().preload([None])  # the practice's key, which a process reads once a minute
    with counted() as statements:
        response = api.post("/api/v1/appointments/", body, headers={"Idempotency-Key": "key"})
    assert response.status_code == 201
    sql = [each["sql"] for each in statements.captured_queries]
    assert (sql.count("BEGIN"), sql.count("COMMIT")) == (1, 1)
    assert not any("SAVEPOINT" in each for each in sql)
    assert len(sql) <= 12, sql


def test_waitlist_requests_cost_the_same_however_many_were_offered_a_time(
    api: APIClient, client: User, service: Service
) -> None:
    def add(number: int) -> None:
        make_offer(client=client, service=service, start=next_monday(10) + timedelta(hours=number))

    add(0)
    short = cost(lambda: api.get("/api/v1/waitlist/"))
    for number in range(1, 5):
        add(number)
    assert cost(lambda: api.get("/api/v1/waitlist/")) == short == 3


def test_lists_cost_the_same_however_long_they_are(api: APIClient, client: User, service: Service) -> None:
    def costs() -> list[int]:
        return [
            cost(lambda address=address: api.get(address))
            for address in ("/api/v1/services/", "/api/v1/appointments/", "/api/v1/waitlist/")
        ]

    def add(number: int) -> None:
        make_service(service.specialist)
        start = next_monday(10) + timedelta(hours=number)
        make_appointment(client=client, service=service, start=start)
        body = {"service": service.slug, "preferred_contact": "email", "time_zone": "Europe/Moscow"}
        assert api.post("/api/v1/waitlist/", body).status_code == 201

    add(0)
    short = costs()
    for number in range(1, 7):
        add(number)
    assert costs() == short == [1, 2, 3]


def test_one_appointment_costs_one_statement_besides_the_session(api: APIClient, client: User) -> None:
    service = make_service(intake_template=make_intake_template())
    appointment = make_appointment(client=client, service=service)
    assert cost(lambda: api.get(of(appointment))) == 2
    assert cost(lambda: api.get(of(appointment, "calendar.ics"))) == 2
