"""A client pays for an appointment of theirs through the API."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Appointment, Service
from apps.identity.infrastructure.models import User
from apps.payments.application.ports import OutcomeUnknown, Refused, TryAgain
from apps.payments.infrastructure.pay_links import return_page
from apps.payments.models import Payment
from tests.booking.factories import make_appointment, make_service, make_staff, next_monday, signed_in
from tests.booking.presentation.api.checks import assert_problem, of
from tests.jobs import waiting, work_off
from tests.payments.fakes import FakeProvider
from tests.payments.rows import make_payment, make_refund, nothing_changes

FULL = {"kind": "full"}
DEPOSIT = {"kind": "deposit"}


def test_a_payment_is_started_and_leads_to_the_payment_page(
    api: APIClient, held: Appointment, provider: FakeProvider
) -> None:
    answer = api.post(of(held, "payments/"), FULL)

    assert answer.status_code == 201, answer.content.decode()
    body = answer.json()
    [order] = provider.payment_orders.values()
    assert body["status"] == "pending"
    assert body["kind"] == "full"
    assert body["amount"] == {"amount": "4500.00", "currency": "RUB"}
    assert body["confirmation_url"] == provider.payments[next(iter(provider.payments))].confirmation_url
    assert answer["Location"] == f"/api/v1/payments/{body['id']}/"
    assert str(order.reference) == body["id"]
    assert order.return_url == "http://localhost:8000" + return_page(held.id)
    assert api.get(answer["Location"]).json() == body


def test_a_deposit_is_paid_where_the_service_has_one(api: APIClient, held: Appointment) -> None:
    body = api.post(of(held, "payments/"), DEPOSIT).json()
    assert (body["kind"], body["amount"]["amount"]) == ("deposit", "1500.00")


def test_asking_again_answers_with_the_open_payment(
    api: APIClient, held: Appointment, provider: FakeProvider
) -> None:
    first = api.post(of(held, "payments/"), FULL)
    again = api.post(of(held, "payments/"), FULL, headers={"Idempotency-Key": "any key"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert Payment.objects.count() == 1
    assert len(provider.payments) == 1


def test_after_paying_the_appointment_is_confirmed_and_the_rest_can_be_paid(
    api: APIClient, held: Appointment, provider: FakeProvider
) -> None:
    paid = api.post(of(held, "payments/"), DEPOSIT).json()
    provider.pay(next(iter(provider.payments)))
    work_off("payments.settle_payment")

    assert api.get(f"/api/v1/payments/{paid['id']}/").json()["status"] == "succeeded"
    assert api.get(of(held)).json()["status"] == "confirmed"
    rest = api.post(of(held, "payments/"), FULL)
    assert rest.status_code == 201
    assert rest.json()["amount"]["amount"] == "3000.00"


def test_an_allowed_return_url_is_taken(
    api: APIClient, held: Appointment, provider: FakeProvider, settings
) -> None:
    settings.PAYMENT_RETURN_ORIGINS = ["https://site.example"]
    url = "https://site.example/thanks?from=pay"
    assert api.post(of(held, "payments/"), {**FULL, "return_url": url}).status_code == 201
    [order] = provider.payment_orders.values()
    assert order.return_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://site.example.evil.example/",
        "https://site.example@evil.example/",
        "https://site.example:444/",
        "http://site.example/",
        "//site.example/",
        "javascript:alert(1)",
        "https://site.example\\@evil.example/",
        "https://site.example/ x",
        "/thanks",
        "https://[",
    ],
)
def test_a_foreign_return_url_is_refused_at_its_field(
    api: APIClient, held: Appointment, settings, url: str
) -> None:
    settings.PAYMENT_RETURN_ORIGINS = ["https://site.example"]
    with nothing_changes():
        answer = api.post(of(held, "payments/"), {**FULL, "return_url": url})
        assert_problem(answer, 422, "return_url_not_allowed", detail="Вернуться", pointer="/return_url")


@pytest.mark.parametrize("body", [{}, {"kind": "rest"}, {"kind": 1}, {"kind": None}, {"kind": ["full"]}])
def test_an_unknown_kind_is_refused(api: APIClient, held: Appointment, body) -> None:
    with nothing_changes():
        assert_problem(api.post(of(held, "payments/"), body), 422, "validation_error", pointer="/kind")


@pytest.mark.parametrize("url", [5, "", "x" * 2049, ["https://site.example"]])
def test_a_return_url_that_is_no_text_is_refused(api: APIClient, held: Appointment, url) -> None:
    with nothing_changes():
        answer = api.post(of(held, "payments/"), {**FULL, "return_url": url})
        assert_problem(answer, 422, "validation_error", pointer="/return_url")


def test_a_deposit_is_refused_where_the_service_has_none(api: APIClient, payer: User) -> None:
    plain = make_appointment(service=make_service(), client=payer, status="pending_payment")
    with nothing_changes():
        answer = api.post(of(plain, "payments/"), DEPOSIT)
        assert_problem(answer, 422, "deposit_not_offered", detail="Эта услуга", pointer="/kind")


def test_what_is_paid_is_not_paid_twice(api: APIClient, payer: User, service: Service) -> None:
    paid = make_appointment(service=service, client=payer)
    with nothing_changes():
        for body in (FULL, DEPOSIT):
            assert_problem(api.post(of(paid, "payments/"), body), 409, "already_paid", detail="Это уже")


@pytest.mark.parametrize("status", ["requested", "declined", "expired", "canceled", "no_show"])
def test_other_states_are_not_paid_for(api: APIClient, payer: User, service: Service, status: str) -> None:
    other = make_appointment(service=service, client=payer, status=status)
    with nothing_changes():
        problem = assert_problem(api.post(of(other, "payments/"), FULL), 409, "appointment_not_payable")
    assert problem["params"] == {"status": status}


def test_a_hold_that_has_ended_is_not_paid_for_even_before_a_worker_notices(
    api: APIClient, payer: User, service: Service
) -> None:
    over = make_appointment(
        service=service,
        client=payer,
        status="pending_payment",
        hold_expires_at=datetime.now(UTC) - timedelta(seconds=1),
    )
    with nothing_changes():
        assert_problem(api.post(of(over, "payments/"), FULL), 409, "appointment_not_payable")


def test_a_refusal_of_the_provider_is_told_and_ends_the_payment(
    api: APIClient, held: Appointment, provider: FakeProvider
) -> None:
    provider.fail_next(Refused("invalid_request"))
    answer = api.post(of(held, "payments/"), FULL)
    assert_problem(answer, 422, "payment_refused", detail="Платёжный сервис не принял")
    [listed] = api.get(of(held, "payments/")).json()["results"]
    assert (listed["status"], listed["failure"]) == ("failed", "provider_error")
    assert api.post(of(held, "payments/"), FULL).status_code == 201


@pytest.mark.parametrize("error", [TryAgain("429"), OutcomeUnknown("timeout")])
def test_a_silent_provider_is_told_with_a_time_to_come_again_and_nothing_is_doubled(
    api: APIClient, held: Appointment, provider: FakeProvider, error
) -> None:
    provider.fail_next(error, accepted=isinstance(error, OutcomeUnknown))
    answer = api.post(of(held, "payments/"), FULL)
    assert_problem(answer, 503, "payment_service_unavailable", detail="Платёжный сервис не отвечает")
    assert int(answer["Retry-After"]) > 0

    again = api.post(of(held, "payments/"), FULL)

    assert again.status_code == 200
    assert again.json()["confirmation_url"]
    assert len(provider.payments) == Payment.objects.count() == 1
    assert len(set(provider.keys("create_payment"))) == 1


def test_the_queue_finishes_a_payment_whose_call_died(
    api: APIClient, held: Appointment, provider: FakeProvider
) -> None:
    provider.fail_next(TryAgain("connect"))
    api.post(of(held, "payments/"), FULL)
    assert waiting("payments.settle_payment") == [{"payment_id": str(Payment.objects.get().id)}]
    work_off("payments.settle_payment")
    assert Payment.objects.get().status == "pending"


def test_the_list_shows_the_latest_first_page_by_page(api: APIClient, held: Appointment) -> None:
    now = datetime.now(UTC)
    made = [
        str(make_payment(held, status="canceled", created_at=now - timedelta(minutes=age)).id)
        for age in range(3)
    ]
    seen, address = [], of(held, "payments/?limit=2")
    while address:
        page = api.get(address).json()
        seen += [each["id"] for each in page["results"]]
        address = page["next"]
    assert seen == made


def test_a_payment_tells_what_was_given_back_and_keeps_no_payment_page(
    api: APIClient, payer: User, service: Service
) -> None:
    paid = make_payment(make_appointment(service=service, client=payer))
    make_refund(paid, amount_minor=100_050)
    make_refund(paid, amount_minor=20_000, status="requested")
    body = api.get(f"/api/v1/payments/{paid.id}/").json()
    assert body["refunded"]["amount"] == "1000.50"
    assert body["confirmation_url"] == ""


def test_reading_takes_a_constant_number_of_statements(api: APIClient, payer: User, service: Service) -> None:
    appointment = make_appointment(service=service, client=payer)
    counts = []
    for _ in range(2):
        make_refund(make_payment(appointment))
        with CaptureQueriesContext(connection) as captured:
            api.get(of(appointment, "payments/"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_somebody_elses_and_unknown_ones_do_not_exist(api: APIClient, service: Service) -> None:
    theirs = make_appointment(service=service, start=next_monday(15))
    payment = make_payment(theirs)
    with nothing_changes():
        for appointment in (theirs, Appointment(id=uuid4())):
            for answer in (
                api.get(of(appointment, "payments/")),
                api.post(of(appointment, "payments/"), FULL),
            ):
                assert_problem(answer, 404, "appointment_not_found", detail="Такой записи нет")
        for payment_id in (payment.id, uuid4()):
            answer = api.get(f"/api/v1/payments/{payment_id}/")
            assert_problem(answer, 404, "payment_not_found", detail="Такого платежа нет")


def test_guests_are_asked_to_sign_in_and_staff_are_sent_to_the_workspace(held: Appointment) -> None:
    payment = make_payment(held, status="pending")
    calls = [
        ("get", of(held, "payments/")),
        ("post", of(held, "payments/")),
        ("get", f"/api/v1/payments/{payment.id}/"),
    ]
    with nothing_changes():
        for method, address in calls:
            assert_problem(getattr(APIClient(), method)(address), 401, "not_authenticated")
            for role in ("owner", "assistant", "editor"):
                answer = getattr(signed_in(make_staff(role)), method)(address)
                assert_problem(answer, 403, "clients_only")


def test_answers_are_for_the_caller_alone_and_writing_is_limited(
    api: APIClient, held: Appointment, settings
) -> None:
    settings.API_RATE_LIMITS = {"writes": "1/m", "reads": "100/m"}
    first = api.post(of(held, "payments/"), FULL)
    assert first["Cache-Control"] == "private, no-store"
    assert first["RateLimit-Policy"] == '"writes";q=1;w=60'
    assert_problem(api.post(of(held, "payments/"), FULL), 429, "too_many_requests")


def test_nothing_outside_the_database_happens_in_a_transaction(
    api: APIClient, held: Appointment, provider: FakeProvider, monkeypatch
) -> None:
    """The request itself opens none around the call to the provider."""
    depth = []
    create = provider.create_payment

    def watched(order):
        depth.append(len(transaction.get_connection().savepoint_ids))
        return create(order)

    monkeypatch.setattr(provider, "create_payment", watched)
    outside = len(transaction.get_connection().savepoint_ids)
    api.post(of(held, "payments/"), FULL)
    assert depth == [outside]
