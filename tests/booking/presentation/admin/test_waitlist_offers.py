"""Offering times from the workspace: the queue, an offer by hand and back again, the appointment's page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.booking.models import Appointment, WaitlistOffer, WaitlistRequest
from apps.identity.infrastructure.models import Consent, User
from tests.booking.factories import (
    consented_client,
    make_appointment,
    make_client,
    make_hours,
    make_offer,
    make_service,
    make_specialist,
    make_waitlist_request,
    next_monday,
    publish_personal_data_consent,
)
from tests.booking.presentation.admin.pages import audited, columns, dialog, said, signed_in_as, url

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
PAGE, LIST = "waitlistrequest_change", "waitlistrequest_changelist"


@pytest.fixture
def owner():
    return signed_in_as("owner")


@pytest.fixture
def service(db):
    publish_personal_data_consent()
    specialist = make_specialist()
    make_hours(specialist)
    return make_service(specialist, name="Первая консультация")


def offer(browser: Any, request: WaitlistRequest, **fields: Any) -> Any:
    data = {"_form_submitted": "True", "start": next_monday(12).isoformat(), "hours": 2, **fields}
    return browser.post(url("waitlistrequest_offer", request.pk), data, **HTMX)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    assert "HX-Redirect" not in response.headers
    return dict(response.context["form"].errors)


class TestTheQueue:
    def test_shows_what_is_kept_and_for_how_long(self, owner, service):
        make_offer(service=service, start=next_monday(12), keep=timedelta(hours=1, minutes=30, seconds=30))
        page = owner.get(url(LIST)).content.decode()
        assert "12:00" in page
        assert "держим ещё 1\xa0ч\xa030\xa0мин" in page

    def test_shows_no_offer_whose_deadline_has_passed(self, owner, service):
        make_offer(service=service, keep=-timedelta(minutes=1))
        assert "держим ещё" not in owner.get(url(LIST)).content.decode()

    def test_marks_no_freed_time_that_somebody_has_taken_since(self, owner, service):
        start = next_monday(12)
        make_waitlist_request(service=service, opening_start=start)
        assert "Освободилось: " in owner.get(url(LIST)).content.decode()
        taken = make_appointment(service=service, start=start)
        assert "Освободилось: " not in owner.get(url(LIST)).content.decode()
        Appointment.objects.filter(pk=taken.pk).update(status="canceled")
        assert "Освободилось: " in owner.get(url(LIST)).content.decode()

    def test_costs_the_same_statements_however_many_are_offered_a_time(self, owner, service):
        make_offer(service=service, start=next_monday(10))
        owner.get(url(LIST))
        with CaptureQueriesContext(connection) as few:
            owner.get(url(LIST))
        for number in range(1, 8):
            make_offer(service=service, start=next_monday(10) + timedelta(hours=number))
        with CaptureQueriesContext(connection) as many:
            owner.get(url(LIST))
        assert len(many) == len(few) <= 9


class TestOneRequest:
    def test_tells_its_place_and_that_nothing_is_offered(self, owner, service):
        make_waitlist_request(service=service, created_at=datetime.now(UTC) - timedelta(days=2))
        second = make_waitlist_request(service=service)
        page = owner.get(url(PAGE, second.pk)).content.decode()
        assert "№ 2 в очереди" in page
        assert "Сейчас ничего не предложено" in page
        assert "Раньше ничего не предлагали" in page

    def test_tells_whom_a_time_is_kept_for_and_until_when(self, owner, service):
        made = make_offer(service=service, keep=timedelta(hours=2, minutes=1))
        page = owner.get(url(PAGE, made.waitlist_request_id)).content.decode()
        assert "Вера" in page
        assert "ещё 2\xa0ч" in page
        assert url("appointment_change", made.appointment_id) in page
        assert "Отозвать предложение" in page
        assert "Предложить время…" not in page

    def test_tells_the_history_of_its_offers(self, owner, service):
        request = make_waitlist_request(service=service, client=make_client())
        for number, (status, appointment) in enumerate([("expired", "expired"), ("declined", "canceled")]):
            start = next_monday(12) + timedelta(hours=2 * number)
            make_offer(request=request, start=start, status=status, appointment_status=appointment)
        context = owner.get(url(PAGE, request.pk)).context
        assert sorted(str(each["name"]) for each in context["offers"]) == ["без ответа", "отказ"]

    def test_a_freed_time_nobody_can_be_written_about_asks_for_a_hand(self, owner, service):
        request = make_waitlist_request(
            service=service, preferred_contact="phone", contact="+79161234567", opening_start=next_monday(12)
        )
        page = owner.get(url(PAGE, request.pk)).content.decode()
        assert "Освободилось подходящее время" in page
        assert "предложите время вручную" in page

    def test_an_unknown_one_is_not_found(self, owner):
        assert owner.get(url(PAGE, "nonsense")).status_code == 404


class TestOfferingByHand:
    def test_keeps_the_time_and_writes_it_down(self, owner, service):
        request = make_waitlist_request(service=service)
        response = offer(owner, request, hours=5)
        assert "HX-Redirect" in response.headers, errors(response)
        assert "Предложено: " in said(owner.get(url(PAGE, request.pk)))
        made = WaitlistOffer.objects.get()
        kept = made.appointment
        assert (kept.status, kept.start, kept.entry_point) == ("pending_payment", next_monday(12), "waitlist")
        assert kept.hold_expires_at == made.expires_at == made.offered_at + timedelta(hours=5)
        request.refresh_from_db()
        assert (request.status, request.client) == ("offered", kept.client)
        assert made.offered_by == User.objects.get(role="owner")
        [record] = audited("waitlist_offer_made")
        assert record.entity_id == str(request.pk)
        assert request.contact not in str(columns(record))

    def test_a_guest_with_an_e_mail_gets_an_account_and_the_consent_they_gave(self, owner, service):
        request = make_waitlist_request(service=service, contact="vera@example.org")
        offer(owner, request)
        client = User.objects.get(email="vera@example.org")
        consent = Consent.objects.get(user=client)
        assert (consent.channel, consent.at) == ("web", request.created_at)
        assert consent.evidence == {"waitlist_request": str(request.pk)}

    def test_a_guest_with_a_phone_is_kept_a_time_too(self, owner, service):
        request = make_waitlist_request(service=service, preferred_contact="phone", contact="+79161234567")
        page = owner.get(url("waitlistrequest_offer", request.pk)).content.decode()
        assert "сообщите человеку о времени сами" in page
        offer(owner, request)
        assert Appointment.objects.get().client.phone == "+79161234567"

    def test_of_a_guest_with_a_telegram_name_an_address_or_phone_is_asked(self, owner, service):
        request = make_waitlist_request(
            service=service, preferred_contact="telegram", contact="@vera_example"
        )
        assert set(errors(offer(owner, request))) == {"email"}
        assert not WaitlistOffer.objects.exists()
        offer(owner, request, phone="8 916 123-45-67")
        assert Appointment.objects.get().client.phone == "+79161234567"

    def test_an_outdated_consent_has_to_be_given_anew_on_paper(self, owner, service):
        request = make_waitlist_request(service=service, consent_version="0.9")
        assert set(errors(offer(owner, request))) == {"consent"}
        assert not User.objects.filter(email=request.contact).exists()
        assert set(errors(offer(owner, request, consent="on"))) == {"ground"}
        response = offer(owner, request, consent="on", ground="бланк от 12.12.2026")
        assert "HX-Redirect" in response.headers, errors(response)
        consent = Consent.objects.get(user=Appointment.objects.get().client)
        assert (consent.channel, consent.evidence["ground"]) == ("staff", "бланк от 12.12.2026")

    def test_a_client_is_asked_for_nothing_more(self, owner, service):
        client = consented_client()
        request = make_waitlist_request(service=service, client=client)
        form = owner.get(url("waitlistrequest_offer", request.pk))
        assert set(form.context["form"].fields) - {"_form_submitted"} == {"from_day", "start", "hours"}

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"start": ""}, "start"),
            ({"start": next_monday(9).isoformat()}, "start"),
            ({"start": (next_monday(12) - timedelta(weeks=9)).isoformat()}, "start"),
            ({"hours": 0}, "hours"),
            ({"hours": 73}, "hours"),
            ({"hours": ""}, "hours"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(self, owner, service, fields, field):
        request = make_waitlist_request(service=service)
        assert set(errors(offer(owner, request, **fields))) == {field}
        assert not WaitlistOffer.objects.exists()

    def test_a_time_that_somebody_has_is_refused(self, owner, service):
        make_appointment(service=service, start=next_monday(12))
        assert set(errors(offer(owner, make_waitlist_request(service=service)))) == {"start"}

    def test_the_same_time_is_never_offered_twice(self, owner, service):
        made = make_offer(service=service, start=next_monday(12))
        dialog(owner, "waitlistrequest_withdraw", made.waitlist_request_id)
        assert "уже предлагали" in str(errors(offer(owner, made.waitlist_request))["start"])

    def test_a_second_one_waits_until_the_first_is_answered(self, owner, service):
        made = make_offer(service=service, start=next_monday(15))
        opened = owner.get(url("waitlistrequest_offer", made.waitlist_request_id)).content.decode()
        assert "уже держат время" in opened
        assert "уже держат время" in str(errors(offer(owner, made.waitlist_request)))
        assert WaitlistOffer.objects.count() == 1

    def test_a_closed_request_is_offered_nothing(self, owner, service):
        request = make_waitlist_request(service=service, status="closed")
        assert "уже закрыта" in owner.get(url("waitlistrequest_offer", request.pk)).content.decode()
        assert "уже закрыта" in str(errors(offer(owner, request)))


class TestWithdrawing:
    def test_lets_the_time_go_and_the_person_wait_on(self, owner, service):
        made = make_offer(service=service)
        assert "отозвано" in said(dialog(owner, "waitlistrequest_withdraw", made.waitlist_request_id))
        made.refresh_from_db()
        assert (made.status, made.appointment.status) == ("declined", "canceled")
        assert WaitlistRequest.objects.get().status == "new"
        assert len(audited("waitlist_offer_withdrawn")) == 1
        assert "Отозвано" in owner.get(url(PAGE, made.waitlist_request_id)).content.decode()

    def test_of_nothing_is_refused(self, owner, service):
        request = make_waitlist_request(service=service)
        before = columns(request)
        page = dialog(owner, "waitlistrequest_withdraw", request.pk).content.decode()
        assert "ничего не предложено" in page
        assert columns(request) == before

    @pytest.mark.parametrize("command", ["close", "booked"])
    def test_comes_with_the_end_of_a_request(self, owner, service, command):
        made = make_offer(service=service)
        dialog(owner, f"waitlistrequest_{command}", made.waitlist_request_id)
        made.refresh_from_db()
        assert (made.status, made.appointment.status) == ("declined", "canceled")


class TestTheAppointmentsPage:
    def test_says_that_the_time_is_offered_and_leads_to_the_request(self, owner, service):
        made = make_offer(service=service)
        page = owner.get(url("appointment_change", made.appointment_id)).content.decode()
        assert "Предложено из листа ожидания: клиент отвечает до" in page
        assert url(PAGE, made.waitlist_request_id) in page
        assert "лист ожидания" in page

    def test_of_an_ordinary_hold_says_nothing_of_the_sort(self, owner, service):
        row = make_appointment(service=service, status="pending_payment")
        page = owner.get(url("appointment_change", row.pk)).content.decode()
        assert "Предложено из листа ожидания" not in page

    def test_a_free_one_is_confirmed_at_the_clients_word(self, owner, service):
        type(service).objects.update(price_minor=0)
        service.refresh_from_db()
        made = make_offer(service=service, client=consented_client())
        page = owner.get(url("appointment_change", made.appointment_id)).content.decode()
        assert "ждёт ответа клиента" in page
        assert "record_payment" not in page
        dialog(owner, "appointment_accept_offer", made.appointment_id)
        assert Appointment.objects.get(pk=made.appointment_id).status == "confirmed"

    def test_without_their_consent_it_is_not(self, owner, service):
        type(service).objects.update(price_minor=0)
        service.refresh_from_db()
        made = make_offer(service=service)
        page = dialog(owner, "appointment_accept_offer", made.appointment_id).content.decode()
        assert "нет действующего согласия" in page
        assert Appointment.objects.get(pk=made.appointment_id).status == "pending_payment"

    def test_a_paid_one_is_not_offered_the_command(self, owner, service):
        made = make_offer(service=service)
        page = owner.get(url("appointment_change", made.appointment_id)).content.decode()
        assert "accept_offer" not in page
        assert "record_payment" in page


class TestWhoMay:
    def test_an_assistant_offers_too(self, service):
        request = make_waitlist_request(service=service)
        offer(signed_in_as("assistant"), request)
        assert WaitlistOffer.objects.get().offered_by.role == "assistant"

    def test_an_editor_neither_sees_nor_offers(self, service):
        editor, made = signed_in_as("editor"), make_offer(service=service)
        request = make_waitlist_request(service=service)
        assert offer(editor, request).status_code == 403
        assert dialog(editor, "waitlistrequest_withdraw", made.waitlist_request_id).status_code == 403
        assert WaitlistOffer.objects.count() == 1
