"""Services in the workspace: the list, the form, the commands, the history, who may."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.booking.models import Service
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_intake_template,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.admin.pages import (
    audited,
    columns,
    dialog,
    opened,
    said,
    signed_in_as,
    typed,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return signed_in_as("owner", display_name="Анна Орлова")


def refusals(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


class TestTheList:
    def test_shows_price_length_status_and_the_next_free_time(self, owner):
        make_service(name="Первая консультация", price_minor=500_000, deposit_minor=100_000)
        page = owner.get(url("service_changelist")).content.decode()
        assert "Первая консультация" in page
        assert "5\xa0000\xa0₽, предоплата 1\xa0000\xa0₽" in page
        assert "50\xa0мин" in page
        assert "опубликована" in page
        assert re.search(r"(сегодня|завтра), \d\d:\d\d", page)

    def test_says_when_there_is_no_free_time(self, owner):
        make_service(make_specialist())
        assert "свободных окон нет" in owner.get(url("service_changelist")).content.decode()

    def test_costs_the_same_statements_for_one_service_and_for_many(self, owner):
        service = make_service()
        owner.get(url("service_changelist"))
        with CaptureQueriesContext(connection) as few:
            owner.get(url("service_changelist"))
        for _ in range(12):
            make_service(service.specialist)
        make_appointment(service=service)
        with CaptureQueriesContext(connection) as many:
            owner.get(url("service_changelist"))
        assert len(many) == len(few) <= 12


class TestTheForm:
    def test_saves_what_was_entered_and_writes_history_and_audit(self, owner):
        service = make_service(price_minor=450_000)
        address = url("service_change", service.pk)
        data = opened(owner, address) | {"price": "5 000,50", "buffer_after_minutes": "15"}
        response = owner.post(address, data, follow=True)
        assert response.redirect_chain
        service.refresh_from_db()
        assert (service.price_minor, service.buffer_after_minutes, service.version) == (500_050, 15, 2)
        [record] = audited("service_changed")
        assert record.changes == {"price": ["4500.00", "5000.50"], "buffer_after_minutes": [10, 15]}
        assert record.role == "owner"
        assert service.history.first().history_user.display_name == "Анна Орлова"

    def test_adds_a_draft(self, owner):
        specialist = make_specialist()
        data = opened(owner, url("service_add")) | {
            "name": "Встреча для пары",
            "slug": "couple",
            "price": "8000",
            "deposit": "2000",
        }
        assert data["specialist"] == specialist.pk
        owner.post(url("service_add"), data)
        service = Service.objects.get(slug="couple")
        assert (service.status, service.price_minor, service.deposit_minor) == ("draft", 800_000, 200_000)
        assert len(audited("service_created")) == 1

    def test_takes_prices_up_to_a_million_and_no_more(self, owner):
        service = make_service()
        address = url("service_change", service.pk)
        owner.post(address, opened(owner, address) | {"price": "1 000 000", "deposit": "99999,99"})
        service.refresh_from_db()
        assert (service.price_minor, service.deposit_minor) == (100_000_000, 9_999_999)
        errors = refusals(owner.post(address, opened(owner, address) | {"price": "1000000.01"}))
        assert list(errors) == ["price"]

    def test_writes_nothing_when_nothing_was_changed(self, owner):
        service = make_service()
        address = url("service_change", service.pk)
        before = columns(service)
        owner.post(address, opened(owner, address))
        assert columns(service) == before
        assert not audited("service_changed")
        assert service.history.count() == 1

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"deposit": "6000"}, "deposit", "Предоплата"),
            ({"price": "-1"}, "price", "больше либо равно 0"),
            ({"price": "10,005"}, "price", "не более 2"),
            ({"price": "много"}, "price", "Введите число"),
            ({"price": "99999999"}, "price", ""),
            (
                {"cancel_free_hours": "1", "cancel_partial_hours": "5"},
                "cancel_free_hours",
                "Бесплатная отмена",
            ),
            ({"duration_minutes": "0"}, "duration_minutes", "Встреча длится"),
            ({"duration_minutes": "721"}, "duration_minutes", "Встреча длится"),
            ({"duration_minutes": "40000"}, "duration_minutes", ""),
            ({"buffer_before_minutes": "300"}, "buffer_before_minutes", "Перерыв"),
            ({"slot_step_minutes": "1"}, "slot_step_minutes", ""),
            ({"horizon_days": "400"}, "horizon_days", ""),
            ({"daily_limit": "0"}, "daily_limit", ""),
            ({"format": "offline", "address": " "}, "address", "нужен адрес"),
            ({"slug": "Первая встреча"}, "slug", ""),
            ({"slug": "UPPER"}, "slug", "Строчные латинские"),
            ({"name": ""}, "name", "Обязательное поле"),
            ({"name": "a\0b"}, "name", ""),
        ],
    )
    def test_refuses_at_the_field_and_changes_nothing(self, owner, changes, field, words):
        service = make_service(status="draft", price_minor=450_000)
        address = url("service_change", service.pk)
        before = columns(service)
        errors = refusals(owner.post(address, opened(owner, address) | changes))
        assert list(errors) == [field]
        assert words in errors[field][0]
        assert columns(service) == before
        assert not audited("service_changed")

    def test_refuses_an_address_in_links_that_is_taken(self, owner):
        make_service(slug="taken")
        service = make_service(status="draft", slug="free")
        address = url("service_change", service.pk)
        errors = refusals(owner.post(address, opened(owner, address) | {"slug": "taken"}))
        assert errors == {"slug": ["Такой адрес в ссылках уже есть у другой услуги."]}

    def test_keeps_the_address_in_links_of_a_published_service(self, owner):
        service = make_service(slug="known")
        address = url("service_change", service.pk)
        owner.post(address, opened(owner, address) | {"slug": "other", "name": "Другое имя"})
        service.refresh_from_db()
        assert (service.slug, service.name) == ("known", "Другое имя")

    def test_tells_of_a_stale_page_and_overwrites_nothing(self, owner):
        service = make_service(price_minor=450_000)
        address = url("service_change", service.pk)
        mine = opened(owner, address) | {"price": "1"}
        owner.post(address, opened(owner, address) | {"price": "7000"})
        errors = refusals(owner.post(address, mine))
        assert "изменил" in errors["__all__"][0]
        service.refresh_from_db()
        assert service.price_minor == 700_000

    def test_leaves_the_appointments_that_are_booked_at_the_old_price(self, owner):
        appointment = make_appointment(service=make_service(price_minor=450_000))
        address = url("service_change", appointment.service_id)
        owner.post(address, opened(owner, address) | {"price": "9000"})
        appointment.refresh_from_db()
        assert appointment.terms["price_minor"] == 450_000

    def test_offers_no_deleting(self, owner):
        service = make_service()
        assert owner.post(url("service_delete", service.pk), {"post": "yes"}).status_code == 403
        assert Service.objects.filter(pk=service.pk).exists()


class TestWhatThePageShows:
    def test_the_next_free_times_of_a_draft(self, owner):
        service = make_service(status="draft")
        days = owner.get(url("service_change", service.pk)).context["free_days"]
        assert len(days) == 5
        assert days[1]["times"][0] == "10:00"

    def test_the_history_in_words(self, owner):
        service = make_service(price_minor=450_000)
        template = make_intake_template()
        address = url("service_change", service.pk)
        changes = {"price": "5000", "min_notice_hours": "24", "requires_confirmation": "on"}
        owner.post(address, opened(owner, address) | changes | {"intake_template": template.pk})
        newest, first = owner.get(address).context["changes"]
        assert newest["who"] == "Анна Орлова"
        assert {row["field"]: (row["old"], row["new"]) for row in newest["rows"]} == {
            "Цена": ("4\xa0500\xa0₽", "5\xa0000\xa0₽"),
            "Запись не позднее чем за": ("12 часов", "24 часа"),
            "Каждую запись подтверждает специалист": ("нет", "да"),
            "Анкета": ("—", "Первая встреча"),
        }
        assert first["created"]

    def test_the_history_page_leads_to_it(self, owner):
        service = make_service()
        response = owner.get(url("service_history", service.pk))
        assert response.url == url("service_change", service.pk) + "#history"


class TestTheCommands:
    @pytest.mark.parametrize(
        ("before", "command", "after", "action"),
        [
            ("draft", "publish", "published", "service_published"),
            ("archived", "publish", "published", "service_published"),
            ("published", "return_to_draft", "draft", "service_returned_to_draft"),
            ("published", "archive", "archived", "service_archived"),
            ("draft", "archive", "archived", "service_archived"),
        ],
    )
    def test_move_a_service_and_are_audited(self, owner, before, command, after, action):
        service = make_service(status=before)
        response = dialog(owner, f"service_{command}", service.pk)
        assert "слуга" in said(response)
        service.refresh_from_db()
        assert (service.status, service.version) == (after, 2)
        assert audited(action)[0].changes == {"status": [before, after]}

    def test_are_refused_when_the_service_is_there_already(self, owner):
        service = make_service(status="published")
        before = columns(service)
        page = dialog(owner, "service_publish", service.pk).content.decode()
        assert "состояние услуги изменилось" in page
        assert columns(service) == before

    def test_do_nothing_on_opening_the_dialog(self, owner):
        service = make_service(status="draft")
        assert owner.get(url("service_publish", service.pk)).status_code == 200
        service.refresh_from_db()
        assert service.status == "draft"

    def test_are_offered_by_status(self, owner):
        page = owner.get(url("service_change", make_service(status="draft").pk)).content.decode()
        assert "Опубликовать" in page
        assert "Вернуть в черновики" not in page

    def test_archiving_leaves_appointments_alone(self, owner):
        appointment = make_appointment(start=next_monday(), client=make_client())
        dialog(owner, "service_archive", appointment.service_id)
        appointment.refresh_from_db()
        assert appointment.status == "confirmed"


class TestWhoMay:
    def test_an_assistant_reads_services_and_changes_none(self):
        assistant = signed_in_as("assistant")
        service = make_service(status="draft", price_minor=450_000, deposit_minor=100_000)
        page = assistant.get(url("service_change", service.pk)).content.decode()
        assert "4\xa0500\xa0₽" in page
        assert "Опубликовать" not in page
        assert assistant.post(url("service_change", service.pk), {"name": "x"}).status_code == 403
        assert assistant.get(url("service_add")).status_code == 403
        assert dialog(assistant, "service_publish", service.pk).status_code == 403
        service.refresh_from_db()
        assert service.status == "draft"

    def test_an_editor_and_a_guest_see_none(self, client):
        service = make_service()
        editor = signed_in_as("editor")
        for address in (url("service_changelist"), url("service_change", service.pk), url("service_export")):
            assert editor.get(address).status_code == 403
            assert client.get(address).status_code == 302


def test_an_untouched_form_sends_what_it_shows(owner):
    service = make_service(deposit_minor=150_050, price_minor=450_000)
    form = owner.get(url("service_change", service.pk)).context["adminform"].form
    assert (str(typed(form)["price"]), str(typed(form)["deposit"])) == ("4500", "1500.50")
