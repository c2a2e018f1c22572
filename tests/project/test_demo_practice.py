"""The demo practice is whole, obeys the rules on whatever day it is loaded, and is loaded once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import Sum

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.models import (
    Appointment,
    DateOverride,
    IntakeForm,
    Service,
    WaitlistOffer,
    WaitlistRequest,
)
from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.infrastructure.models import DiaryEntry, Favourite, Material
from apps.identity.models import User
from apps.messaging.models import Message
from apps.payments.models import LedgerEntry, Payment, PaymentAlert, Receipt, Refund
from project import demo

pytestmark = pytest.mark.django_db

SUNDAY_NIGHT = datetime(2026, 11, 22, 20, 40, tzinfo=UTC)
OTHER_TIMES = [
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2027, 3, 1, 9, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 4, 0, tzinfo=UTC),
]


def test_a_real_practice_gets_no_accounts_whose_secrets_everybody_knows(settings):
    settings.DEMO_PRACTICE_ALLOWED = False
    with pytest.raises(CommandError, match="development only"):
        call_command("load_demo", verbosity=0)
    assert not User.objects.exists()


def test_production_loads_no_demo_practice():
    production = (Path(demo.__file__).parent.parent / "settings" / "production.py").read_text()
    assert "DEMO_PRACTICE_ALLOWED" not in production


def test_the_demo_practice_has_everything_a_newcomer_wants_to_see_and_is_loaded_once():
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        call_command("load_demo", verbosity=0)
    assert set(Appointment.objects.values_list("status", flat=True)) == set(AppointmentStatus)
    assert 220 <= Appointment.objects.count() <= 400
    assert User.objects.filter(role="client").count() == 40
    staff = User.objects.exclude(role="client").values_list("role", flat=True)
    assert sorted(staff) == ["assistant", "editor", "owner"]
    assert Service.objects.filter(status="published").count() == 6
    assert Service.objects.filter(price_minor=0).count() == 1
    kinds = set(DateOverride.objects.values_list("kind", flat=True))
    assert kinds == {"day_off", "holiday", "time_off", "extra_hours"}
    day = timedelta(days=1)
    assert Appointment.objects.filter(start__range=(SUNDAY_NIGHT - day, SUNDAY_NIGHT)).exists()
    assert not Appointment.objects.filter(status="confirmed", end__lt=SUNDAY_NIGHT - day).exists()
    took_time = Appointment.objects.filter(status__in=["confirmed", "completed", "no_show"])
    periods = sorted(took_time.values_list("start", "end"))
    assert all(end <= start for (_, end), (start, _) in pairwise(periods)), "sessions overlap"
    assert IntakeForm.objects.filter(status="submitted").exists()
    assert WaitlistRequest.objects.count() == 5
    assert WaitlistRequest.objects.filter(status="new", opening_start__isnull=False).exists()
    [offer] = WaitlistOffer.objects.all()
    assert (offer.status, offer.appointment.status) == ("offered", "pending_payment")
    assert offer.expires_at > SUNDAY_NIGHT
    assert WaitlistRequest.objects.get(status="offered").offers.get() == offer
    letters = Message.objects.filter(status__in=["planned", "sent", "skipped"])
    assert letters.filter(status="sent").count() > 500
    assert not letters.filter(sent_at__gt=SUNDAY_NIGHT).exists()
    assert not letters.filter(status="planned", next_try_at__lte=SUNDAY_NIGHT).exists()
    assert letters.filter(status="planned", kind="reminder_day", due_at__gt=SUNDAY_NIGHT).exists()
    assert letters.count() == Message.objects.count()
    assert mail.outbox == []
    assert_money_has_moved(SUNDAY_NIGHT)
    assert_cabinets_are_kept(SUNDAY_NIGHT)
    before = list(Appointment.objects.order_by("id").values())
    call_command("load_demo", "--once", verbosity=0)
    assert list(Appointment.objects.order_by("id").values()) == before


def assert_cabinets_are_kept(now):
    entries = DiaryEntry.objects.all()
    assert set(entries.values_list("type", flat=True)) == set(DiaryType)
    assert (
        entries.filter(shared_for__isnull=False).count() == entries.values("author").distinct().count() == 3
    )
    assert not entries.filter(happened_at__gt=now).exists()
    assert sorted(Material.objects.values_list("status", flat=True)) == [
        "approved",
        "approved",
        "draft",
        "withdrawn",
    ]
    assert Material.objects.filter(first_read_at__isnull=False).count() == 1
    assert Favourite.objects.count() == 6


def assert_money_has_moved(now):
    """Through the provider only long enough ago: nothing is open, and nightly comparisons do not reach it."""
    payments = Payment.objects.all()
    assert set(payments.values_list("status", flat=True)) == {"succeeded", "failed"}
    assert 25 <= payments.count() <= 110
    assert not payments.filter(created_at__gt=now - timedelta(days=8)).exists()
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    assert "goodwill" in Refund.objects.values_list("reason", flat=True)
    assert not Receipt.objects.filter(status="pending").exists()
    assert list(PaymentAlert.objects.values_list("kind", flat=True)) == ["late_payment_taken"]
    came = LedgerEntry.objects.filter(kind__in=["payment", "outside_payment"])
    in_ledger = dict(came.order_by().values_list("appointment_id").annotate(Sum("amount_minor")))
    assert in_ledger == dict(Appointment.objects.filter(paid_minor__gt=0).values_list("id", "paid_minor"))


@pytest.mark.heavy
@pytest.mark.parametrize("now", OTHER_TIMES)
def test_the_demo_practice_can_be_loaded_on_any_day(now):
    with time_machine.travel(now, tick=False):
        call_command("load_demo", verbosity=0)
    assert set(Appointment.objects.values_list("status", flat=True)) == set(AppointmentStatus)
