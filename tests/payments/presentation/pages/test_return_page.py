"""The page after the provider's: how the payment went, without believing whoever opens it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.booking.infrastructure.models import Appointment, Service
from apps.identity.infrastructure.models import User
from apps.payments.infrastructure.pay_links import return_page
from tests.booking.factories import make_appointment
from tests.jobs import waiting, work_off
from tests.payments.fakes import FakeProvider
from tests.payments.rows import make_payment, nothing_changes

pytestmark = pytest.mark.django_db
SETTLE = "payments.settle_payment"


def shown(appointment: Appointment, query: str = "") -> str:
    with nothing_changes(ProcrastinateJob):
        answer = Client().get(return_page(appointment.id) + query)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_an_open_payment_is_being_checked_and_the_page_comes_again(held: Appointment) -> None:
    payment = make_payment(held, status="pending")
    text = shown(held)
    assert "Проверяем оплату" in text
    assert '<meta http-equiv="refresh" content="3; url=?try=1">' in text
    assert waiting(SETTLE) == [{"payment_id": str(payment.id)}]


def test_opening_it_again_makes_one_job(held: Appointment) -> None:
    make_payment(held, status="pending")
    for _ in range(5):
        shown(held)
    assert len(waiting(SETTLE)) == 1


def test_it_tells_of_the_money_as_soon_as_the_job_has_looked(
    api, held: Appointment, provider: FakeProvider
) -> None:
    api.post(f"/api/v1/appointments/{held.id}/payments/", {"kind": "full"})
    ProcrastinateJob.objects.all().delete()
    provider.pay(next(iter(provider.payments)))
    shown(held)
    work_off(SETTLE)
    text = shown(held)
    assert "Спасибо, оплата прошла" in text
    assert "http-equiv" not in text


def test_it_stops_asking_after_a_while(held: Appointment) -> None:
    make_payment(held, status="pending")
    text = shown(held, "?try=10")
    assert "ещё не подтвердил" in text
    assert "http-equiv" not in text
    ProcrastinateJob.objects.all().delete()
    shown(held, "?try=11")
    assert waiting(SETTLE) == []


@pytest.mark.parametrize("tries", ["-1", "x", "1e9", "999999999999999999", "٣", ""])
def test_a_count_that_is_none_breaks_nothing(held: Appointment, tries: str) -> None:
    make_payment(held, status="pending")
    assert "Проверяем оплату" in shown(held, f"?try={tries}")


def test_a_payment_that_failed_says_why_and_offers_another_try(held: Appointment) -> None:
    make_payment(held, status="failed", failure="insufficient_funds")
    text = shown(held)
    assert "Оплата не прошла" in text
    assert "недостаточно средств" in text
    assert "Попробовать ещё раз" in text


def test_money_that_was_not_taken_comes_back(service: Service, payer: User) -> None:
    over = make_appointment(service=service, client=payer, status="expired")
    make_payment(over, not_taken="slot_taken")
    assert "Деньги возвращаются" in shown(over)


def test_the_latest_payment_is_the_one_it_tells_of(held: Appointment) -> None:
    now = datetime.now(UTC)
    make_payment(
        held,
        status="failed",
        failure="unknown",
        created_at=now - timedelta(hours=1),
        settled_at=now - timedelta(minutes=50),
    )
    make_payment(held, status="pending", created_at=now)
    assert "Проверяем оплату" in shown(held)


def test_without_a_payment_it_leads_to_the_booking(held: Appointment) -> None:
    assert "Здесь ещё ничего не оплачено" in shown(held)
    assert waiting(SETTLE) == []


def test_nothing_is_sent_to_it(held: Appointment) -> None:
    assert Client().post(return_page(held.id)).status_code == 405
