"""The demo practice is whole, obeys the rules, and is loaded once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.models import Appointment, DateOverride, IntakeForm, Service, WaitlistRequest
from apps.identity.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db):
    call_command("load_demo", verbosity=0)


def test_the_demo_practice_has_everything_a_newcomer_wants_to_see(demo):
    now = timezone.now()
    statuses = set(Appointment.objects.values_list("status", flat=True))
    assert statuses == {status.value for status in AppointmentStatus}
    assert 220 <= Appointment.objects.count() <= 400
    assert User.objects.filter(role="client").count() == 40
    assert set(User.objects.exclude(role="client").values_list("role", flat=True)) == {
        "owner", "assistant", "editor",
    }  # fmt: skip
    assert Service.objects.filter(status="published").count() == 6
    assert Service.objects.filter(price_minor=0).count() == 1
    assert set(DateOverride.objects.values_list("kind", flat=True)) >= {"day_off", "holiday", "time_off"}
    assert Appointment.objects.filter(
        start__range=(now - timedelta(days=1), now + timedelta(days=2))
    ).exists()
    assert IntakeForm.objects.filter(status="submitted").exists()
    assert WaitlistRequest.objects.count() == 5


def test_loading_the_demo_twice_changes_nothing(demo):
    before = Appointment.objects.count(), User.objects.count()
    call_command("load_demo", "--once", verbosity=0)
    assert (Appointment.objects.count(), User.objects.count()) == before


def test_no_session_of_the_demo_is_confirmed_long_after_its_end(demo):
    yesterday = timezone.now() - timedelta(days=1)
    assert not Appointment.objects.filter(status="confirmed", end__lt=yesterday).exists()
