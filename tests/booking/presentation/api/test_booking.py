"""A client books a time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Appointment, Service, TimelineEntry
from apps.identity.infrastructure.models import Consent, User
from tests.booking.factories import (
    CONSENT_TEXT,
    CONSENT_VERSION,
    make_client,
    make_service,
    next_monday,
    publish_personal_data_consent,
    signed_in,
)
from tests.booking.presentation.api.checks import assert_problem, booking_of, nothing_changes

CALL = "/api/v1/appointments/"


def test_a_paid_service_is_held_for_payment(api: APIClient, client: User, service: Service) -> None:
    start = next_monday(12)
    marks = {
        "topic": "anxiety",
        "entry_point": "article-7",
        "deep_link_id": "aZ09aZ09aZ",
        "utm": {"utm_source": "telegram"},
    }
    body = {**booking_of(service, start), "time_zone": "Asia/Yekaterinburg", **marks}

    response = api.post(CALL, body)

    assert response.status_code == 201
    answer = response.json()
    row = Appointment.objects.get()
    assert response["Location"] == f"/api/v1/appointments/{row.id}/"
    local = start.astimezone(ZoneInfo("Asia/Yekaterinburg"))
    expires = datetime.fromisoformat(answer.pop("hold_expires_at"))
    created = datetime.fromisoformat(answer.pop("created_at"))
    assert (expires - created, expires.utcoffset()) == (timedelta(minutes=20), timedelta(hours=5))
    price, nothing = ({"amount": amount, "currency": "RUB"} for amount in ("4500.00", "0.00"))
    assert answer == {
        "id": str(row.id),
        "status": "pending_payment",
        "start": local.isoformat(),
        "end": (local + timedelta(minutes=50)).isoformat(),
        "time_zone": "Asia/Yekaterinburg",
        "meeting_format": "online",
        "meeting_link": "",
        "address": "",
        "service": {
            "slug": service.slug,
            "name": service.name,
            "duration_minutes": 50,
            "price": price,
            "deposit": None,
            "cancel_free_hours": 24,
            "cancel_partial_hours": 12,
            "reschedule_min_hours": 12,
            "max_reschedules": 2,
        },
        "amount_due": price,
        "paid": nothing,
        "refund": nothing,
        "hold_extended": False,
        "answer_due_at": None,
        "reschedule_count": 0,
        **marks,
    }
    assert (row.client, row.start) == (client, start)
    entry = TimelineEntry.objects.get()
    assert (entry.event, entry.actor, entry.actor_role) == ("AppointmentHeld", client, "client")


def test_a_free_service_is_confirmed_at_once_and_tells_the_link(api: APIClient, db: None) -> None:
    service = make_service(price_minor=0)
    answer = api.post(CALL, booking_of(service, next_monday(12))).json()
    assert answer["status"] == "confirmed"
    assert answer["meeting_link"] == "https://meet.example.org/orlova"
    assert answer["hold_expires_at"] is None


def test_a_request_waits_for_the_specialist(api: APIClient, db: None) -> None:
    service = make_service(requires_confirmation=True)
    answer = api.post(CALL, booking_of(service, next_monday(12))).json()
    assert answer["status"] == "requested"
    assert answer["hold_expires_at"] is None
    waits = datetime.fromisoformat(answer["answer_due_at"]) - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < waits <= timedelta(hours=24)


def test_a_session_in_person_tells_its_address(api: APIClient, db: None) -> None:
    service = make_service(format="hybrid", address="Москва, ул. Мира, 1", price_minor=0)
    answer = api.post(CALL, booking_of(service, next_monday(12), meeting_format="offline")).json()
    assert (answer["address"], answer["meeting_link"]) == ("Москва, ул. Мира, 1", "")


def test_the_deposit_is_what_is_due(api: APIClient, db: None) -> None:
    service = make_service(deposit_minor=100_000)
    answer = api.post(CALL, booking_of(service, next_monday(12))).json()
    assert answer["amount_due"] == {"amount": "1000.00", "currency": "RUB"}


def test_any_offset_names_the_same_instant(api: APIClient, service: Service) -> None:
    start = next_monday(12)
    elsewhere = start.astimezone(ZoneInfo("America/New_York"))
    answer = api.post(CALL, {**booking_of(service, start), "start": elsewhere.isoformat()}).json()
    assert datetime.fromisoformat(answer["start"]) == start


def test_without_consent_the_document_comes_back(service: Service) -> None:
    publish_personal_data_consent()
    api = signed_in(make_client())
    with nothing_changes():
        problem = assert_problem(
            api.post(CALL, booking_of(service, next_monday())),
            422,
            "consent_required",
            detail="Пожалуйста, прочитайте и примите согласие",
            pointer="/consents",
        )
    document = problem["document"]
    assert (document["purpose"], document["version"]) == ("personal_data", CONSENT_VERSION)
    assert document["text"].strip() == CONSENT_TEXT
    assert document["title"]
    assert len(document["sha256"]) == 64


def test_consent_may_come_with_the_booking_and_is_proved(service: Service) -> None:
    publish_personal_data_consent()
    client = make_client()
    given = [{"purpose": "personal_data", "version": CONSENT_VERSION}]
    response = signed_in(client).post(
        CALL,
        booking_of(service, next_monday(), consents=given),
        headers={"User-Agent": "Example/1.0"},
        REMOTE_ADDR="192.0.2.7",
    )
    assert response.status_code == 201
    consent = Consent.objects.get()
    assert (consent.user_id, consent.purpose, consent.channel) == (client.pk, "personal_data", "web")
    assert consent.evidence["ip"] == "192.0.2.7"
    assert consent.evidence["user_agent"] == "Example/1.0"
    again = signed_in(client).post(CALL, booking_of(service, next_monday(15)))
    assert again.status_code == 201


def test_a_consent_is_not_kept_when_the_booking_fails(service: Service) -> None:
    publish_personal_data_consent()
    given = [{"purpose": "personal_data", "version": CONSENT_VERSION}]
    with nothing_changes():
        answer = signed_in(make_client()).post(CALL, booking_of(service, next_monday(3), consents=given))
    assert_problem(answer, 422, "slot_unavailable")


def test_unknown_and_outdated_consents_are_refused(service: Service) -> None:
    publish_personal_data_consent()
    api = signed_in(make_client())
    for purpose, version, code in [
        ("personal_data", "9.9", "consent_document_unknown"),
        ("astrology", "1.0", "consent_document_unknown"),
    ]:
        body = booking_of(service, next_monday(), consents=[{"purpose": purpose, "version": version}])
        with nothing_changes():
            assert_problem(api.post(CALL, body), 422, code, pointer="/consents")


def test_the_same_call_sent_again_books_once(api: APIClient, service: Service) -> None:
    body = booking_of(service, next_monday(12))
    first, again = (api.post(CALL, body, headers={"Idempotency-Key": "k-1"}) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert Appointment.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(api: APIClient, service: Service) -> None:
    api.post(CALL, booking_of(service, next_monday(12)), headers={"Idempotency-Key": "k-1"})
    with nothing_changes():
        answer = api.post(CALL, booking_of(service, next_monday(15)), headers={"Idempotency-Key": "k-1"})
        assert_problem(answer, 422, "idempotency_key_reused", detail="Этот Idempotency-Key")


def test_a_refusal_is_replayed_too(api: APIClient, service: Service) -> None:
    body = booking_of(service, next_monday(3))
    first, again = (api.post(CALL, body, headers={"Idempotency-Key": "k-1"}) for _ in range(2))
    assert first.content == again.content
    assert_problem(again, 422, "slot_unavailable")


def test_an_expired_hold_does_not_stand_in_the_way(api: APIClient, service: Service) -> None:
    body = booking_of(service, next_monday(12))
    first = api.post(CALL, body).json()
    Appointment.objects.update(hold_expires_at=datetime.now(UTC) - timedelta(seconds=1))

    second = api.post(CALL, body)

    assert second.status_code == 201
    assert Appointment.objects.get(pk=first["id"]).status == "expired"


def test_texts_are_english_where_english_is_asked_for(api: APIClient, service: Service) -> None:
    answer = api.post(
        CALL, booking_of(service, next_monday(3)), headers={"Accept-Language": "en-GB,en;q=0.9"}
    )
    assert answer["Content-Language"] == "en"
    assert answer.json()["detail"] == "The specialist does not work at this time."
