"""Each rule of the product removes what is beyond its term, and leaves what is still needed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.client_cabinet.infrastructure.models import DataExport, DestructionAct, ErasureRequest
from apps.identity.models import StaffInvitation
from apps.kernel.application.retention import Term, rule_of
from apps.kernel.infrastructure import retention
from apps.kernel.models import BackupRun
from apps.messaging.models import Message
from apps.payments.models import PaymentNotification
from tests.booking.factories import make_client, make_staff
from tests.messaging.rows import make_letter

pytestmark = pytest.mark.django_db


def ago(days: float):
    return timezone.now() - timedelta(days=days)


def left_by(code: str, model) -> set:
    retention.apply(rule_of(code), at=timezone.now())
    return set(model.objects.values_list("pk", flat=True))


class TestLetters:
    def test_go_ninety_days_after_they_were_due(self):
        make_letter(status="sent", due_at=ago(91))
        make_letter(status="skipped", due_at=ago(91))
        young = make_letter(status="sent", due_at=ago(89))
        assert left_by("letters", Message) == {young.pk}

    def test_about_a_session_yet_to_come_stay_lest_they_are_sent_again(self):
        letter = make_letter(status="sent", due_at=ago(200), start=ago(-3))
        make_letter(status="sent", due_at=ago(200), start=ago(91))
        assert left_by("letters", Message) == {letter.pk}

    def test_that_were_never_sent_stay_until_somebody_has_decided(self):
        letter = make_letter(status="planned", due_at=ago(200))
        assert left_by("letters", Message) == {letter.pk}


def test_notifications_of_the_provider_go_once_they_were_dealt_with():
    def received(days: float, *, heeded: bool = True) -> int:
        at = ago(days)
        row = PaymentNotification.objects.create(
            event="payment.succeeded", object_id="2d", received_at=at, heeded_at=at if heeded else None
        )
        return row.pk

    received(91)
    stay = {received(89), received(400, heeded=False)}
    assert left_by("payment_notifications", PaymentNotification) == stay


@pytest.mark.parametrize(
    ("code", "model", "values"),
    [
        pytest.param("wrong_passwords", AccessAttempt, {"failures_since_start": 1}, id="wrong passwords"),
        pytest.param("wrong_sign_ins", AccessFailureLog, {}, id="failed sign-ins"),
        pytest.param("sign_ins", AccessLog, {}, id="sign-ins"),
    ],
)
def test_logs_of_signing_in_go_after_ninety_days(code, model, values):
    for days in (91, 89):
        row = model.objects.create(
            username="somebody",
            ip_address="203.0.113.7",
            user_agent=str(days),
            path_info="/admin/login/",
            **values,
        )
        model.objects.filter(pk=row.pk).update(attempt_time=ago(days))
    retention.apply(rule_of(code), at=timezone.now())
    assert [row.user_agent for row in model.objects.all()] == ["89"]


def test_invitations_go_ninety_days_after_their_end():
    people = [make_staff("assistant"), make_staff("assistant")]
    rows = [
        StaffInvitation.objects.create(user=who, created_at=ago(days + 3), expires_at=ago(days))
        for who, days in zip(people, (91, 89), strict=True)
    ]
    assert left_by("staff_invitations", StaffInvitation) == {rows[1].pk}


def test_reports_of_backups_go_after_a_year():
    BackupRun.objects.create(finished_at=ago(367), seconds=1)
    young = BackupRun.objects.create(finished_at=ago(364), seconds=1)
    assert left_by("backup_runs", BackupRun) == {young.pk}


def act(days_beyond: float) -> DestructionAct:
    """An act so many days beyond (or within, when negative) the three years."""
    return DestructionAct.objects.create(
        person_id=uuid4(),
        scope="diaries",
        reason="own_wish",
        actor_role="client",
        destroyed=[],
        kept=[],
        key_destroyed=False,
        operator={},
        at=Term(years=3).before(timezone.now()) - timedelta(days=days_beyond),
    )


class TestActsOfDestruction:
    def test_go_after_three_years_with_the_requests_they_answered(self):
        old, young = act(1), act(-1)
        for each in (old, young):
            ErasureRequest.objects.create(
                person=make_client(),
                scope="diaries",
                confirmation_id=uuid4(),
                status="done",
                requested_at=each.at,
                act=each,
            )
        assert left_by("destruction_acts", DestructionAct) == {young.pk}
        assert [request.act_id for request in ErasureRequest.objects.all()] == [young.pk]

    def test_cannot_go_a_day_earlier(self):
        young = act(-1)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            young.delete()


def test_erasures_that_were_never_confirmed_go_after_ninety_days():
    def asked(days: float) -> ErasureRequest:
        return ErasureRequest.objects.create(
            person=make_client(),
            scope="diaries",
            confirmation_id=uuid4(),
            status="awaiting_code",
            requested_at=ago(days),
        )

    asked(91)
    young = asked(89)
    assert left_by("unproved_erasures", ErasureRequest) == {young.pk}


def test_notes_of_exports_go_after_ninety_days_but_never_one_that_can_be_fetched():
    def export(days: float, status: str, **values) -> DataExport:
        return DataExport.objects.create(
            client=make_client(), kind="archive", status=status, created_at=ago(days), **values
        )

    export(91, "expired")
    export(91, "failed", failure="defect")
    ready = {"build": uuid4(), "ready_at": ago(91), "expires_at": ago(-1), "size": 7}
    stay = {export(89, "expired").pk, export(91, "ready", **ready).pk, export(91, "requested").pk}
    assert left_by("data_exports", DataExport) == stay
