"""Payments in the workspace: the list, the page of one, money given back by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.infrastructure.models import AuditRecord
from apps.booking.infrastructure.models import Appointment, Service
from apps.identity.infrastructure.models import User
from apps.payments.models import LedgerEntry, Payment, Receipt, Refund
from tests.booking.factories import make_appointment, make_client, make_service, next_monday
from tests.booking.presentation.admin.pages import signed_in_as
from tests.jobs import waiting, work_off
from tests.payments.fakes import FakeProvider
from tests.payments.rows import enter, make_alert, make_payment, make_refund, nothing_changes

pytestmark = pytest.mark.django_db
LIST = "admin:payments_payment_changelist"
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def owner() -> Client:
    return signed_in_as("owner", display_name="Анна Орлова")


@pytest.fixture
def assistant() -> Client:
    return signed_in_as("assistant")


@pytest.fixture
def confirmed(service: Service, payer: User) -> Appointment:
    return make_appointment(service=service, client=payer)


@pytest.fixture
def paid(confirmed: Appointment) -> Payment:
    return make_payment(confirmed)


def page(payment: Payment, command: str = "change") -> str:
    return reverse(f"admin:payments_payment_{command}", args=[payment.pk])


def shown(browser: Client, **query: str) -> list[str]:
    """The clients of the list's rows, in order."""
    response = browser.get(reverse(LIST), query)
    assert response.status_code == 200, response
    return [str(row.client) for row in response.context["cl"].result_list]


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace(NBSP, " ")


def panels(response) -> dict[str, dict]:
    """The contexts of what neighbours show on a page, by template."""
    return {panel["template"]: panel["context"] for panel in response.context["panels"]}


class TestTheList:
    def test_shows_who_paid_what_how_and_what_went_back(self, owner, paid, confirmed):
        make_refund(paid, amount_minor=100_000)
        text = text_of(owner.get(reverse(LIST)))
        for part in (str(paid.client), paid.description, "4 500 ₽", "1 000 ₽", "банковская карта", "оплачен"):
            assert part in text
        assert reverse("admin:booking_appointment_change", args=[confirmed.pk]) in text
        assert reverse("admin:identity_client_change", args=[paid.client_id]) in text

    def test_the_latest_comes_first(self, owner, service):
        now = datetime.now(UTC)
        for age, name in enumerate(["Ада", "Берта", "Вера"]):
            client = make_client(display_name=name)
            start = next_monday(10 + age)
            appointment = make_appointment(service=service, client=client, start=start)
            make_payment(appointment, created_at=now - timedelta(hours=age))
        assert shown(owner) == ["Ада", "Берта", "Вера"]

    def test_is_narrowed_by_state_and_days(self, owner, service):
        now = datetime.now(UTC)
        for age, status in ((0, "succeeded"), (5, "failed"), (40, "canceled")):
            appointment = make_appointment(
                service=service,
                client=make_client(display_name=status),
                start=next_monday(10, weeks=1 + age % 3),
            )
            make_payment(
                appointment,
                status=status,
                failure="unknown" if status == "failed" else "",
                created_at=now - timedelta(days=age),
            )
        assert shown(owner, status__exact="failed") == ["failed"]
        last_week = (now - timedelta(days=7)).strftime("%d.%m.%Y")
        assert shown(owner, created_at_from=last_week) == ["succeeded", "failed"]

    def test_is_searched_by_client_provider_id_and_our_own_ids(self, owner, service):
        ada = make_payment(make_appointment(service=service, client=make_client(display_name="Ада Лавлейс")))
        make_payment(make_appointment(service=service, start=next_monday(15)))
        terms = ("лавлейс", ada.client.email, ada.provider_id, ada.provider_id[:12], str(ada.pk))
        for term in (*terms, str(ada.appointment_id)):
            assert shown(owner, q=term) == ["Ада Лавлейс"], term
        assert shown(owner, q="никто") == []
        assert shown(owner, q="\0") != []

    def test_costs_the_same_statements_for_one_payment_and_for_many(self, owner, service):
        counts = []
        for number in range(3):
            for each in range(1 if number < 2 else 20):
                start = next_monday(10) + timedelta(days=number, minutes=60 * each)
                make_refund(make_payment(make_appointment(service=service, start=start)), amount_minor=10)
            with CaptureQueriesContext(connection) as queries:
                owner.get(reverse(LIST))
            counts.append(len(queries))
        assert counts[1] == counts[2], counts

    def test_offers_no_adding_changing_or_deleting(self, owner, paid):
        for command in ("add", "delete"):
            url = reverse("admin:payments_payment_add") if command == "add" else page(paid, "delete")
            assert owner.get(url).status_code == 403
        with nothing_changes():
            assert owner.post(page(paid), {"status": "failed"}).status_code == 403


class TestThePage:
    def test_tells_the_story(self, owner, paid):
        refund = make_refund(paid, amount_minor=100_000, requested_by=User.objects.get(role="owner"))
        make_refund(paid, amount_minor=50_000, status="pending", reason="rule")
        Receipt.objects.create(
            payment=paid,
            kind="advance",
            status="succeeded",
            amount_minor=paid.amount_minor,
            items=[],
            idempotence_key="key",
            created_at=paid.created_at,
        )
        make_alert("late_payment_taken", payment=paid)
        text = text_of(owner.get(page(paid)))
        assert refund.requested_by is not None
        for part in (
            "Платёж на 4 500 ₽",
            paid.provider_id,
            "Решено вернуть 1 000 ₽",
            "по решению специалиста, Анна Орлова",
            "по правилу отмены",
            "Чек предоплаты",
            "зарегистрирован",
            "Клиент оплатил после срока",
            "Скопировать номер",
        ):
            assert part in text, part
        assert "3 000 ₽" in text, "what is kept when refunds on their way count"

    def test_says_why_nothing_was_paid(self, owner, held):
        failed = make_payment(
            held, status="failed", failure="insufficient_funds", failure_code="insufficient_funds"
        )
        text = text_of(owner.get(page(failed)))
        assert "Ничего не оплачено: недостаточно средств." in text
        assert "Вернуть деньги" not in text

    def test_says_why_money_comes_back(self, owner, confirmed):
        text = text_of(owner.get(page(make_payment(confirmed, not_taken="slot_taken"))))
        assert "Деньги возвращаются сами: время уже занял кто-то другой." in text

    def test_is_read_by_the_assistant_without_commands(self, assistant, paid):
        text = text_of(assistant.get(page(paid)))
        assert "Вернуть деньги" not in text
        assert "Проверить у ЮKassa" not in text

    @pytest.mark.parametrize("object_id", ["nonsense", "00000000-0000-0000-0000-000000000000"])
    def test_an_unknown_one_is_not_found(self, owner, object_id):
        for command in ("change", "refund", "history", "outside_refund"):
            if command == "outside_refund" and object_id == "nonsense":
                continue
            url = reverse(f"admin:payments_payment_{command}", args=[object_id])
            assert owner.get(url, follow=True).status_code == 404, command
        look_up = reverse("admin:payments_payment_look_up", args=[object_id])
        assert owner.post(look_up, {"_form_submitted": "True"}).status_code == 404

    def test_costs_a_constant_number_of_statements(self, owner, paid):
        counts = []
        for _ in range(3):
            make_refund(paid, amount_minor=10, requested_by=User.objects.get(role="owner"))
            make_alert(payment=paid)
            with CaptureQueriesContext(connection) as queries:
                owner.get(page(paid))
            counts.append(len(queries))
        assert counts[1] == counts[2], counts


class TestGivingBack:
    def ask(self, browser, payment, **fields):
        form = browser.get(page(payment, "refund")).context["form"]
        data = {"_form_submitted": "True", "amount": form["amount"].value(), "reason": "goodwill"}
        data["rest_seen"] = form["rest_seen"].value()
        return browser.post(page(payment, "refund"), {**data, **fields}, follow=True)

    def test_the_dialog_knows_what_is_left_and_what_went_back(self, owner, paid):
        make_refund(
            paid,
            amount_minor=100_050,
            requested_by=User.objects.get(role="owner"),
            reason="session_not_held",
        )
        response = owner.get(page(paid, "refund"))
        assert response.context["form"]["amount"].value() == "3499.50"
        text = text_of(response)
        assert "1 000,50 ₽, возвращён" in text
        assert "встреча не состоялась · Анна Орлова" in text
        assert "3 499,50 ₽" in text

    def test_the_whole_rest_is_given_back_once(self, owner, paid, provider: FakeProvider, monkeypatch):
        theirs = self.at_the_provider(paid, provider)
        response = self.ask(owner, paid)
        assert "возвращаются клиенту" in text_of(response)
        refund = Refund.objects.get()
        assert (refund.amount_minor, refund.status, refund.reason) == (450_000, "requested", "goodwill")
        assert refund.requested_by == User.objects.get(role="owner")
        assert [each.changes["amount"] for each in AuditRecord.objects.filter(action="refund_requested")] == [
            [None, "4500.00"]
        ]
        work_off("kernel.deliver_event")
        assert Refund.objects.get().status == "succeeded"
        assert LedgerEntry.objects.filter(kind="refund").count() == 1
        assert provider.payments[theirs].refunded.minor == 450_000
        assert "Возвращать больше нечего" in text_of(owner.get(page(paid, "refund")))

    def at_the_provider(self, payment: Payment, provider: FakeProvider) -> str:
        from apps.kernel.domain.money import Money
        from tests.payments.orders import payment_order

        found = provider.create_payment(
            payment_order(amount=Money(payment.amount_minor), reference=payment.pk)
        )
        provider.pay(found.id)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE payments_payment DISABLE TRIGGER payments_payment_guard")
            cursor.execute(
                "UPDATE payments_payment SET provider_id = %s WHERE id = %s", [found.id, payment.pk]
            )
            cursor.execute("ALTER TABLE payments_payment ENABLE TRIGGER payments_payment_guard")
        return found.id

    def test_a_part_is_given_back(self, owner, paid):
        self.ask(owner, paid, amount="1000,50", reason="mistake")
        refund = Refund.objects.get()
        assert (refund.amount_minor, refund.reason) == (100_050, "mistake")

    def test_pressing_twice_gives_back_once(self, owner, paid):
        form = owner.get(page(paid, "refund")).context["form"]
        data = {
            "_form_submitted": "True",
            "amount": "1000",
            "reason": "goodwill",
            "rest_seen": form["rest_seen"].value(),
        }
        owner.post(page(paid, "refund"), data)
        again = owner.post(page(paid, "refund"), data)
        assert Refund.objects.count() == 1
        assert "Тем временем деньги уже возвращали" in again.content.decode()

    @pytest.mark.parametrize(
        ("amount", "text"),
        [("4500.01", "Вернуть можно ещё не больше 4500.00"), ("0", "больше нуля"), ("-5", ""), ("много", "")],
    )
    def test_a_wrong_amount_is_refused_at_its_field(self, owner, paid, amount, text):
        with nothing_changes():
            response = self.ask(owner, paid, amount=amount)
        assert response.context["form"].errors["amount"]
        assert text in response.content.decode()

    def test_a_reason_that_only_rules_give_is_refused(self, owner, paid):
        with nothing_changes():
            assert self.ask(owner, paid, reason="rule").context["form"].errors["reason"]

    def test_the_assistant_and_a_get_change_nothing(self, owner, assistant, paid):
        with nothing_changes():
            assert assistant.get(page(paid, "refund")).status_code == 403
            assert (
                assistant.post(page(paid, "refund"), {"amount": "1", "reason": "goodwill"}).status_code == 403
            )
            owner.get(page(paid, "refund"))

    def test_what_has_not_arrived_cannot_be_given_back(self, owner, held):
        waits = make_payment(held, status="pending")
        assert "Возвращать больше нечего" in text_of(owner.get(page(waits, "refund")))
        data = {"_form_submitted": "True", "amount": "1", "reason": "goodwill", "rest_seen": "0"}
        with nothing_changes():
            response = owner.post(page(waits, "refund"), data)
        assert "Вернуть можно только поступившие деньги" in response.content.decode()


class TestLookingUp:
    def test_asks_the_provider_by_a_job(self, owner, held):
        payment = make_payment(held, status="pending")
        response = owner.post(page(payment, "look_up"), {"_form_submitted": "True"}, follow=True)
        assert "Платёж проверяется" in text_of(response)
        assert waiting("payments.settle_payment") == [{"payment_id": str(payment.pk)}]

    def test_is_the_owners_and_nothing_happens_on_get(self, owner, assistant, held):
        payment = make_payment(held, status="pending")
        with nothing_changes():
            assert assistant.post(page(payment, "look_up"), {"_form_submitted": "True"}).status_code == 403
            owner.get(page(payment, "look_up"))


class TestTheLedgerOfAnAppointment:
    def url(self, appointment: Appointment) -> str:
        return reverse("admin:booking_appointment_change", args=[appointment.pk])

    def refund_url(self, appointment: Appointment) -> str:
        return reverse("admin:payments_payment_outside_refund", args=[appointment.pk])

    def test_shows_due_paid_refunded_and_kept_with_every_movement(self, owner, service, payer):
        appointment = make_appointment(service=service, client=payer, paid_minor=300_000)
        payment = make_payment(appointment, kind="deposit", amount_minor=150_000)
        enter(appointment, "payment", 150_000)
        enter(appointment, "outside_payment", 150_000)
        enter(appointment, "refund", 50_000)
        response = owner.get(self.url(appointment))
        panel = panels(response)["payments/ledger_panel.html"]
        sums = [(str(name), value.replace(NBSP, " ")) for name, value, _ in panel["sums"]]
        assert sums == [
            ("К оплате", "1 500 ₽"),
            ("Оплачено", "3 000 ₽"),
            ("Возвращено", "500 ₽"),
            ("Остаётся у практики", "2 500 ₽"),
        ]
        text = text_of(response)
        assert "Оплата вне системы" in text
        assert "−500 ₽" in text
        assert page(payment) in text
        assert "/pay/" in text
        assert self.refund_url(appointment) in text

    def test_offers_no_link_where_nothing_is_due_and_no_panel_where_all_is_free(self, owner, confirmed):
        assert "/pay/" not in text_of(owner.get(self.url(confirmed)))
        free = make_appointment(service=make_service(price_minor=0))
        assert "payments/ledger_panel.html" not in panels(owner.get(self.url(free)))

    def test_the_assistant_sees_it_without_moving_money(self, assistant, confirmed):
        enter(confirmed, "outside_payment", 450_000)
        text = text_of(assistant.get(self.url(confirmed)))
        assert "Движение денег" in text
        assert self.refund_url(confirmed) not in text
        assert assistant.get(self.refund_url(confirmed)).status_code == 403

    def test_a_refund_outside_the_system_is_recorded_once(self, owner, confirmed):
        enter(confirmed, "outside_payment", 450_000)
        form = owner.get(self.refund_url(confirmed)).context["form"]
        assert form["amount"].value() == "4500"
        data = {
            "_form_submitted": "True",
            "amount": "1500",
            "reason": "session_not_held",
            "rest_seen": form["rest_seen"].value(),
        }
        owner.post(self.refund_url(confirmed), data)
        again = owner.post(self.refund_url(confirmed), data)
        [entry] = LedgerEntry.objects.filter(kind="outside_refund")
        assert entry.amount_minor == 150_000
        assert "Тем временем деньги уже возвращали" in again.content.decode()
        assert AuditRecord.objects.filter(action="outside_refund_recorded").count() == 1

    def test_more_than_came_outside_is_refused(self, owner, confirmed):
        enter(confirmed, "payment", 450_000)
        enter(confirmed, "outside_payment", 100)
        data = {"_form_submitted": "True", "amount": "1.01", "reason": "other"}
        with nothing_changes():
            response = owner.post(self.refund_url(confirmed), data)
        assert "Вне системы получено и ещё не возвращено не больше 1.00" in response.content.decode()

    def test_money_that_came_late_is_said_plainly(self, owner, confirmed):
        from apps.booking.infrastructure.models import TimelineEntry

        TimelineEntry.objects.create(
            appointment=confirmed,
            event="PaymentReceived",
            at=datetime.now(UTC),
            actor_role="system",
            data={"amount_minor": 450_000, "currency": "RUB", "late": True},
        )
        text = text_of(owner.get(self.url(confirmed)))
        assert "Поступила оплата через ЮKassa" in text
        assert "4 500 ₽, после срока" in text

    def test_a_completed_session_still_owes_and_can_be_paid_outside(self, owner, service, payer):
        owing = make_appointment(service=service, client=payer, status="completed", paid_minor=150_000)
        text = text_of(owner.get(self.url(owing)))
        assert reverse("admin:booking_appointment_record_payment", args=[owing.pk]) in text
        assert "3 000 ₽" in text


class TestTheClientsPage:
    def test_shows_the_latest_payments_and_leads_to_all(self, owner, service, payer):
        appointment = make_appointment(service=service, client=payer)
        now = datetime.now(UTC)
        made = [make_payment(appointment, created_at=now - timedelta(days=age)) for age in range(6)]
        url = reverse("admin:identity_client_change", args=[payer.pk])
        text = text_of(owner.get(url))
        assert page(made[0]) in text
        assert page(made[5]) not in text
        assert f"client__id__exact={payer.pk}" in text
        assert len(shown(owner, client__id__exact=str(payer.pk))) == 6

    def test_says_nothing_of_payments_where_there_are_none(self, owner, payer):
        response = owner.get(reverse("admin:identity_client_change", args=[payer.pk]))
        assert "payments/client_panel.html" not in panels(response)


class TestTheOverview:
    def card(self, browser: Client) -> list[dict]:
        cards = browser.get(reverse("admin:index")).context["cards"]
        return [each for each in cards if each["title"] == "Деньги за месяц"]

    def test_the_owner_sees_the_money_of_the_month(self, owner, service, payer):
        appointment = make_appointment(service=service, client=payer)
        enter(appointment, "payment", 450_000)
        enter(appointment, "outside_payment", 50_000)
        enter(appointment, "refund", 100_000)
        enter(appointment, "payment", 999_900, at=datetime.now(UTC) - timedelta(days=40))
        make_payment(appointment, status="pending", amount_minor=70_000)
        [card] = self.card(owner)
        assert card["value"].replace(NBSP, " ") == "5 000 ₽"
        assert card["note"].replace(NBSP, " ") == "возвращено: 1 000 ₽, оплачивается: 700 ₽"
        assert card["url"] == reverse(LIST)

    def test_the_assistant_does_not(self, assistant, service):
        assert self.card(assistant) == []
