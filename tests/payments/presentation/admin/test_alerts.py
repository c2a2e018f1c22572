"""Alerts about money in the workspace, and the comparison of a period that a person wishes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.audit.infrastructure.models import AuditRecord
from apps.kernel.domain.money import Money
from apps.payments.application.ports import TryAgain
from apps.payments.domain.alert import AlertKind
from apps.payments.infrastructure.later import MOST_PARTS, compare_later
from apps.payments.models import PaymentAlert
from apps.payments.presentation.admin.alert_wording import text_of as words
from project.navigation import money_alerts
from tests.booking.presentation.admin.pages import signed_in_as
from tests.jobs import waiting, work_off
from tests.payments.fakes import FakeProvider
from tests.payments.orders import payment_order
from tests.payments.rows import make_alert, make_payment, nothing_changes

pytestmark = pytest.mark.django_db
LIST = "admin:payments_paymentalert_changelist"
COMPARE = "payments.compare_days"


@pytest.fixture
def owner() -> Client:
    return signed_in_as("owner", display_name="Анна Орлова")


@pytest.fixture
def assistant() -> Client:
    return signed_in_as("assistant")


def page(alert: PaymentAlert, command: str = "change") -> str:
    return reverse(f"admin:payments_paymentalert_{command}", args=[alert.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def listed(browser: Client, **query: str) -> list[str]:
    return [row.kind for row in browser.get(reverse(LIST), query).context["cl"].result_list]


class TestTheList:
    def test_shows_what_is_to_be_looked_at_and_what_was(self, owner):
        make_alert("refund_failed")
        make_alert("forged_sender", settled_at=datetime.now(UTC))
        assert listed(owner) == ["refund_failed"]
        assert listed(owner, tab="settled") == ["forged_sender"]

    @pytest.mark.parametrize("kind", list(AlertKind))
    def test_every_kind_is_told_in_words_with_advice(self, owner, held, kind):
        alert = make_alert(
            kind.value,
            reference="203.0.113.9",
            payment=make_payment(held, status="pending"),
            details={
                "ours": "succeeded 4500.00 RUB",
                "provider": "",
                "reason": "slot_taken",
                "code": "not_found",
            },
            times=3,
        )
        assert words(alert)
        for text in (text_of(owner.get(reverse(LIST))), text_of(owner.get(page(alert)))):
            assert words(alert) in text
            assert "оплачен, 4 500 ₽" in text
            assert f">{kind.value}<" not in text

    def test_a_lie_of_a_notification_is_not_told_as_the_providers_word(self, owner, held):
        lie = {"notification": "1.00 RUB", "ours": "4500.00 RUB"}
        alert = make_alert("amount_mismatch", payment=make_payment(held, status="pending"), details=lie)
        text = text_of(owner.get(page(alert)))
        assert "Уведомление назвало не то, что есть на самом деле" in text
        assert "4 500 ₽" in text
        assert "Делать ничего не нужно" in text

    def test_says_so_when_there_is_nothing(self, owner):
        assert "Всё сходится" in text_of(owner.get(reverse(LIST)))

    def test_costs_the_same_statements_for_one_alert_and_for_many(self, owner, held):
        payment = make_payment(held, status="pending")
        counts = []
        for many in (1, 1, 20):
            for _ in range(many):
                make_alert(payment=payment)
            with CaptureQueriesContext(connection) as queries:
                owner.get(reverse(LIST))
            counts.append(len(queries))
        assert counts[1] == counts[2], counts

    def test_the_sidebar_counts_what_is_open(self, owner):
        make_alert()
        make_alert(settled_at=datetime.now(UTC))
        assert money_alerts(RequestFactory().get("/")) == "1"
        make_alert()
        assert money_alerts(RequestFactory().get("/")) == "1", "kept for half a minute"
        cache.clear()
        assert money_alerts(RequestFactory().get("/")) == "2"

    @pytest.mark.parametrize(
        "query", [{"run": "x"}, {"run": str(uuid4()), "parts": "a", "since": "1"}, {"tab": "x"}]
    )
    def test_bears_any_address(self, owner, query):
        assert owner.get(reverse(LIST), query).status_code == 200


class TestSettling:
    def test_a_person_says_that_they_have_looked(self, owner):
        alert = make_alert()
        assert money_alerts(RequestFactory().get("/")) == "1"
        owner.post(page(alert, "settle"), {"_form_submitted": "True"})
        alert.refresh_from_db()
        assert alert.settled_at is not None
        assert str(alert.settled_by) == "Анна Орлова"
        assert AuditRecord.objects.filter(action="payment_alert_settled").count() == 1
        assert money_alerts(RequestFactory().get("/")) == ""
        text = text_of(owner.get(page(alert)))
        assert "Анна Орлова" in text

    def test_twice_changes_nothing_more(self, owner):
        alert = make_alert()
        for _ in range(2):
            owner.post(page(alert, "settle"), {"_form_submitted": "True"})
        assert AuditRecord.objects.filter(action="payment_alert_settled").count() == 1

    def test_is_the_owners(self, assistant):
        alert = make_alert()
        with nothing_changes():
            assert assistant.post(page(alert, "settle"), {"_form_submitted": "True"}).status_code == 403
        assert page(alert, "settle") not in text_of(assistant.get(page(alert)))

    @pytest.mark.parametrize("object_id", ["nonsense", "9" * 30, "٣", "424242"])
    def test_an_unknown_one_is_not_found(self, owner, object_id):
        for command in ("change", "settle"):
            url = reverse(f"admin:payments_paymentalert_{command}", args=[object_id])
            data = {"_form_submitted": "True"}
            response = owner.get(url) if command == "change" else owner.post(url, data)
            assert response.status_code == 404


class TestComparing:
    url = "admin:payments_paymentalert_compare"

    def ask(self, browser: Client, since, until, **options):
        data = {
            "_form_submitted": "True",
            "since": since.strftime("%d.%m.%Y"),
            "until": until.strftime("%d.%m.%Y"),
        }
        return browser.post(reverse(self.url), data, **options)

    def test_the_provider_is_asked_by_jobs_and_the_page_tells_how_far_it_is(
        self, owner, provider: FakeProvider
    ):
        stranger = provider.create_payment(payment_order(amount=Money(100)))
        today = timezone.localdate()
        provider.change(stranger.id, created_at=timezone.now())
        response = self.ask(owner, today - timedelta(days=2), today, follow=True)
        text = text_of(response)
        assert "Сверка началась" in text
        assert "Сверяем с ЮKassa: 0 %" in text
        banner = response.context["banner"]
        assert f'hx-get="{banner["url"]}"' in text
        assert len(waiting(COMPARE)) == 3

        work_off(COMPARE)

        done = text_of(owner.get(banner["url"]))
        assert "Сверка закончена: 1 расхождение." in done
        assert "hx-trigger" not in done
        assert listed(owner) == ["unknown_payment"]

    def test_a_provider_that_does_not_answer_is_said_so(self, owner, provider: FakeProvider):
        today = timezone.localdate()
        response = self.ask(owner, today, today, follow=True)
        from procrastinate.contrib.django.models import ProcrastinateJob

        ProcrastinateJob.objects.filter(task_name=COMPARE).update(attempts=1)
        assert "сейчас не отвечает" in text_of(owner.get(response.context["banner"]["url"]))

    def test_nothing_differs_and_it_says_so(self, owner):
        today = timezone.localdate()
        url = self.ask(owner, today, today, follow=True).context["banner"]["url"]
        work_off(COMPARE)
        assert "Сверка закончена: всё сходится." in text_of(owner.get(url))

    def test_whole_days_of_the_practices_clock_are_compared_without_gaps(self):
        today = timezone.localdate()
        asked = compare_later(today - timedelta(days=365), today)
        jobs = waiting(COMPARE)
        assert len(jobs) == asked.parts <= MOST_PARTS
        assert {job["run"] for job in jobs} == {str(asked.run)}
        for earlier, later in pairwise(jobs):
            assert earlier["end"] == later["start"]
        first, last = datetime.fromisoformat(jobs[0]["start"]), datetime.fromisoformat(jobs[-1]["end"])
        assert (first.hour, first.date()) == (0, today - timedelta(days=365))
        assert last.date() == today + timedelta(days=1)

    @pytest.mark.parametrize(
        ("since", "until", "field"), [(0, 1, "until"), (-1, -2, "until"), (-400, 0, "since")]
    )
    def test_a_period_that_makes_no_sense_is_refused(self, owner, since, until, field):
        today = timezone.localdate()
        with nothing_changes():
            response = self.ask(owner, today + timedelta(days=since), today + timedelta(days=until))
        assert response.context["form"].errors[field]

    def test_is_the_owners(self, assistant):
        today = timezone.localdate()
        with nothing_changes():
            assert self.ask(assistant, today, today).status_code == 403

    def test_a_silent_provider_leaves_the_jobs_for_later(self, provider: FakeProvider):
        from apps.kernel.application.ports import TemporaryFailure

        today = timezone.localdate()
        compare_later(today, today)
        provider.fail_next(TryAgain("429"))
        with pytest.raises(TemporaryFailure):
            work_off(COMPARE)
        assert len(waiting(COMPARE)) == 1
