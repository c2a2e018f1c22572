"""A withdrawn consent: the specialist has a task for each open appointment, until they have seen to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from apps.audit.models import AuditRecord
from apps.booking import wiring
from apps.booking.domain.follow_up import NothingToFollowUp
from apps.booking.models import FollowUp
from apps.identity import facade as identity
from apps.kernel.domain.actor import Actor
from tests.booking.factories import (
    CONSENT_VERSION,
    consented_client,
    make_appointment,
    make_client,
    make_hours,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.admin.pages import dialog, signed_in_as
from tests.jobs import work_off

pytestmark = pytest.mark.django_db

NOTICE = "Клиент отозвал согласие на обработку персональных данных"


@pytest.fixture
def service():
    specialist = make_specialist()
    make_hours(specialist)
    return make_service(specialist)


@pytest.fixture
def client():
    return consented_client(display_name="Вера Утренняя")


def withdraw(client) -> None:
    identity.withdraw_consent(
        user_id=client.pk,
        purpose="personal_data",
        channel="web",
        evidence={"ip": "192.0.2.1"},
        at=datetime.now(UTC),
    )
    work_off("kernel.deliver_event")


def page(appointment) -> str:
    return reverse("admin:booking_appointment_change", args=[appointment.pk])


def test_opens_a_task_for_each_open_appointment_ahead_and_for_no_other(service, client):
    ahead = {
        make_appointment(service=service, client=client, start=next_monday(10 + number), status=status).pk
        for number, status in enumerate(["requested", "pending_payment", "confirmed"])
    }
    make_appointment(service=service, client=client, start=next_monday(16), status="canceled")
    make_appointment(service=service, client=client, start=datetime.now(UTC) - timedelta(days=3))
    make_appointment(service=service, client=make_client(), start=next_monday(17))

    withdraw(client)

    rows = FollowUp.objects.all()
    assert {row.appointment_id for row in rows} == ahead
    assert {row.reason for row in rows} == {"personal_data_withdrawn"}


def heard(client, *, purpose: str, withdrawal: str = "0" * 32) -> int:
    return wiring.open_follow_ups(
        withdrawal_id=withdrawal, client_id=client.pk, purpose=purpose, at=datetime.now(UTC)
    )


def test_heard_twice_it_opens_one_task_even_after_that_was_settled(service, client):
    appointment = make_appointment(service=service, client=client)
    assert heard(client, purpose="health_data") == 1
    assert heard(client, purpose="health_data") == 0
    assert heard(client, purpose="health_data", withdrawal="1" * 32) == 0
    owner = Actor(user_id=None, role="system")
    wiring.settle_follow_up(appointment_id=appointment.pk, actor=owner)
    assert heard(client, purpose="health_data") == 0
    assert heard(client, purpose="health_data", withdrawal="2" * 32) == 1
    assert FollowUp.objects.filter(settled_at=None).count() == 1


def test_a_consent_that_appointments_do_not_rest_on_opens_none(service, client):
    make_appointment(service=service, client=client)
    assert heard(client, purpose="communications") == 0
    assert not FollowUp.objects.exists()


def test_the_overview_and_the_page_tell_of_it_until_it_is_settled_by_a_dialog(service, client):
    appointment = make_appointment(service=service, client=client)
    owner = signed_in_as("owner")
    withdraw(client)

    overview = owner.get(reverse("admin:index")).content.decode()
    assert "Отозванные согласия" in overview
    assert page(appointment) in overview
    shown = owner.get(page(appointment)).content.decode()
    settle = reverse("admin:booking_appointment_settle_follow_up", args=[appointment.pk])
    assert NOTICE in shown
    assert settle in shown

    assert "Закрыть задачу" in owner.get(settle).content.decode()
    assert FollowUp.objects.get().settled_at is None
    dialog(owner, "appointment_settle_follow_up", appointment.pk)

    row = FollowUp.objects.get()
    assert row.settled_at is not None
    assert row.settled_by.role == "owner"
    record = AuditRecord.objects.get(action="follow_up_settled")
    assert record.entity_id == str(appointment.pk)
    assert NOTICE not in owner.get(page(appointment)).content.decode()
    assert "Отозванные согласия" not in owner.get(reverse("admin:index")).content.decode()


def test_what_nobody_opened_cannot_be_settled(service, client):
    appointment = make_appointment(service=service, client=client)
    with pytest.raises(NothingToFollowUp):
        wiring.settle_follow_up(appointment_id=appointment.pk, actor=Actor(user_id=None, role="system"))
    answer = dialog(signed_in_as("owner"), "appointment_settle_follow_up", appointment.pk)
    assert "Этим уже кто-то занялся." in answer.content.decode()


def test_a_canceled_appointment_needs_no_more(service, client):
    appointment = make_appointment(service=service, client=client)
    withdraw(client)
    appointment.status = "canceled"
    appointment.save()
    assert "Отозванные согласия" not in signed_in_as("owner").get(reverse("admin:index")).content.decode()


def test_the_consent_given_anew_and_withdrawn_again_opens_another_task(service, client):
    appointment = make_appointment(service=service, client=client)
    withdraw(client)
    wiring.settle_follow_up(appointment_id=appointment.pk, actor=Actor(user_id=None, role="system"))
    identity.grant_consents(
        user_id=client.pk,
        grants=[("personal_data", CONSENT_VERSION)],
        channel="web",
        evidence={"ip": "192.0.2.1"},
        at=datetime.now(UTC),
    )
    withdraw(client)
    assert FollowUp.objects.filter(settled_at=None).count() == 1
