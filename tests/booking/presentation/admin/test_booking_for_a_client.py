"""The specialist books for a client: known or new, errors at the fields, nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest

from apps.booking.models import Appointment
from apps.identity.infrastructure.models import Consent, User
from tests.booking.factories import (
    consented_client,
    make_appointment,
    make_client,
    make_hours,
    make_service,
    make_specialist,
    next_monday,
    publish_personal_data_consent,
)
from tests.booking.presentation.admin.pages import said, signed_in_as, url

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def owner():
    return signed_in_as("owner")


@pytest.fixture
def service():
    specialist = make_specialist()
    make_hours(specialist)
    return make_service(specialist, name="Первая консультация", slug="first")


def book(browser, **fields: Any) -> Any:
    data = {
        "_form_submitted": "True",
        "kind": "known",
        "service": "first",
        "meeting_format": "online",
        "start": next_monday(12).isoformat(),
        **fields,
    }
    return browser.post(url("appointment_book"), data, **HTMX)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    assert "HX-Redirect" not in response.headers
    return dict(response.context["form"].errors)


class TestAKnownClient:
    def test_is_booked_and_the_appointment_opens(self, owner, service):
        client = consented_client(display_name="Анна Ким", time_zone="Asia/Omsk")
        response = book(owner, client=client.pk)
        appointment = Appointment.objects.get()
        assert response.headers["HX-Redirect"] == url("appointment_change", appointment.pk)
        assert said(owner.get(response.headers["HX-Redirect"])) == "Запись создана: ждёт оплаты."
        assert appointment.client == client
        assert (appointment.start, appointment.time_zone) == (next_monday(12), "Asia/Omsk")
        assert appointment.entry_point == "admin"

    def test_is_found_by_name_or_contact(self, owner):
        make_client(display_name="Анна Ким", email="kim@example.org")
        make_client(display_name="Борис Лес")
        for term in ("анна", "Kim@example.org"):
            page = owner.get(url("appointment_clients"), {"term": term}).content.decode()
            assert "Анна Ким" in page
            assert "Борис" not in page
        assert "Никого не нашли" in owner.get(url("appointment_clients"), {"term": "никто"}).content.decode()
        assert owner.get(url("appointment_clients"), {"term": "а"}).content == b""

    def test_has_to_be_chosen(self, owner, service):
        assert set(errors(book(owner))) == {"client"}
        assert set(errors(book(owner, client="nonsense"))) == {"client"}
        assert not Appointment.objects.exists()

    def test_without_a_consent_is_refused_at_that_field(self, owner, service):
        publish_personal_data_consent()
        client = make_client()
        response = book(owner, client=client.pk)
        assert set(errors(response)) == {"consent"}
        assert str(client) in response.content.decode()
        assert not Appointment.objects.exists()


class TestANewClient:
    def test_is_created_with_a_consent_on_paper(self, owner, service):
        publish_personal_data_consent()
        response = book(
            owner,
            kind="new",
            name="Вера Новая",
            phone="8 916 123-45-67",
            consent="on",
            ground="бланк от 12.12.2026",
        )
        assert "HX-Redirect" in response.headers, errors(response)
        client = User.objects.get(phone="+79161234567")
        assert client.display_name == "Вера Новая"
        consent = Consent.objects.get(user=client)
        assert consent.channel == "staff"
        assert consent.evidence["ground"] == "бланк от 12.12.2026"
        assert Appointment.objects.get().client == client

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": "", "email": "v@example.org"}, "name"),
            ({"name": "Вера"}, "email"),
            ({"name": "Вера", "email": "не почта"}, "email"),
            ({"name": "Вера", "phone": "12"}, "phone"),
            ({"name": "Вера", "email": "v@example.org", "consent": "on"}, "ground"),
            ({"name": "Вера", "email": "v@example.org"}, "consent"),
            (
                {"name": "Вера", "email": "v@example.org", "consent": "on", "ground": "бланк", "start": ""},
                "start",
            ),
            (
                {"name": "Вера", "email": "v@example.org", "consent": "on", "ground": "бланк", "service": ""},
                "service",
            ),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_nobody_is_created(self, owner, service, given, field):
        publish_personal_data_consent()
        before = User.objects.count()
        response = book(owner, kind="new", **given)
        assert set(errors(response)) == {field}
        assert User.objects.count() == before
        assert not Appointment.objects.exists()
        for value in given.values():
            if value and value != "on":
                assert value in response.content.decode()

    def test_a_contact_of_staff_is_refused_at_its_field(self, owner, service):
        publish_personal_data_consent()
        staff = User.objects.get(role="owner")
        response = book(owner, kind="new", name="Вера", email=staff.email, consent="on", ground="бланк")
        assert set(errors(response)) == {"email"}


class TestTheTime:
    @pytest.mark.parametrize(
        ("start", "words"),
        [
            (next_monday(12) - timedelta(weeks=9), "уже прошло"),
            (next_monday(9), "не принимает"),
            (next_monday(12, 7), "не начинаются"),
            (next_monday(12, weeks=20), "ещё не открыта"),
        ],
    )
    def test_that_is_not_offered_is_refused_at_the_field(self, owner, service, start, words):
        response = book(owner, client=consented_client().pk, start=start.isoformat())
        assert words in str(errors(response)["start"])

    def test_that_somebody_took_meanwhile_is_refused_at_the_field(self, owner, service):
        make_appointment(service=service, start=next_monday(12))
        response = book(owner, client=consented_client().pk)
        assert set(errors(response)) == {"start"}
        assert Appointment.objects.count() == 1

    def test_is_chosen_among_the_free_ones(self, owner, service):
        make_appointment(service=service, start=next_monday(12))
        page = owner.get(
            url("appointment_slots"), {"service": "first", "from_day": next_monday().date().isoformat()}
        ).content.decode()
        assert f'value="{next_monday(15).isoformat()}"' in page
        assert f'value="{next_monday(12).isoformat()}"' not in page

    @pytest.mark.parametrize("day", ["", "вчера", "0001-01-01", "9999-12-31", "\0"])
    def test_days_that_are_none_do_no_harm(self, owner, service, day):
        assert owner.get(url("appointment_slots"), {"service": "first", "from_day": day}).status_code == 200

    def test_an_unknown_service_is_told(self, owner):
        page = owner.get(url("appointment_slots"), {"service": "nothing\0"}).content.decode()
        assert "Такой услуги нет" in page

    def test_a_link_prefills_the_dialog(self, owner, service):
        query = {
            "service": "first",
            "from_day": next_monday().date().isoformat(),
            "start": next_monday(12).isoformat(),
        }
        page = owner.get(url("appointment_book"), query, **HTMX).content.decode()
        assert f'value="{next_monday(12).isoformat()}" checked' in page


class TestWhoMay:
    @pytest.mark.parametrize("page", ["book", "slots", "clients"])
    def test_the_editor_may_not(self, page):
        assert signed_in_as("editor").get(url(f"appointment_{page}")).status_code == 403

    def test_the_assistant_may(self, service):
        assistant = signed_in_as("assistant")
        response = book(assistant, client=consented_client().pk)
        assert "HX-Redirect" in response.headers
