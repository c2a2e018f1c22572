"""Notifications of the provider: believed to be no more than a hint, and only from its own networks."""

import json
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.booking.infrastructure.models import Appointment
from apps.kernel.domain.money import Money
from apps.payments.models import LedgerEntry, Payment, PaymentAlert, PaymentNotification
from apps.payments.presentation.webhook import LARGEST_BODY, yookassa_webhook
from tests.jobs import waiting, work_off
from tests.payments.fakes import FakeProvider
from tests.payments.rows import nothing_changes

URL = "/webhooks/yookassa/"
PROVIDER_ADDRESS = "185.71.76.5"
STRANGER = "203.0.113.9"

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(api, held: Appointment) -> Payment:
    """A payment that waits for the payer."""
    assert api.post(f"/api/v1/appointments/{held.id}/payments/", {"kind": "full"}).status_code == 201
    return Payment.objects.get()


def told(payment: Payment | None = None, *, event: str = "payment.succeeded", **thing: object) -> bytes:
    """A notification as the provider words it; every part can be made up."""
    object_id = payment.provider_id if payment else str(uuid4())
    thing = {
        "id": object_id,
        "status": event.partition(".")[2],
        "amount": {"value": "4500.00", "currency": "RUB"},
        **thing,
    }
    return json.dumps({"type": "notification", "event": event, "object": thing}).encode()


def send(body: bytes, *, address: str = PROVIDER_ADDRESS, **extra):
    return Client(enforce_csrf_checks=True).post(
        URL, body, content_type="application/json", REMOTE_ADDR=address, **extra
    )


def alerts() -> list[tuple[str, str, int]]:
    return list(PaymentAlert.objects.order_by("id").values_list("kind", "reference", "times"))


def test_a_notification_is_stored_and_heeded_by_a_job(started: Payment, provider: FakeProvider) -> None:
    provider.pay(started.provider_id)
    assert send(told(started)).status_code == 200

    stored = PaymentNotification.objects.get()
    assert (stored.event, stored.object_id, stored.heeded_at) == (
        "payment.succeeded",
        started.provider_id,
        None,
    )
    assert Payment.objects.get().status == "pending"
    assert work_off("payments.heed_notification") == 1
    assert Payment.objects.get().status == "succeeded"
    assert Appointment.objects.get().status == "confirmed"
    assert LedgerEntry.objects.count() == 1
    assert PaymentNotification.objects.get().heeded_at is not None


@pytest.mark.parametrize(
    ("lie", "alert"),
    [
        ({"amount": {"value": "1.00", "currency": "RUB"}}, "amount_mismatch"),
        ({"amount": {"value": "4500.01", "currency": "RUB"}}, "amount_mismatch"),
        ({"amount": {"value": "4500.00", "currency": "USD"}}, "amount_mismatch"),
        ({"amount": "4500.00"}, "amount_mismatch"),
        ({"status": "succeeded", "paid": True}, "status_mismatch"),
        ({"event": "payment.canceled"}, "status_mismatch"),
    ],
)
def test_what_a_notification_says_is_not_believed_and_a_lie_is_noted(
    started: Payment, provider: FakeProvider, lie: dict, alert: str
) -> None:
    """Amount, currency, shop and state are read at the provider, which knows of no money."""
    for _ in range(2):
        assert send(told(started, **lie)).status_code == 200
    work_off("payments.heed_notification")
    assert Payment.objects.get().status == "pending"
    assert Appointment.objects.get().status == "pending_payment"
    assert not LedgerEntry.objects.exists()
    assert (alert, str(started.id), 2) in alerts()


def test_a_lie_about_a_paid_payment_is_noted_and_the_truth_is_not(
    started: Payment, provider: FakeProvider
) -> None:
    provider.pay(started.provider_id)
    send(told(started))
    send(told(started, event="payment.waiting_for_capture"))
    work_off("payments.heed_notification")
    assert alerts() == []
    send(told(started, event="payment.canceled", status="canceled"))
    work_off("payments.heed_notification")
    assert alerts() == [("status_mismatch", str(started.id), 1)]
    assert Payment.objects.get().status == "succeeded"


def test_a_payment_that_the_provider_tells_otherwise_changes_nothing_and_alerts(
    started: Payment, provider: FakeProvider
) -> None:
    provider.pay(started.provider_id)
    provider.change(started.provider_id, amount=Money(449_999))
    send(told(started))
    work_off("payments.heed_notification")
    assert Payment.objects.get().status == "pending"
    assert not LedgerEntry.objects.exists()
    assert alerts() == [
        ("amount_mismatch", str(started.id), 1),
        ("status_mismatch", str(started.id), 1),
    ]


def test_accepting_takes_at_most_six_statements(started: Payment) -> None:
    body = told(started)
    send(body)
    with CaptureQueriesContext(connection) as captured:
        assert send(body).status_code == 200
    statements = [each["sql"] for each in captured.captured_queries]
    assert len(statements) <= 6, statements


@pytest.mark.django_db(transaction=True)
def test_storing_and_enqueueing_are_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args, **kwargs):
        raise RuntimeError("the queue is out of order")

    monkeypatch.setattr("apps.payments.presentation.webhook.heed_notification_later", broken)
    with pytest.raises(RuntimeError):
        send(told())
    assert not PaymentNotification.objects.exists()


def test_a_sender_from_elsewhere_is_refused_and_noted(started: Payment, provider: FakeProvider) -> None:
    provider.pay(started.provider_id)
    with nothing_changes(PaymentAlert):
        for _ in range(3):
            assert send(told(started), address=STRANGER).status_code == 403
    assert alerts() == [("forged_sender", STRANGER, 3)]


@pytest.mark.parametrize(
    "forwarded", [PROVIDER_ADDRESS, f"{PROVIDER_ADDRESS}, 10.0.0.1", f"::1, {PROVIDER_ADDRESS}"]
)
def test_a_forwarding_header_that_nobody_vouches_for_does_not_help(started: Payment, forwarded: str) -> None:
    with nothing_changes(PaymentAlert):
        answer = send(told(started), address=STRANGER, headers={"X-Forwarded-For": forwarded})
        assert answer.status_code == 403
    assert alerts() == [("forged_sender", STRANGER, 1)]


def test_behind_a_trusted_proxy_the_forwarded_address_counts_from_the_right(
    started: Payment, settings
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    honest = {"X-Forwarded-For": PROVIDER_ADDRESS}
    assert send(told(started), address="10.0.0.1", headers=honest).status_code == 200
    forged = {"X-Forwarded-For": f"{PROVIDER_ADDRESS}, {STRANGER}"}
    assert send(told(started), address="10.0.0.1", headers=forged).status_code == 403
    assert send(told(started), address="10.0.0.1").status_code == 403
    assert [each[1] for each in alerts()] == [STRANGER, "10.0.0.1"]


def test_a_body_that_is_too_large_is_refused(started: Payment) -> None:
    with nothing_changes(PaymentAlert):
        assert send(told(started, filler="x" * LARGEST_BODY)).status_code == 413
    assert alerts() == [("malformed_notification", PROVIDER_ADDRESS, 1)]


@pytest.mark.parametrize("length", [None, b"12", b"many", b"-5"])
def test_a_body_that_is_too_large_is_refused_whatever_its_length_says(
    started: Payment, length: bytes | None
) -> None:
    """A chunked body has no Content-Length, and a liar's has a wrong one."""
    headers = [(b"content-type", b"application/json")]
    if length is not None:
        headers.append((b"content-length", length))
    scope = {
        "type": "http",
        "method": "POST",
        "path": URL,
        "query_string": b"",
        "headers": headers,
        "client": (PROVIDER_ADDRESS, 1234),
        "server": ("testserver", 80),
    }
    with nothing_changes(PaymentAlert):
        answer = yookassa_webhook(ASGIRequest(scope, BytesIO(b"x" * (LARGEST_BODY + 1))))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"type": "notification"}',
        b'{"type": "notification", "event": "payment.succeeded", "object": []}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": 5}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": "../../etc"}}',
        b'{"type": "notification", "event": 5, "object": {"id": "2d5f0c3a-000f-5000-8000-1b68e7b15f3f"}}',
        b'{"type": "else", "event": "payment.succeeded", "object": {"id": "2d5f0c3a-000f-5000-8000"}}',
        b"[" * 20_000,
        b'{"a": "\\u0000"}',
    ],
)
def test_what_is_no_notification_is_refused_and_noted(started: Payment, body: bytes) -> None:
    with nothing_changes(PaymentAlert):
        assert send(body).status_code == 400
    assert alerts() == [("malformed_notification", PROVIDER_ADDRESS, 1)]


def test_an_event_that_is_new_to_us_changes_nothing(started: Payment) -> None:
    with nothing_changes(PaymentNotification):
        answer = send(told(started, event="deal.closed"))
    assert answer.status_code in {200, 400}
    assert waiting("payments.heed_notification") == []


def test_an_unknown_payment_changes_nothing_and_alerts(started: Payment) -> None:
    body = told()
    assert send(body).status_code == 200
    work_off("payments.heed_notification")
    [(kind, reference, times)] = alerts()
    assert (kind, times) == ("unknown_payment", 1)
    assert reference == json.loads(body)["object"]["id"]
    assert Payment.objects.get().status == "pending"


def test_a_payment_whose_creation_was_answered_into_the_void_is_found(
    api, held: Appointment, provider: FakeProvider
) -> None:
    """Our row knows no id of the provider's yet; the provider's payment carries ours."""
    provider.fail_next(accepted=True)
    assert api.post(f"/api/v1/appointments/{held.id}/payments/", {"kind": "full"}).status_code == 503
    [theirs] = provider.payments
    provider.pay(theirs)
    body = json.loads(told())
    body["object"]["id"] = theirs
    assert send(json.dumps(body).encode()).status_code == 200
    work_off("payments.heed_notification")
    payment = Payment.objects.get()
    assert (payment.status, payment.provider_id) == ("succeeded", theirs)


def test_the_same_notification_again_and_again_is_one_entry(started: Payment, provider: FakeProvider) -> None:
    provider.pay(started.provider_id)
    for event in ("payment.succeeded", "payment.succeeded", "payment.canceled", "payment.succeeded"):
        assert send(told(started, event=event)).status_code == 200
    work_off("payments.heed_notification")
    assert LedgerEntry.objects.count() == 1
    assert Payment.objects.get().status == "succeeded"


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_are_refused(method: str) -> None:
    assert getattr(Client(), method)(URL).status_code == 405
