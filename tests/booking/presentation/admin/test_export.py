"""Files that leave the workspace: headings for people, harmless cells, the list's filters, the audit log."""

import csv
import io
from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from apps.booking.models import OutcomeRecord
from apps.kernel.presentation.admin.table_files import neutral
from tests.booking.factories import make_appointment, make_client, make_service, make_specialist, next_monday
from tests.booking.presentation.admin.pages import audited, signed_in_as, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return signed_in_as("owner")


def sheet(response) -> list[tuple]:
    assert response["Content-Type"].startswith("application/vnd.openxml")
    return list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def exported(browser, model: str, file_format: str, query: str = ""):
    return browser.post(url(f"{model}_export") + query, {"file_format": file_format})


@pytest.mark.parametrize("text", ["=1+1", "+7916", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_neutralised(text):
    assert neutral(text).startswith("'")
    assert neutral(f"a{text}") == f"a{text}"


def test_numbers_stay_numbers_and_unprintable_letters_go():
    assert neutral(-5) == -5
    assert neutral("a\x00\x1fb") == "ab"
    assert neutral("\x00=1") == "'=1"


class TestAppointments:
    def test_have_russian_headings_local_times_and_roubles(self, owner):
        specialist = make_specialist(time_zone="Asia/Yekaterinburg")
        client = make_client(display_name="=HYPERLINK(1)", phone="+79161234567")
        appointment = make_appointment(
            service=make_service(specialist, name="@Встреча", price_minor=450_050),
            client=client,
            start=next_monday(12),
        )
        headings, row = sheet(exported(owner, "appointment", "xlsx", "?tab=all"))
        cells = dict(zip(headings, row, strict=True))
        assert cells["Начало"] == datetime.combine(cells["Начало"].date(), datetime.min.time()).replace(
            hour=14
        )
        assert cells["Часовой пояс"] == "Asia/Yekaterinburg"
        assert cells["Клиент"] == "'=HYPERLINK(1)"
        assert cells["Телефон клиента"] == "'+79161234567"
        assert cells["Услуга"] == "'@Встреча"
        assert Decimal(str(cells["Цена, рублей"])) == Decimal("4500.5")
        assert cells["Номер"] == str(appointment.pk)

    def test_carry_nothing_told_in_confidence(self, owner):
        appointment = make_appointment(status="completed")
        OutcomeRecord.objects.create(
            appointment=appointment,
            client=appointment.client,
            session_start=appointment.start,
            outcome="attended",
            recorded_at=appointment.start,
            notes="тревога по ночам",
        )
        response = exported(owner, "appointment", "csv", "?tab=all")
        assert len(table(response)) == 2
        assert "тревога" not in response.content.decode()

    def test_are_those_that_the_filters_show_and_are_audited(self, owner):
        service = make_service()
        make_appointment(service=service, start=next_monday(12))
        make_appointment(service=service, start=next_monday(15), status="canceled")
        whole = table(exported(owner, "appointment", "csv", "?tab=all"))
        part = table(exported(owner, "appointment", "csv", "?tab=all&status__exact=confirmed"))
        assert (len(whole), len(part)) == (3, 2)
        assert audited("data_exported")[-1].changes == {
            "count": [None, 1],
            "format": [None, "csv"],
            "filters": [None, {"status__exact": "confirmed", "tab": "all"}],
        }

    def test_search_words_never_reach_the_audit_log(self, owner):
        make_appointment(client=make_client(display_name="Вера Новикова"))
        exported(owner, "appointment", "csv", "?tab=all&q=Новикова")
        assert audited("data_exported")[0].changes["filters"] == [None, {"q": "…", "tab": "all"}]

    def test_may_be_taken_by_an_assistant_but_by_no_editor(self):
        make_appointment()
        assert exported(signed_in_as("assistant"), "appointment", "csv").status_code == 200
        assert exported(signed_in_as("editor"), "appointment", "csv").status_code == 403
        assert len(audited("data_exported")) == 1


class TestServices:
    def test_have_the_headings_that_import_reads(self, owner):
        make_service(name="=1", slug="first", price_minor=450_000, deposit_minor=100_050)
        headings, row = table(exported(owner, "service", "csv"))
        cells = dict(zip(headings, row, strict=True))
        assert cells["Адрес в ссылках"] == "first"
        assert cells["Название для клиентов"] == "'=1"
        assert (cells["Цена, рублей"], cells["Предоплата, рублей"]) == ("4500,00", "1000,50")
        assert (cells["Статус"], cells["Формат"], cells["Версия"]) == ("опубликована", "онлайн", "1")

    def test_respect_the_filters_of_the_list(self, owner):
        service = make_service(status="draft")
        make_service(service.specialist)
        assert len(table(exported(owner, "service", "csv", "?status__exact=draft"))) == 2

    def test_are_not_taken_by_those_who_only_read_them(self):
        make_service()
        assistant = signed_in_as("assistant")
        assert assistant.get(url("service_export")).status_code == 403
        assert exported(assistant, "service", "csv").status_code == 403
        assert "Экспорт" not in assistant.get(url("service_changelist")).content.decode()
        assert not audited("data_exported")

    def test_are_not_taken_by_opening_the_page(self, owner):
        make_service()
        page = owner.get(url("service_export")).content.decode()
        assert "В файл попадёт 1 строка" in page
        assert not audited("data_exported")

    def test_with_filters_that_make_no_sense_lead_back_to_the_list(self, owner):
        response = exported(owner, "service", "csv", "?nonsense=1")
        assert response.url == url("service_changelist")
        assert not audited("data_exported")

    def test_in_an_unknown_format_are_refused(self, owner):
        response = exported(owner, "service", "exe")
        assert response.context["form"].errors["file_format"]
        assert not audited("data_exported")


def test_an_empty_list_gives_headings_alone(owner):
    assert len(sheet(exported(owner, "service", "xlsx"))) == 1
