"""Erasures at the same moment as themselves and as bookings: one of the two sees the other, always."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from apps.booking.infrastructure.models import Appointment
from apps.client_cabinet.infrastructure.models import DestructionAct
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from tests.booking.factories import (
    consented_client,
    make_hours,
    make_service,
    make_specialist,
    next_monday,
    signed_in,
)
from tests.client_cabinet.erasing import code_for, confirmed, started

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 10.0  # seconds


@pytest.fixture(autouse=True)
def _file(settings, tmp_path):
    settings.TOMBSTONES_FILE = str(tmp_path / "tombstones.jsonl")


@pytest.fixture
def aside():
    """Runs a call in a thread with a connection of its own."""
    with ThreadPoolExecutor(2) as pool:

        def run(call: Callable[[], Any]) -> Future[Any]:
            def alone() -> Any:
                try:
                    return call()
                finally:
                    connections.close_all()

            return pool.submit(alone)

        yield run


def until_somebody_waits() -> None:
    """Return as soon as another connection waits for a lock."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def booked(api: Any, service: Any) -> Any:
    return api.post(
        "/api/v1/appointments/",
        {
            "service": service.slug,
            "start": next_monday(12).isoformat(),
            "meeting_format": "online",
            "time_zone": "Europe/Moscow",
        },
    )


@pytest.fixture
def service():
    specialist = make_specialist()
    make_hours(specialist, start="00:00", end="24:00")
    return make_service(specialist, slot_step_minutes=60, horizon_days=60)


def test_of_two_confirmations_one_erases_and_both_get_its_act(aside):
    person = consented_client()
    api = signed_in(person)
    erasure = started(api)
    code = code_for(erasure)
    other = signed_in(person)

    running = [aside(lambda each=each: confirmed(each, erasure, code)) for each in (api, other)]
    answers = [each.result(PATIENCE) for each in running]

    assert DestructionAct.objects.count() == 1
    done = [each for each in answers if each.status_code == 200]
    assert done
    assert {each.json()["act_number"] for each in done} == {DestructionAct.objects.get().pk}
    # The second may also find its session ended by the first before it could ask anything.
    assert {each.status_code for each in answers} <= {200, 401}


def test_a_booking_that_meets_an_erasure_is_refused(aside, service):
    person = consented_client()
    api = signed_in(person)

    with transaction.atomic():
        identity.lock_person(person.pk)
        booking = aside(lambda: booked(api, service))
        until_somebody_waits()
        User.objects.filter(pk=person.pk).update(status="deleted")
    answer = booking.result(PATIENCE)

    assert (answer.status_code, answer.json()["code"]) == (409, "person_erased")
    assert not Appointment.objects.exists()


def test_an_erasure_that_meets_a_booking_sees_it(aside, service):
    person = consented_client()
    api, other = signed_in(person), signed_in(person)
    erasure = started(api)
    code = code_for(erasure)

    with transaction.atomic():
        assert booked(other, service).status_code == 201
        erasing = aside(lambda: confirmed(api, erasure, code))
        until_somebody_waits()
    answer = erasing.result(PATIENCE)

    assert (answer.status_code, answer.json()["code"]) == (409, "erasure_obstructed")
    assert User.objects.get(pk=person.pk).status == "active"
    assert not DestructionAct.objects.exists()


def test_an_erasure_that_breaks_off_leaves_everything_as_it_was(monkeypatch):
    person = consented_client()
    api = signed_in(person)
    api.raise_request_exception = False
    erasure = started(api)
    code = code_for(erasure)
    monkeypatch.setattr(
        "apps.client_cabinet.infrastructure.repositories.erasures.DjangoTombstones.add", _breaks
    )

    assert confirmed(api, erasure, code).status_code == 500

    row = User.objects.get(pk=person.pk)
    assert (row.status, row.email) == ("active", person.email)
    assert not DestructionAct.objects.exists()
    monkeypatch.undo()
    assert confirmed(api, erasure, code).status_code == 200


def _breaks(*_: Any) -> None:
    raise RuntimeError("the machine stops")
