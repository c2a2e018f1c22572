"""Clocks jump and machines are a day off: each reminder leaves once, through the real outbox."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.booking.infrastructure.models import Appointment
from apps.messaging import wiring
from apps.messaging.models import Message
from project.mail_url import mailer
from tests.booking.factories import consented_client, make_appointment
from tests.counts import examples
from tests.messaging.deliveries import HandClock
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db

STEP = timedelta(minutes=examples(bounded=30, full=1))
KINDS = ("reminder_day", "reminder_hour")
NIGHTS = [
    pytest.param("Europe/Moscow", "2027-01-01T00:30", id="new year"),
    pytest.param("Europe/Moscow", "2028-02-29T12:00", id="leap day"),
    pytest.param("Europe/Berlin", "2027-03-28T10:00", id="spring in Berlin"),
    pytest.param("Europe/Berlin", "2027-10-31T02:30", id="autumn in Berlin, an hour shown twice"),
    pytest.param("America/New_York", "2027-03-14T03:30", id="spring in New York"),
    pytest.param("Australia/Lord_Howe", "2027-04-04T12:00", id="half an hour on Lord Howe"),
]


@pytest.fixture(autouse=True)
def _real_mail_server(sandbox: Sandbox, settings) -> None:
    settings.MAILERS = {"default": mailer(sandbox.email_url)}


class NobodyWaits:
    """DeliveryJobs (port) of a test that delivers by hand."""

    def wake(self) -> None:
        """Nothing to do."""


def planned(zone: str, local: str) -> Appointment:
    """A confirmed session whose letters were planned three days before."""
    start = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    booked = make_appointment(client=consented_client(), start=start, time_zone=zone)
    clock = HandClock(start - timedelta(days=3))
    plan = replace(wiring.plan_messages, clock=clock, jobs=NobodyWaits())
    plan.confirmed(appointment_id=booked.id, occurred_at=clock.now())
    return booked


def live_through(booked: Appointment, *, off: timedelta) -> None:
    """Workers look at the outbox from the day before the session until after it; every third look is by
    the clock of a machine that is ``off``."""
    moment = booked.start - timedelta(hours=30)
    look = 0
    while moment < booked.start + timedelta(hours=2):
        wiring.deliver_due(clock=HandClock(moment + (off if look % 3 == 0 else timedelta())))()
        moment += STEP
        look += 1


def arrived(sandbox: Sandbox) -> "Counter[str]":
    """How many letters of each kind lie in the mailbox."""
    kinds = {str(row.id): row.kind for row in Message.objects.all()}
    names = [letter["message_id"].strip("<>").partition("@")[0] for letter in sandbox.letters()]
    return Counter(kinds[name] for name in names)


@pytest.mark.parametrize(("zone", "local"), NIGHTS)
def test_each_reminder_comes_once_and_in_time_over_jumps_of_the_clock(
    sandbox: Sandbox, zone: str, local: str
) -> None:
    booked = planned(zone, local)
    live_through(booked, off=timedelta())
    assert {kind: arrived(sandbox)[kind] for kind in KINDS} == dict.fromkeys(KINDS, 1)
    sent = dict(Message.objects.filter(kind__in=KINDS).values_list("kind", "sent_at"))
    assert timedelta(hours=1) - STEP <= booked.start - sent["reminder_hour"] <= timedelta(hours=1)
    assert timedelta(hours=6) < booked.start - sent["reminder_day"] < timedelta(hours=40)


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1)], ids=["a day ahead", "a day behind"])
@pytest.mark.parametrize(("zone", "local"), NIGHTS[::2])
def test_each_reminder_comes_once_when_a_machine_is_a_day_off(
    sandbox: Sandbox, zone: str, local: str, off: timedelta
) -> None:
    live_through(planned(zone, local), off=off)
    assert {kind: arrived(sandbox)[kind] for kind in KINDS} == dict.fromkeys(KINDS, 1)
    assert set(Message.objects.filter(kind__in=KINDS).values_list("status", flat=True)) == {"sent"}
