"""Tables that come in: looked at first, refused row by row with reasons, saved whole or not at all."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from apps.booking.models import DateOverride, Service
from tests.booking.factories import (
    make_appointment,
    make_hours,
    make_intake_template,
    make_override,
    make_service,
    make_specialist,
    next_monday,
)
from tests.booking.presentation.admin.pages import audited, columns, said, signed_in_as, url

pytestmark = pytest.mark.django_db

MOSCOW = ZoneInfo("Europe/Moscow")
NEW_SERVICE = {
    "Адрес в ссылках": "couple",
    "Название для клиентов": "Встреча для пары",
    "Цена, рублей": "8000",
}


@pytest.fixture
def owner():
    return signed_in_as("owner")


def as_csv(*rows: dict[str, str]) -> bytes:
    headings = list(rows[0])
    lines = [headings, *([row[heading] for heading in headings] for row in rows)]
    return "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines).encode("utf-8-sig")


def as_xlsx(*rows: dict[str, object]) -> bytes:
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(browser, content: bytes, model: str = "service", name: str = "table.csv"):
    return browser.post(url(f"{model}_import"), {"table": SimpleUploadedFile(name, content)})


def confirm(browser, response, model: str = "service"):
    return browser.post(url(f"{model}_import"), {"seal": response.context["token"]}, follow=True)


def kinds(response) -> list[str]:
    return [row.kind for row in response.context["plan"].rows]


def reasons(response) -> list[tuple[str, str]]:
    return [error for row in response.context["plan"].rows for error in row.errors]


def refused(response) -> str:
    assert response.context["plan"] is None
    return response.context["form"].errors["table"][0]


def in_days(days: int) -> date:
    return datetime.now(MOSCOW).date() + timedelta(days=days)


class TestServices:
    @pytest.mark.parametrize("write", [as_csv, as_xlsx])
    def test_are_shown_first_and_saved_when_confirmed(self, owner, write):
        specialist = make_specialist()
        shown = upload(owner, write(NEW_SERVICE))
        assert kinds(shown) == ["new"]
        assert not Service.objects.exists()
        assert "Сохранена 1 строка" in said(confirm(owner, shown))
        service = Service.objects.get(slug="couple")
        assert (service.status, service.price_minor, service.specialist) == ("draft", 800_000, specialist)
        assert audited("data_imported")[0].changes == {"count": [None, 1]}
        assert len(audited("service_created")) == 1

    def test_change_only_the_columns_of_the_file(self, owner):
        service = make_service(slug="first", name="Первая", price_minor=450_000, deposit_minor=100_000)
        row = {"Адрес в ссылках": "first", "Цена, рублей": "5 000,50 ₽", "Предоплата, рублей": ""}
        shown = upload(owner, as_csv(row))
        [plan] = shown.context["plan"].rows
        assert plan.details == [
            {"field": "Цена", "old": "4\xa0500\xa0₽", "new": "5\xa0000,50\xa0₽"},
            {"field": "Предоплата", "old": "1\xa0000\xa0₽", "new": "—"},
        ]
        confirm(owner, shown)
        service.refresh_from_db()
        assert (service.name, service.price_minor, service.deposit_minor) == ("Первая", 500_050, None)
        assert service.status == "published"

    def test_an_export_comes_back_in_unchanged(self, owner):
        make_service(
            name="=хитрое имя",
            description="Две\nстроки",
            format="hybrid",
            address="Москва",
            intake_template=make_intake_template(),
            requires_confirmation=True,
            daily_limit=3,
        )
        for file_format in ("csv", "xlsx"):
            content = owner.post(url("service_export"), {"file_format": file_format}).content
            shown = upload(owner, content)
            assert (reasons(shown), kinds(shown)) == ([], ["same"])

    @pytest.mark.parametrize(
        ("cells", "column", "words"),
        [
            ({"Цена, рублей": "дорого"}, "Цена, рублей", "Введите число"),
            ({"Цена, рублей": "-5"}, "Цена, рублей", "больше либо равно"),
            ({"Предоплата, рублей": "9000"}, "Предоплата, рублей", "Предоплата"),
            ({"Длительность, минут": "0"}, "Длительность, минут", "Встреча длится"),
            ({"Длительность, минут": "пятьдесят"}, "Длительность, минут", "Введите целое"),
            ({"Формат": "по телефону"}, "Формат", "Напишите одно из: онлайн"),
            ({"Формат": "очно"}, "Адрес", "нужен адрес"),
            (
                {"Каждую запись подтверждает специалист": "может"},
                "Каждую запись подтверждает специалист",
                "«да»",
            ),
            ({"Анкета": "нет такой"}, "Анкета", "Анкеты с таким названием нет"),
            ({"Специалист": "Кто-то"}, "Специалист", "Специалиста с таким именем нет"),
            ({"Адрес в ссылках": "Пара"}, "Адрес в ссылках", ""),
            ({"Название для клиентов": ""}, "Название для клиентов", "Обязательное поле"),
            ({"Название для клиентов": "=cmd|calc"}, "Название для клиентов", "формула"),
        ],
    )
    def test_are_refused_at_the_column_and_none_is_saved(self, owner, cells, column, words):
        make_specialist()
        good = NEW_SERVICE | {"Адрес в ссылках": "good"} | dict.fromkeys(cells, "")
        if "Название для клиентов" in cells:
            good["Название для клиентов"] = "Хорошая"
        defaults = {"Цена, рублей": "1", "Длительность, минут": "50", "Формат": "онлайн"}
        for name in cells.keys() & defaults.keys():
            good[name] = defaults[name]
        if "Адрес в ссылках" in cells:
            good["Адрес в ссылках"] = "good"
        if "Специалист" in cells:
            good["Специалист"] = "Анна Орлова"
        shown = upload(owner, as_csv(good, NEW_SERVICE | cells))
        assert [found for found, _reason in reasons(shown)] == [column]
        assert words in reasons(shown)[0][1]
        assert kinds(shown) == ["new", "error"]
        confirm(owner, shown)
        assert not Service.objects.exists()
        assert not audited("data_imported")

    def test_that_stand_in_the_file_twice_are_refused(self, owner):
        make_specialist()
        shown = upload(owner, as_csv(NEW_SERVICE, NEW_SERVICE))
        assert reasons(shown) == [("Адрес в ссылках", "Эта услуга стоит в файле дважды.")]

    def test_of_an_older_version_are_refused(self, owner):
        make_service(slug="first", version=3)
        shown = upload(owner, as_csv({"Адрес в ссылках": "first", "Цена, рублей": "1", "Версия": "2"}))
        assert "изменил" in reasons(shown)[0][1]

    def test_changed_between_the_look_and_the_saving_are_not_overwritten(self, owner):
        service = make_service(slug="first", price_minor=450_000)
        shown = upload(owner, as_csv({"Адрес в ссылках": "first", "Цена, рублей": "1", "Версия": "1"}))
        Service.objects.filter(pk=service.pk).update(version=2, price_minor=700_000)
        after = confirm(owner, shown)
        assert "изменил" in reasons(after)[0][1]
        service.refresh_from_db()
        assert service.price_minor == 700_000

    def test_with_headings_that_do_not_fit_are_refused(self, owner):
        assert "Неизвестный заголовок «Стоимость»" in refused(
            upload(owner, as_csv({"Адрес в ссылках": "a", "Стоимость": "1"}))
        )
        assert "Нет столбца «Адрес в ссылках»" in refused(upload(owner, as_csv({"Цена, рублей": "1"})))

    def test_more_than_a_practice_has_are_refused(self, owner):
        rows = [NEW_SERVICE | {"Адрес в ссылках": f"s-{number}"} for number in range(301)]
        assert "не больше 300 строк" in refused(upload(owner, as_csv(*rows)))


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "пуст"),
            (b"x" * (2 * 1024 * 1024 + 1), "не больше 2 МБ"),
            (b"PK\x03\x04", "не удалось прочитать"),
            (b"\xd0\xcf\x11\xe0", "старый формат Excel"),
            ("Цена".encode("utf-16"), "пустая"),
            (bytes(range(256)), "разобрать буквы"),
        ],
    )
    def test_are_refused_with_words_and_nothing_is_saved(self, owner, content, words):
        assert words in refused(upload(owner, content))
        assert not Service.objects.exists()

    def test_a_missing_file_is_told(self, owner):
        response = owner.post(url("service_import"), {})
        assert response.context["form"].errors["table"] == ["Обязательное поле."]

    def test_a_forged_or_foreign_confirmation_is_refused(self, owner):
        make_specialist()
        shown = upload(signed_in_as("owner"), as_csv(NEW_SERVICE))
        for token in ("", "forged", shown.context["token"], shown.context["token"][:-1] + "x"):
            response = owner.post(url("service_import"), {"seal": token}, follow=True)
            assert "Проверка файла устарела" in said(response)
        assert not Service.objects.exists()

    def test_names_with_markup_are_shown_as_text(self, owner):
        make_specialist()
        row = NEW_SERVICE | {"Название для клиентов": "<script>alert(1)</script>"}
        assert "<script>alert(1)" not in upload(owner, as_csv(row)).content.decode()


class TestDates:
    HEADINGS = ("Дата", "Что", "С", "До", "Заметка")

    def row(self, *cells: object) -> dict[str, object]:
        return dict(zip(self.HEADINGS, cells, strict=True))

    @pytest.fixture
    def specialist(self):
        specialist = make_specialist()
        make_hours(specialist)
        return specialist

    @pytest.mark.parametrize("write", [as_csv, as_xlsx])
    def test_are_shown_first_and_saved_when_confirmed(self, owner, specialist, write):
        kept = make_override(specialist, day=in_days(40))
        rows = [
            self.row(f"{in_days(10):%d.%m.%Y}", "выходной", "", "", "отпуск"),
            self.row(f"{in_days(11):%d.%m.%Y}", "Дополнительные часы", "20:00", "24:00", ""),
        ]
        shown = upload(owner, write(*rows), "dateoverride")
        assert kinds(shown) == ["new", "new"]
        assert DateOverride.objects.count() == 1
        assert "Сохранены 2 строки" in said(confirm(owner, shown, "dateoverride"))
        added = list(DateOverride.objects.order_by("date").values_list("date", "kind", "end_minute"))
        assert added == [
            (in_days(10), "day_off", None),
            (in_days(11), "extra_hours", 1440),
            (kept.date, "day_off", None),
        ]
        assert len(audited("schedule_changed")) == 1

    def test_known_ones_are_changed_or_left(self, owner, specialist):
        make_override(specialist, day=in_days(5), kind="time_off", start_minute=600, end_minute=660)
        make_override(specialist, day=in_days(6))
        rows = [
            self.row(in_days(5).isoformat(), "перерыв", "10:00", "12:00", ""),
            self.row(in_days(6).isoformat(), "выходной", "", "", ""),
        ]
        shown = upload(owner, as_csv(*rows), "dateoverride")
        assert kinds(shown) == ["changed", "same"]
        confirm(owner, shown, "dateoverride")
        assert DateOverride.objects.get(kind="time_off").end_minute == 720

    def test_real_dates_and_times_of_a_spreadsheet_are_understood(self, owner, specialist):
        when = datetime.combine(in_days(5), datetime.min.time())
        shown = upload(
            owner,
            as_xlsx(
                self.row(when, "перерыв", when.replace(hour=10).time(), when.replace(hour=11).time(), None)
            ),
            "dateoverride",
        )
        assert reasons(shown) == []

    @pytest.mark.parametrize(
        ("cells", "column", "words"),
        [
            (("вчера", "выходной", "", "", ""), "Дата", "правильную дату"),
            (("01.01.2020", "выходной", "", "", ""), "Дата", "уже прошла"),
            (("", "выходной", "", "", "x"), "Дата", "Обязательное поле"),
            (("31.12.2099", "отпуск", "", "", ""), "Что", "Напишите одно из"),
            (("31.12.2099", "перерыв", "", "", ""), "С", "нужны начало и конец"),
            (("31.12.2099", "перерыв", "15:00", "14:00", ""), "С", "раньше"),
            (("31.12.2099", "перерыв", "25:00", "26:00", ""), "С", "Напишите время"),
            (("31.12.2099", "выходной", "", "", "=1+1"), "Заметка", "формула"),
        ],
    )
    def test_are_refused_at_the_column_and_none_is_saved(self, owner, specialist, cells, column, words):
        good = self.row(f"{in_days(10):%d.%m.%Y}", "выходной", "", "", "")
        shown = upload(owner, as_csv(good, self.row(*cells)), "dateoverride")
        assert reasons(shown)[0][0] == column
        assert words in reasons(shown)[0][1]
        confirm(owner, shown, "dateoverride")
        assert not DateOverride.objects.exists()

    def test_show_the_appointments_in_the_way_and_keep_them(self, owner, specialist):
        appointment = make_appointment(service=make_service(specialist), start=next_monday(12))
        day = appointment.start.astimezone(MOSCOW).date()
        shown = upload(owner, as_csv(self.row(day.isoformat(), "выходной", "", "", "")), "dateoverride")
        assert [each["id"] for each in shown.context["plan"].touched] == [str(appointment.pk)]
        assert "Сохранить всё равно" in shown.content.decode()
        before = columns(appointment)
        confirm(owner, shown, "dateoverride")
        assert DateOverride.objects.exists()
        assert columns(appointment) == before

    def test_ask_again_when_an_appointment_came_in_the_way_meanwhile(self, owner, specialist):
        service = make_service(specialist)
        day = next_monday(12).astimezone(MOSCOW).date()
        shown = upload(owner, as_csv(self.row(day.isoformat(), "выходной", "", "", "")), "dateoverride")
        make_appointment(service=service, start=next_monday(12))
        again = confirm(owner, shown, "dateoverride")
        assert len(again.context["plan"].touched) == 1
        assert not DateOverride.objects.exists()

    def test_ask_again_when_the_schedule_was_changed_meanwhile(self, owner, specialist):
        row = self.row(in_days(10).isoformat(), "выходной", "", "", "")
        shown = upload(owner, as_csv(row), "dateoverride")
        make_override(specialist, day=in_days(20))
        confirm(owner, shown, "dateoverride")
        assert DateOverride.objects.count() == 1

    def test_an_export_comes_back_in_unchanged(self, owner, specialist):
        make_override(
            specialist, day=in_days(5), kind="time_off", start_minute=600, end_minute=1440, note="+7"
        )
        content = owner.post(url("dateoverride_export"), {"file_format": "xlsx"}).content
        shown = upload(owner, content, "dateoverride")
        assert (reasons(shown), kinds(shown)) == ([], ["same"])

    def test_of_several_specialists_need_a_name(self, owner, specialist):
        make_specialist(display_name="Яна Белова")
        row = self.row(in_days(5).isoformat(), "выходной", "", "", "")
        assert reasons(upload(owner, as_csv(row), "dateoverride"))[0][0] == "Специалист"
        shown = upload(owner, as_csv(row | {"Специалист": "яна белова"}), "dateoverride")
        confirm(owner, shown, "dateoverride")
        assert DateOverride.objects.get().specialist.display_name == "Яна Белова"


class TestWhoMay:
    def test_an_assistant_imports_dates_but_no_services(self):
        make_specialist()
        assistant = signed_in_as("assistant")
        assert assistant.get(url("service_import")).status_code == 403
        assert upload(assistant, as_csv(NEW_SERVICE)).status_code == 403
        assert "Импорт" not in assistant.get(url("service_changelist")).content.decode()
        assert assistant.get(url("dateoverride_import")).status_code == 200

    def test_an_editor_imports_nothing(self):
        editor = signed_in_as("editor")
        assert editor.get(url("service_import")).status_code == 403
        assert editor.get(url("dateoverride_import")).status_code == 403
        assert editor.get(url("dateoverride_changelist")).status_code == 403
