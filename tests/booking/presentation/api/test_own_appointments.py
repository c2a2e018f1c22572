"""A client reads, keeps, cancels and moves their own appointments; somebody else's do not exist."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Appointment, OutcomeRecord, Service
from apps.identity.infrastructure.models import User
from tests.booking.factories import (
    make_appointment,
    make_intake_template,
    make_service,
    make_staff,
    next_monday,
    signed_in,
)
from tests.booking.presentation.api.checks import assert_problem, nothing_changes, of
from tests.client_cabinet.rows import consent_to_health_data

CALLS = [
    ("get", ""),
    ("post", "extend-hold/"),
    ("get", "cancellation/"),
    ("post", "cancel/"),
    ("post", "reschedule/"),
    ("get", "intake/"),
    ("put", "intake/"),
    ("post", "intake/submit/"),
    ("get", "calendar.ics"),
]
BODIES: dict[str, Any] = {
    "reschedule/": {"start": "2026-12-01T10:00:00+03:00"},
    "intake/": {"answers": ["а", "б"]},
}


def soon(*, hours: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(hours=hours)


def test_the_list_shows_only_ones_own_the_latest_session_first(
    api: APIClient, client: User, service: Service
) -> None:
    early = make_appointment(client=client, service=service, start=next_monday(12))
    late = make_appointment(client=client, service=service, start=next_monday(15), status="canceled")
    make_appointment(service=service, start=next_monday(17))

    answer = api.get("/api/v1/appointments/").json()

    assert [each["id"] for each in answer["results"]] == [str(late.id), str(early.id)]


def test_pages_of_the_list_lead_to_each_other(api: APIClient, client: User, service: Service) -> None:
    made = [
        make_appointment(client=client, service=service, start=next_monday(10), status="canceled").id
        for _ in range(3)
    ] + [make_appointment(client=client, service=service, start=next_monday(15)).id]

    seen, address = [], "/api/v1/appointments/?limit=1"
    while address:
        page = api.get(address).json()
        seen += [each["id"] for each in page["results"]]
        address = page["next"]

    assert seen[0] == str(made[-1])
    assert sorted(seen) == sorted(map(str, made))


def test_one_is_read_as_it_was_booked(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service)
    Service.objects.update(name="Другое имя", price_minor=990_000)

    answer = api.get(of(appointment)).json()

    assert answer["service"]["price"] == {"amount": "4500.00", "currency": "RUB"}
    assert answer["service"]["name"] == service.name
    assert answer["meeting_link"] == "https://meet.example.org/orlova"
    assert answer["paid"]["amount"] == "4500.00"
    assert answer["amount_due"]["amount"] == "0.00"


def test_an_overdue_hold_is_seen_as_expired_before_a_worker_runs(
    api: APIClient, client: User, service: Service
) -> None:
    appointment = make_appointment(
        client=client, service=service, status="pending_payment", hold_expires_at=soon(hours=-1)
    )
    assert api.get(of(appointment)).json()["status"] == "expired"


@pytest.mark.parametrize(("method", "call"), CALLS)
def test_somebody_elses_and_unknown_ones_do_not_exist(
    api: APIClient, service: Service, method: str, call: str
) -> None:
    theirs = make_appointment(service=service)
    unknown = Appointment(id=uuid4())
    for appointment in (theirs, unknown):
        with nothing_changes():
            answer = getattr(api, method)(of(appointment, call), BODIES.get(call))
            assert_problem(answer, 404, "appointment_not_found", detail="Такой записи нет")


@pytest.mark.parametrize(("method", "call"), CALLS)
def test_guests_are_asked_to_sign_in_and_staff_are_sent_to_the_workspace(
    guest: APIClient, service: Service, method: str, call: str
) -> None:
    appointment = make_appointment(service=service)
    with nothing_changes():
        answer = getattr(guest, method)(of(appointment, call), BODIES.get(call))
        assert_problem(answer, 401, "not_authenticated")
        for role in ("owner", "assistant", "editor"):
            answer = getattr(signed_in(make_staff(role)), method)(of(appointment, call), BODIES.get(call))
            assert_problem(answer, 403, "clients_only", detail="Это могут только клиенты")


def test_an_id_that_is_none_is_no_address(api: APIClient) -> None:
    assert_problem(api.get("/api/v1/appointments/nonsense/"), 404, "not_found")


def test_a_hold_is_extended_once_by_its_length(api: APIClient, client: User, service: Service) -> None:
    expires = soon(hours=0.1)
    held = make_appointment(client=client, service=service, status="pending_payment", hold_expires_at=expires)

    answer = api.post(of(held, "extend-hold/"))

    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json()["hold_expires_at"]) == expires + timedelta(minutes=20)
    assert answer.json()["hold_extended"] is True
    with nothing_changes():
        again = api.post(of(held, "extend-hold/"))
        assert_problem(again, 409, "hold_already_extended", detail="Срок уже продлевали")


def test_what_is_no_hold_any_more_is_not_extended(api: APIClient, client: User, service: Service) -> None:
    expired = make_appointment(
        client=client, service=service, status="pending_payment", hold_expires_at=soon(hours=-1)
    )
    confirmed = make_appointment(client=client, service=service, start=next_monday(15))
    with nothing_changes():
        assert_problem(api.post(of(expired, "extend-hold/")), 409, "hold_expired", detail="Время было")
        assert_problem(api.post(of(confirmed, "extend-hold/")), 409, "transition_not_allowed")


@pytest.mark.parametrize(
    ("hours", "rule", "refund", "kept"),
    [(30, "full", "4000.01", "0.00"), (20, "half", "2000.01", "2000.00"), (5, "none", "0.00", "4000.01")],
)
def test_what_canceling_costs_is_shown_and_then_done(
    api: APIClient, client: User, service: Service, hours: int, rule: str, refund: str, kept: str
) -> None:
    start = soon(hours=hours)
    appointment = make_appointment(
        client=client, service=service, start=start, paid_minor=400_001, time_zone="Asia/Omsk"
    )

    with nothing_changes():
        preview = api.get(of(appointment, "cancellation/")).json()
    answer = api.post(of(appointment, "cancel/"), {"reason": "health"}).json()

    free_until = preview.pop("free_until")
    assert preview == {
        "refund": {"amount": refund, "currency": "RUB"},
        "kept": {"amount": kept, "currency": "RUB"},
        "rule": rule,
    }
    assert datetime.fromisoformat(free_until) == start - timedelta(hours=24)
    assert free_until.endswith("+06:00")
    assert (answer["status"], answer["refund"]["amount"]) == ("canceled", refund)
    record = OutcomeRecord.objects.get()
    assert (record.outcome, record.reason, record.recorded_by) == ("canceled_by_client", "health", client)


def test_a_reason_is_not_needed_and_a_request_is_withdrawn(
    api: APIClient, client: User, service: Service
) -> None:
    requested = make_appointment(client=client, service=service, status="requested")
    assert api.post(of(requested, "cancel/")).json()["status"] == "declined"


def test_canceling_twice_is_refused(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service)
    assert api.post(of(appointment, "cancel/")).status_code == 200
    with nothing_changes():
        for method, call in (("post", "cancel/"), ("get", "cancellation/")):
            answer = getattr(api, method)(of(appointment, call))
            assert_problem(answer, 409, "already_canceled", detail="Запись уже отменена")


def test_canceling_after_the_start_is_refused(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service, start=soon(hours=-0.5))
    with nothing_changes():
        answer = api.post(of(appointment, "cancel/"))
        assert_problem(answer, 409, "already_started", detail="Встреча уже началась")


def test_a_reason_that_is_none_of_ours_is_refused(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service)
    with nothing_changes():
        for reason in ("boredom", 5, ["health"], ""):
            answer = api.post(of(appointment, "cancel/"), {"reason": reason})
            assert_problem(answer, 422, "validation_error", pointer="/reason")


def test_an_appointment_is_moved(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service, start=next_monday(12))
    answer = api.post(of(appointment, "reschedule/"), {"start": next_monday(15).isoformat()}).json()
    assert datetime.fromisoformat(answer["start"]) == next_monday(15)
    assert datetime.fromisoformat(answer["end"]) == next_monday(15, 50)
    assert (answer["status"], answer["reschedule_count"]) == ("confirmed", 1)


def test_it_may_be_moved_into_a_time_that_only_it_takes(
    api: APIClient, client: User, service: Service
) -> None:
    appointment = make_appointment(client=client, service=service, start=next_monday(12))
    answer = api.post(of(appointment, "reschedule/"), {"start": next_monday(12, 30).isoformat()})
    assert answer.status_code == 200


def test_a_new_time_that_cannot_be_had_leaves_the_old_one(
    api: APIClient, client: User, service: Service
) -> None:
    appointment = make_appointment(client=client, service=service, start=next_monday(12))
    make_appointment(service=service, start=next_monday(15))
    for start, status, code in [
        (next_monday(15), 409, "slot_taken"),
        (next_monday(3), 422, "slot_unavailable"),
        (next_monday(12, 7), 422, "slot_unavailable"),
        (next_monday(12, weeks=12), 422, "slot_unavailable"),
        (next_monday(12), 422, "same_time"),
    ]:
        with nothing_changes():
            answer = api.post(of(appointment, "reschedule/"), {"start": start.isoformat()})
            assert_problem(answer, status, code, pointer="/start")


def test_too_late_too_often_or_in_another_state_it_is_not_moved(
    api: APIClient, client: User, service: Service
) -> None:
    late = make_appointment(client=client, service=service, start=soon(hours=11))
    often = make_appointment(client=client, service=service, start=next_monday(12), reschedule_count=2)
    held = make_appointment(client=client, service=service, start=next_monday(14), status="pending_payment")
    for appointment, status, code, detail in [
        (late, 422, "too_late_to_reschedule", "Перенести встречу можно не позднее чем за 12"),
        (often, 422, "reschedule_limit_reached", ""),
        (held, 409, "transition_not_allowed", "Это уже невозможно"),
    ]:
        with nothing_changes():
            body = {"start": next_monday(17).isoformat()}
            answer = api.post(of(appointment, "reschedule/"), body)
            assert_problem(answer, status, code, detail=detail)


def test_a_new_start_without_offset_is_refused(api: APIClient, client: User, service: Service) -> None:
    appointment = make_appointment(client=client, service=service)
    with nothing_changes():
        answer = api.post(of(appointment, "reschedule/"), {"start": "2026-12-01T10:00:00"})
        problem = assert_problem(answer, 422, "validation_error", pointer="/start")
    assert problem["errors"][0]["code"] == "naive_datetime"


def test_every_change_may_be_sent_again_under_its_key(api: APIClient, client: User, db: None) -> None:
    consent_to_health_data(client)
    service = make_service(intake_template=make_intake_template())
    held = make_appointment(client=client, service=service, status="pending_payment")
    kept = make_appointment(client=client, service=service, start=next_monday(15))
    for number, (appointment, method, call, body) in enumerate(
        [
            (held, "post", "extend-hold/", None),
            (kept, "post", "reschedule/", {"start": next_monday(17).isoformat()}),
            (kept, "put", "intake/", {"answers": ["а", "б"]}),
            (kept, "post", "intake/submit/", None),
            (kept, "post", "cancel/", {"reason": "other"}),
        ]
    ):
        first, again = (
            getattr(api, method)(of(appointment, call), body, headers={"Idempotency-Key": f"key-{number}"})
            for _ in range(2)
        )
        assert first.status_code == 200, first.content
        assert first.content == again.content
        assert again["Idempotency-Replayed"] == "true"
