"""The commands of an appointment: each dialog makes one change, or says at the field why not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.booking.models import Appointment, OutcomeRecord, TimelineEntry
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_hours,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.admin.pages import columns, said, signed_in_as, url

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def owner():
    return signed_in_as("owner", display_name="Анна Орлова")


@pytest.fixture
def service():
    specialist = make_specialist()
    make_hours(specialist)
    return make_service(specialist, name="Первая консультация", price_minor=450_000)


def in_the_past(service, hours: float = 1, **values: Any) -> Appointment:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)
    return make_appointment(service=service, start=start, **values)


def send(browser, command: str, appointment: Appointment, **fields: Any) -> Any:
    """Open a dialog, fill in ``fields`` and send it."""
    address = url(f"appointment_{command}", appointment.pk)
    form = browser.get(address, **HTMX).context["form"]
    seen = {"expected_version": form.initial.get("expected_version"), "_form_submitted": "True"}
    return browser.post(address, {**seen, **fields}, **HTMX)


def errors(response: Any) -> dict[str, list[str]]:
    """What the dialog refuses, by field; it answers with itself, not with a page to open."""
    assert response.status_code == 200
    assert "HX-Redirect" not in response.headers
    return dict(response.context["form"].errors)


def done(browser, response: Any) -> str:
    """What the next page tells after a dialog that succeeded."""
    assert "HX-Redirect" in response.headers, dict(response.context["form"].errors)
    return said(browser.get(response.headers["HX-Redirect"]))


class TestAccept:
    def test_a_paid_request_waits_for_payment(self, owner, service):
        request = make_appointment(service=service, status="requested")
        told = done(owner, send(owner, "accept", request))
        assert told == "Заявка принята: ждёт оплаты."
        assert columns(request)["status"] == "pending_payment"

    def test_the_dialog_says_what_will_happen(self, owner, service):
        request = make_appointment(service=service, status="requested", hold_length_minutes=1440)
        text = owner.get(url("appointment_accept", request.pk), **HTMX).content.decode()
        assert "Клиенту предложат оплатить 4\xa0500\xa0₽; время будет сохранено на 1\xa0д." in text

    def test_is_refused_when_nobody_answered_in_time(self, owner, service):
        request = make_appointment(service=service, status="requested")
        address = url("appointment_accept", request.pk)
        Appointment.objects.update(answer_due_at=datetime.now(UTC) - timedelta(minutes=1))
        before = columns(request)
        response = owner.post(address, {"expected_version": 1, "_form_submitted": "True"}, **HTMX)
        assert errors(response) == {"__all__": ["Срок ожидания истёк, время снова свободно."]}
        assert columns(request) == before


class TestDecline:
    def test_closes_the_request_and_frees_the_time(self, owner, service):
        request = make_appointment(service=service, status="requested")
        assert done(owner, send(owner, "decline", request)) == "Заявка отклонена."
        assert columns(request)["status"] == "declined"
        assert TimelineEntry.objects.get(appointment=request).actor.display_name == "Анна Орлова"

    def test_a_confirmed_appointment_cannot_be_declined(self, owner, service):
        appointment = make_appointment(service=service)
        before = columns(appointment)
        assert "состояние записи изменилось" in str(errors(send(owner, "decline", appointment)))
        assert columns(appointment) == before


class TestReschedule:
    def test_moves_to_a_free_time(self, owner, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        new = next_monday(15)
        told = done(owner, send(owner, "reschedule", appointment, start=new.isoformat()))
        assert told.startswith("Перенесено на ")
        assert columns(appointment)["start"] == new
        assert columns(appointment)["reschedule_count"] == 0

    def test_offers_the_times_of_the_day_without_the_one_it_has(self, owner, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        page = owner.get(url("appointment_reschedule", appointment.pk), **HTMX).content.decode()
        assert f'value="{next_monday(12, 30).isoformat()}"' in page
        assert f'value="{next_monday(12).isoformat()}"' not in page

    def test_a_taken_time_is_refused_at_the_field(self, owner, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        make_appointment(service=service, start=next_monday(15))
        before = columns(appointment)
        response = send(owner, "reschedule", appointment, start=next_monday(15).isoformat())
        assert errors(response) == {"start": ["Это время уже занято. Пожалуйста, выберите другое."]}
        assert columns(appointment) == before

    @pytest.mark.parametrize("start", ["", "завтра", "2026-13-45", "2027-01-11T12:00:00", "\0"])
    def test_nonsense_is_refused_at_the_field(self, owner, service, start):
        appointment = make_appointment(service=service, start=next_monday(12))
        response = send(owner, "reschedule", appointment, start=start)
        assert errors(response) == {"start": ["Выберите одно из свободных окон."]}

    def test_the_times_of_another_day_are_loaded(self, owner, service):
        appointment = make_appointment(service=service, start=next_monday(12))
        later = next_monday(12, weeks=3)
        page = owner.get(url("appointment_new_times", appointment.pk), {"from_day": later.date().isoformat()})
        assert f'value="{later.isoformat()}"' in page.content.decode()


class TestCancel:
    def test_shows_beforehand_what_has_to_be_given_back(self, owner, service):
        soon = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=18)
        appointment = make_appointment(service=service, start=soon)
        page = owner.get(url("appointment_cancel", appointment.pk), **HTMX).content.decode()
        assert "К возврату: 2\xa0250\xa0₽ (возвращается половина)." in page
        assert "К возврату: 4\xa0500\xa0₽ (возвращается вся сумма)." in page

    @pytest.mark.parametrize(("by", "refund"), [("client", 225_000), ("specialist", 450_000)])
    def test_gives_back_what_it_showed(self, owner, service, by, refund):
        soon = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=18)
        appointment = make_appointment(service=service, start=soon)
        told = done(owner, send(owner, "cancel", appointment, by=by, reason="health"))
        assert told.startswith("Запись отменена. К возврату: ")
        now = columns(appointment)
        assert (now["status"], now["refund_minor"]) == ("canceled", refund)
        assert OutcomeRecord.objects.get(appointment=appointment).reason == "health"

    def test_asks_who_cancels(self, owner, service):
        appointment = make_appointment(service=service)
        before = columns(appointment)
        assert set(errors(send(owner, "cancel", appointment, reason="none"))) == {"by"}
        assert columns(appointment) == before

    def test_a_second_cancellation_is_told(self, owner, service):
        appointment = make_appointment(service=service, status="canceled")
        response = send(owner, "cancel", appointment, by="client", reason="none")
        assert errors(response) == {"__all__": ["Запись уже отменена."]}


class TestOutsidePayment:
    def test_offers_what_is_due_and_confirms(self, owner, service):
        appointment = make_appointment(service=service, status="pending_payment")
        form = owner.get(url("appointment_record_payment", appointment.pk), **HTMX).context["form"]
        assert form.initial["amount"] == "4500"
        told = done(owner, send(owner, "record_payment", appointment, amount="4 500,00", method="cash"))
        assert told == "Оплата записана: 4\xa0500\xa0₽."
        now = columns(appointment)
        assert (now["status"], now["paid_minor"]) == ("confirmed", 450_000)

    @pytest.mark.parametrize("amount", ["1", "4500.01", "-1", "сто", "NaN", "4500.001", ""])
    def test_a_wrong_amount_is_refused_at_the_field(self, owner, service, amount):
        appointment = make_appointment(service=service, status="pending_payment")
        before = columns(appointment)
        response = send(owner, "record_payment", appointment, amount=amount, method="cash")
        assert set(errors(response)) == {"amount"}
        assert columns(appointment) == before


class TestOutcome:
    def test_closes_the_session_with_encrypted_notes(self, owner, service):
        appointment = in_the_past(service)
        told = done(
            owner,
            send(
                owner,
                "record_outcome",
                appointment,
                outcome="attended",
                reason="none",
                notes="Говорили о сне",
            ),
        )
        assert told == "Итог записан: состоялась."
        assert columns(appointment)["status"] == "completed"
        record = OutcomeRecord.objects.get(appointment=appointment)
        assert record.notes == "Говорили о сне"

    def test_notes_are_ciphertext_in_the_table(self, owner, service):
        from django.db import connection

        send(owner, "record_outcome", in_the_past(service), outcome="attended", reason="none", notes="Тайна")
        with connection.cursor() as cursor:
            cursor.execute("SELECT notes FROM booking_outcomerecord")
            assert "Тайна" not in cursor.fetchone()[0]

    def test_before_the_start_it_is_refused(self, owner, service):
        appointment = make_appointment(service=service)
        before = columns(appointment)
        response = send(owner, "record_outcome", appointment, outcome="attended", reason="none", notes="")
        assert "только после начала" in str(errors(response))
        assert columns(appointment) == before

    def test_moved_is_no_outcome_to_choose(self, owner, service):
        response = send(
            owner, "record_outcome", in_the_past(service), outcome="rescheduled", reason="none", notes=""
        )
        assert set(errors(response)) == {"outcome"}


class TestEveryDialog:
    COMMANDS = ("accept", "decline", "reschedule", "cancel", "record_payment", "record_outcome")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_opening_it_changes_nothing(self, owner, service, command):
        appointment = make_appointment(service=service)
        before = columns(appointment)
        assert owner.get(url(f"appointment_{command}", appointment.pk), **HTMX).status_code == 200
        assert columns(appointment) == before

    @pytest.mark.parametrize("command", COMMANDS)
    def test_is_told_when_somebody_else_was_faster(self, owner, service, command):
        """A dialog that was opened on an older version is not carried out."""
        status = {"accept": "requested", "decline": "requested", "record_payment": "pending_payment"}
        appointment = (
            in_the_past(service)
            if command == "record_outcome"
            else make_appointment(service=service, status=status.get(command, "confirmed"))
        )
        address = url(f"appointment_{command}", appointment.pk)
        owner.get(address, **HTMX)
        Appointment.objects.filter(pk=appointment.pk).update(version=2)
        before = columns(appointment)
        fields = {
            "reschedule": {"start": next_monday(16).isoformat()},
            "cancel": {"by": "client", "reason": "none"},
            "record_payment": {"amount": "4500", "method": "cash"},
            "record_outcome": {"outcome": "attended", "reason": "none", "notes": "остаётся в поле"},
        }.get(command, {})
        response = owner.post(address, {"expected_version": 1, "_form_submitted": "True", **fields}, **HTMX)
        assert errors(response) == {
            "__all__": [
                "Пока вы работали, эту запись изменил кто-то ещё. Обновите страницу и попробуйте снова."
            ]
        }
        assert columns(appointment) == before
        for value in fields.values():
            assert value in response.content.decode()

    @pytest.mark.parametrize("command", COMMANDS)
    def test_the_editor_may_not_open_it(self, service, command):
        appointment = make_appointment(service=service)
        response = signed_in_as("editor").get(url(f"appointment_{command}", appointment.pk))
        assert response.status_code == 403

    @pytest.mark.parametrize("command", COMMANDS)
    def test_an_unknown_appointment_is_not_found(self, owner, command):
        for id_ in ("00000000-0000-0000-0000-000000000000", "nonsense"):
            assert owner.get(f"/admin/booking/appointment/{id_}/{command}/").status_code == 404

    @pytest.mark.parametrize("command", COMMANDS)
    def test_it_is_a_page_of_its_own_without_scripts(self, owner, service, command):
        appointment = make_appointment(service=service)
        page = owner.get(url(f"appointment_{command}", appointment.pk)).content.decode()
        assert "<html" in page
        assert str(appointment.client) in page

    def test_the_assistant_may_run_the_day(self, service):
        request = make_appointment(service=service, status="requested", client=make_client())
        assistant = signed_in_as("assistant")
        assert done(assistant, send(assistant, "accept", request)) == "Заявка принята: ждёт оплаты."

    def test_what_is_no_longer_possible_offers_nothing_to_send(self, owner, service):
        appointment = make_appointment(service=service, status="canceled")
        page = owner.get(url("appointment_accept", appointment.pk), **HTMX).content.decode()
        assert "состояние записи изменилось" in page
        assert 'type="submit"' not in page
