"""The page behind the link of a letter: what is due, paying, answering an offer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from apps.booking.infrastructure.models import Appointment, Service, Specialist
from apps.identity.infrastructure.models import User
from apps.payments.application.ports import Refused, TryAgain
from apps.payments.facade import pay_link
from apps.payments.infrastructure.pay_links import pay_token, return_page
from apps.payments.models import Payment
from tests.booking.factories import make_appointment, make_client, make_service, next_monday
from tests.payments.fakes import FakeProvider
from tests.payments.rows import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest() -> Client:
    return Client(enforce_csrf_checks=True, headers={"Accept-Language": "de"})


def page_of(appointment: Appointment) -> str:
    return f"/pay/{pay_token(appointment.id)}/"


def text_of(guest: Client, appointment: Appointment) -> str:
    with nothing_changes():
        answer = guest.get(page_of(appointment))
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def post(guest: Client, appointment: Appointment, **fields: str):
    token = guest.get(page_of(appointment)).context["csrf_token"]
    return guest.post(page_of(appointment), {"csrfmiddlewaretoken": str(token), **fields})


def test_it_shows_what_when_with_whom_and_what_is_due(guest: Client, service: Service, payer: User) -> None:
    held = make_appointment(
        service=service,
        client=payer,
        status="pending_payment",
        start=datetime(2030, 3, 4, 9, 0, tzinfo=UTC),
        time_zone="Asia/Yekaterinburg",
    )
    text = text_of(guest, held)
    assert service.name in text
    assert "Анна Орлова" in text
    assert "Понедельник, 4 марта 2030" in text
    assert "14:00–14:50" in text
    assert "Екатеринбург, UTC+5" in text
    assert "онлайн, по видеосвязи" in text
    assert "4 500 ₽" in text
    assert "1 500 ₽" in text
    assert "осталось 20 минут" in text or "осталась 20" in text or "осталось 20" in text
    assert "meet.example.org" not in text, "the link to the session is for those who have paid"


def test_it_tells_nothing_of_the_person(guest: Client, service: Service) -> None:
    person = make_client(display_name="Мария Секретова", email="maria@example.org", phone="+79001234567")
    held = make_appointment(service=service, client=person, status="pending_payment")
    text = text_of(guest, held)
    for private in ("Секретова", "maria@example.org", "9001234567"):
        assert private not in text


def test_it_keeps_to_itself(guest: Client, held: Appointment) -> None:
    answer = guest.get(page_of(held))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Content-Language"] == "ru"
    text = answer.content.decode()
    assert "https://" not in text, "nothing is loaded from elsewhere"
    assert "<style" not in text


def test_an_english_client_reads_english(guest: Client, service: Service) -> None:
    held = make_appointment(service=service, client=make_client(language="en"), status="pending_payment")
    assert "Awaits payment" in text_of(guest, held)


@pytest.mark.parametrize("token", ["nonsense", "00000000000000000000000000000000:forged", "a:b:c"])
def test_a_link_that_is_not_ours_leads_to_a_friendly_page(
    guest: Client, held: Appointment, token: str
) -> None:
    for path in (f"/pay/{token}/", f"/pay/{token}/return/"):
        answer = guest.get(path)
        assert answer.status_code == 404
        assert "Возможно, она скопирована не целиком" in answer.content.decode()
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_link_of_an_appointment_that_is_gone_is_unknown_too(guest: Client, held: Appointment) -> None:
    path = page_of(held)
    held.delete()
    assert guest.get(path).status_code == 404


def test_the_token_of_one_appointment_opens_no_other(
    guest: Client, held: Appointment, service: Service
) -> None:
    other = make_appointment(service=service, start=next_monday(17))
    signature = pay_token(held.id).partition(":")[2]
    assert guest.get(f"/pay/{other.id.hex}:{signature}/").status_code == 404


def test_the_link_is_absolute(held: Appointment, settings) -> None:
    settings.PUBLIC_URL = "https://practice.example"
    assert pay_link(held.id) == f"https://practice.example{page_of(held)}"


@pytest.mark.parametrize(("kind", "amount"), [("full", 450_000), ("deposit", 150_000)])
def test_paying_leads_to_the_provider(
    guest: Client, held: Appointment, provider: FakeProvider, kind: str, amount: int
) -> None:
    answer = post(guest, held, action="pay", kind=kind)
    [theirs] = provider.payments.values()
    assert answer.status_code == 303
    assert answer["Location"] == theirs.confirmation_url
    [order] = provider.payment_orders.values()
    assert order.return_url == f"http://localhost:8000{return_page(held.id)}"
    assert (Payment.objects.get().kind, Payment.objects.get().amount_minor) == (kind, amount)


def test_paying_twice_goes_on_with_the_same_payment(guest: Client, held: Appointment) -> None:
    first, again = (post(guest, held, action="pay", kind="full") for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Payment.objects.count() == 1


def test_paying_without_the_forms_secret_is_refused(guest: Client, held: Appointment) -> None:
    with nothing_changes():
        assert guest.post(page_of(held), {"action": "pay", "kind": "full"}).status_code == 403


def test_an_action_that_is_none_does_nothing(guest: Client, held: Appointment) -> None:
    with nothing_changes():
        assert post(guest, held, action="steal").status_code == 303
        assert Client().put(page_of(held)).status_code == 405


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (TryAgain("429"), 503, "Платёжный сервис не отвечает"),
        (Refused("invalid_request"), 409, "Платёжный сервис не принял платёж"),
    ],
)
def test_when_the_provider_fails_the_page_says_so_and_stays(
    guest: Client, held: Appointment, provider: FakeProvider, error, status: int, text: str
) -> None:
    provider.fail_next(error)
    answer = post(guest, held, action="pay", kind="full")
    assert answer.status_code == status
    assert text in answer.content.decode()
    assert "Оплатить" in answer.content.decode()


def test_a_hold_that_ended_while_the_page_was_open_is_told(guest: Client, held: Appointment) -> None:
    guest.get(page_of(held))
    Appointment.objects.update(hold_expires_at=datetime.now(UTC) - timedelta(seconds=1))
    answer = post(guest, held, action="pay", kind="full")
    assert answer.status_code == 409
    assert "Время вышло" in answer.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("confirmed", "Вы записаны"),
        ("completed", "Встреча состоялась"),
        ("no_show", "Время встречи прошло"),
        ("requested", "Ждёт ответа специалиста"),
        ("declined", "Запрос отклонён"),
        ("expired", "Время вышло"),
        ("canceled", "Встреча отменена"),
    ],
)
def test_every_other_state_says_so_and_asks_for_no_money(
    guest: Client, service: Service, payer: User, status: str, text: str
) -> None:
    page = text_of(guest, make_appointment(service=service, client=payer, status=status))
    assert text in page
    assert "<form" not in page


def test_a_refund_is_named(guest: Client, service: Service, payer: User) -> None:
    canceled = make_appointment(
        service=service, client=payer, status="canceled", paid_minor=450_000, refund_minor=225_000
    )
    assert "Мы возвращаем 2 250 ₽" in text_of(guest, canceled)


@pytest.mark.parametrize("status", ["confirmed", "completed"])
def test_the_rest_can_be_paid(
    guest: Client, service: Service, payer: User, provider: FakeProvider, status: str
) -> None:
    part = make_appointment(service=service, client=payer, status=status, paid_minor=150_000)
    assert "Оплатить 3 000 ₽" in text_of(guest, part)
    post(guest, part, action="pay", kind="full")
    assert Payment.objects.get().amount_minor == 300_000


def test_reading_takes_few_statements(
    guest: Client, held: Appointment, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(4):
        guest.get(page_of(held))


@pytest.fixture
def offered(db: None, payer: User):
    """A time that is kept for somebody on the waitlist; ``price`` decides how it is taken."""
    from tests.booking.factories import make_hours, make_specialist

    def offer(price_minor: int) -> Appointment:
        from uuid import uuid4

        from apps.booking.infrastructure.models import WaitlistOffer, WaitlistRequest

        specialist: Specialist = make_specialist()
        make_hours(specialist)
        service = make_service(specialist, price_minor=price_minor)
        now = datetime.now(UTC)
        kept = make_appointment(
            service=service,
            client=payer,
            status="pending_payment",
            entry_point="waitlist",
            hold_expires_at=now + timedelta(hours=2),
        )
        wish = WaitlistRequest.objects.create(
            service=service,
            client=payer,
            preferred_contact="email",
            time_zone="Europe/Moscow",
            status="offered",
            created_at=now,
        )
        WaitlistOffer.objects.create(
            id=uuid4(),
            waitlist_request=wish,
            appointment=kept,
            specialist=specialist,
            start=kept.start,
            offered_at=now,
            expires_at=kept.hold_expires_at,
            status="offered",
        )
        return kept

    return offer


def test_an_offer_is_shown_with_its_deadline_and_both_answers(guest: Client, offered) -> None:
    text = text_of(guest, offered(450_000))
    assert "Для вас освободилось время" in text
    assert "Оплатить 4 500 ₽" in text
    assert "Отказаться от этого времени" in text


def test_an_offer_that_costs_nothing_is_accepted_by_a_word(guest: Client, offered) -> None:
    kept = offered(0)
    assert "Принять" in text_of(guest, kept)
    assert post(guest, kept, action="accept").status_code == 303
    assert Appointment.objects.get().status == "confirmed"
    assert "Вы записаны" in text_of(guest, kept)


def test_an_offer_with_a_price_is_not_accepted_by_a_word(guest: Client, offered) -> None:
    kept = offered(450_000)
    answer = post(guest, kept, action="accept")
    assert answer.status_code == 409
    assert "подтверждается оплатой" in answer.content.decode()
    assert Appointment.objects.get().status == "pending_payment"


def test_an_offer_is_declined(guest: Client, offered) -> None:
    kept = offered(450_000)
    assert post(guest, kept, action="decline").status_code == 303
    assert Appointment.objects.get().status == "canceled"


def test_an_ordinary_booking_offers_no_declining(guest: Client, held: Appointment) -> None:
    assert "Отказаться" not in text_of(guest, held)
