"""The list of appointments and the page of one."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from apps.booking.models import Appointment, IntakeForm, OutcomeRecord, TimelineEntry
from apps.kernel.domain.readings import READING
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_hours,
    make_intake_template,
    make_service,
    make_specialist,
    make_staff,
    next_monday,
)
from tests.booking.presentation.admin.pages import BACKEND, audited, signed_in_as, url

pytestmark = pytest.mark.django_db

LIST = "appointment_changelist"


@pytest.fixture
def owner():
    return signed_in_as("owner", display_name="Анна Орлова")


@pytest.fixture
def service():
    specialist = make_specialist()
    make_hours(specialist)
    return make_service(specialist, name="Первая консультация")


def at(**delta: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(**delta)


def shown(browser, **query: str) -> list[str]:
    """The clients of the list's rows, in order."""
    response = browser.get(url(LIST), query)
    assert response.status_code == 200
    return [str(row.client) for row in response.context["cl"].result_list]


def named(service, name: str, start: datetime, status: str = "confirmed", **values) -> Appointment:
    return make_appointment(
        service=service, client=make_client(display_name=name), start=start, status=status, **values
    )


class TestTabs:
    @pytest.fixture
    def everybody(self, service):
        named(service, "Вера", at(days=-5), "completed")
        named(service, "Надежда", at(days=-3))
        named(service, "Любовь", at(days=5))
        named(service, "Пётр", at(days=6), "requested")
        named(service, "Павел", at(days=7), "pending_payment")
        named(service, "Опоздавший", at(days=8), "pending_payment", hold_expires_at=at(minutes=-1))
        named(service, "Отменивший", at(days=9), "canceled")

    @pytest.mark.parametrize(
        ("tab", "clients"),
        [
            ("upcoming", ["Любовь", "Пётр", "Павел"]),
            ("answer", ["Пётр"]),
            ("payment", ["Павел"]),
            ("outcome", ["Надежда"]),
            ("past", ["Надежда", "Вера"]),
            ("all", ["Отменивший", "Опоздавший", "Павел", "Пётр", "Любовь", "Надежда", "Вера"]),
            ("nonsense", ["Отменивший", "Опоздавший", "Павел", "Пётр", "Любовь", "Надежда", "Вера"]),
        ],
    )
    def test_show_what_they_say(self, owner, everybody, tab, clients):
        assert shown(owner, tab=tab) == clients

    def test_today_is_the_specialists_today(self, owner):
        specialist = make_specialist(time_zone="Pacific/Kiritimati")
        service = make_service(specialist)
        zone_now = datetime.now(UTC) + timedelta(hours=14)
        midnight = zone_now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=14)
        named(service, "Рано утром", midnight)
        named(service, "Вчера поздно", midnight - timedelta(hours=1, minutes=30), "completed")
        assert shown(owner, tab="today") == ["Рано утром"]

    def test_say_how_many_wait(self, owner, everybody):
        page = owner.get(url(LIST)).content.decode()
        assert 'Ждут ответа<span class="ws-count">1</span>' in page
        assert 'Без итога<span class="ws-count">1</span>' in page

    def test_keep_the_search(self, owner, everybody):
        assert shown(owner, tab="upcoming", q="Любовь") == ["Любовь"]
        assert "?q=%D0%9B" in owner.get(url(LIST), {"q": "Любовь"}).content.decode()


class TestSearch:
    def test_finds_by_name_contact_service_and_id(self, owner, service):
        anna = make_appointment(
            service=service,
            client=make_client(display_name="Анна Ким", email="kim@example.org", phone="+79161234567"),
        )
        other = make_service(service.specialist, name="Семейная встреча")
        named(other, "Борис", next_monday(16))
        assert shown(owner, q="ким") == ["Анна Ким"]
        assert shown(owner, q=" KIM@example.org") == ["Анна Ким"]
        assert shown(owner, q="8 916 123-45-67") == ["Анна Ким"]
        assert shown(owner, q="kim@example") == []  # contacts are found as a whole
        assert shown(owner, q="семейная") == ["Борис"]
        assert shown(owner, q=str(anna.pk)) == ["Анна Ким"]
        assert shown(owner, q="никто") == []

    @pytest.mark.parametrize("term", ["\0", "%", "'; DROP TABLE", "_", "я" * 500])
    def test_bears_nonsense(self, owner, service, term):
        named(service, "Анна", next_monday())
        assert shown(owner, q=term) in ([], ["Анна"])


class TestFilters:
    def test_narrow_by_status_service_format_and_days(self, owner, service):
        named(service, "Анна", next_monday(12))
        hall = make_service(service.specialist, name="Очная", format="offline", address="Арбат, 1")
        named(hall, "Борис", next_monday(15, weeks=2), "requested")
        assert shown(owner, status__exact="requested") == ["Борис"]
        assert shown(owner, service=service.slug) == ["Анна"]
        assert shown(owner, meeting_format__exact="offline") == ["Борис"]
        monday = next_monday(0).date()
        assert shown(owner, start_to=f"{next_monday(12):%d.%m.%Y}") == ["Анна"]
        assert shown(owner, start_from=f"{monday + timedelta(days=7):%d.%m.%Y}") == ["Борис"]

    @pytest.mark.parametrize("day", ["32.13.2026", "9999-12-31", "0001-01-01", "вчера", "\0"])
    def test_bear_days_that_are_none(self, owner, service, day):
        named(service, "Анна", next_monday(12))
        assert shown(owner, start_from=day) == ["Анна"]


class TestRows:
    def test_show_the_time_by_the_specialists_clock(self, owner):
        specialist = make_specialist(time_zone="Asia/Yekaterinburg")
        named(make_service(specialist), "Анна", datetime(2031, 3, 3, 9, 0, tzinfo=UTC))
        assert "Пн, 3 марта 2031, 14:00" in owner.get(url(LIST)).content.decode()

    def test_show_an_overdue_hold_as_expired(self, owner, service):
        named(service, "Анна", next_monday(), "pending_payment", hold_expires_at=at(minutes=-1))
        page = owner.get(url(LIST)).content.decode()
        assert "ws-status-expired" in page
        assert "/record_payment/" not in page

    def test_offer_only_what_the_state_allows(self, owner, service):
        named(service, "Анна", next_monday(), "requested")
        page = owner.get(url(LIST)).content.decode()
        assert "/accept/" in page
        assert "/decline/" in page
        for other in ("/reschedule/", "/cancel/", "/record_payment/", "/record_outcome/"):
            assert other not in page

    def test_there_is_no_plain_form(self, owner, service):
        appointment = named(service, "Анна", next_monday())
        assert owner.get(url("appointment_add")).status_code == 403
        assert owner.get(url("appointment_delete", appointment.pk)).status_code == 403
        owner.post(url("appointment_change", appointment.pk), {"status": "canceled"})
        appointment.refresh_from_db()
        assert appointment.status == "confirmed"


class TestSpeed:
    PAGES = 5

    @pytest.fixture
    def many(self, service):
        client = make_client()
        first = make_appointment(service=service, client=client, status="completed", start=at(days=-1))
        values = {f.attname: getattr(first, f.attname) for f in Appointment._meta.concrete_fields}
        rows = []
        for number in range(1, 25 * self.PAGES):
            shift = timedelta(hours=2 * number)
            rows.append(
                Appointment(
                    **{
                        **values,
                        "id": uuid4(),
                        "start": first.start - shift,
                        "end": first.end - shift,
                        "blocked": type(first.blocked)(
                            first.blocked.lower - shift, first.blocked.upper - shift, "[)"
                        ),
                    }
                )
            )
        Appointment.objects.bulk_create(rows)

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"p": "3"},
            {"p": "5"},
            {"tab": "past", "p": "4"},
            {"tab": "today"},
            {"tab": "today", "q": "консультация"},
            {"q": "консультация", "p": "5"},
        ],
    )
    def test_at_most_eight_statements_whatever_the_page(self, owner, many, query):
        owner.get(url(LIST))  # the counts beside the pages of the sidebar are kept for half a minute
        with CaptureQueriesContext(connection) as queries:
            response = owner.get(url(LIST), query)
        assert response.status_code == 200
        assert len(queries) <= 8, "\n".join(each["sql"][:120] for each in queries)

    def test_pages_follow_each_other_without_gaps(self, owner, many):
        seen = []
        for page in range(1, self.PAGES + 1):
            seen += [row.pk for row in owner.get(url(LIST), {"p": page}).context["cl"].result_list]
        assert seen == list(Appointment.objects.order_by("-start", "id").values_list("pk", flat=True))

    def test_a_page_after_the_last_is_empty(self, owner, many):
        response = owner.get(url(LIST), {"p": 99})
        assert list(response.context["cl"].result_list) == []

    def test_large_tables_are_estimated(self, owner, many, monkeypatch):
        from apps.booking.infrastructure.queries import appointment_list

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE booking_appointment")
        monkeypatch.setattr(appointment_list, "COUNTED_EXACTLY", 10)
        with CaptureQueriesContext(connection) as queries:
            response = owner.get(url(LIST), {"p": 4})
        assert not any("COUNT(*)" in each["sql"] and "appointment" in each["sql"] for each in queries)
        assert len(list(response.context["cl"].result_list)) == 25


class TestThePage:
    def test_tells_who_what_when_in_both_zones(self, owner, service):
        appointment = named(service, "Анна Ким", next_monday(12), time_zone="Asia/Yekaterinburg")
        page = owner.get(url("appointment_change", appointment.pk)).content.decode()
        assert "Анна Ким" in page
        assert "12:00–12:50" in page
        assert "у клиента: 14:00–14:50 (Екатеринбург, UTC+5)" in page
        assert "https://meet.example.org/orlova" in page

    def test_tells_the_rules_in_words(self, owner, service):
        start = next_monday(12)
        appointment = named(service, "Анна", start)
        page = owner.get(url("appointment_change", appointment.pk)).content.decode()
        assert "Бесплатная отмена до " in page
        assert "Клиент может перенести встречу до " in page
        assert "ещё 2 раза" in page

    def test_tells_what_happened_and_who_did_it(self, owner, service):
        appointment = named(service, "Анна", next_monday())
        TimelineEntry.objects.create(
            appointment=appointment,
            event="OutsidePaymentRecorded",
            at=at(days=-1),
            actor=make_client(display_name="Мария Белова"),
            actor_role="assistant",
            data={"amount_minor": 450_050, "currency": "RUB", "method": "cash"},
        )
        page = owner.get(url("appointment_change", appointment.pk)).content.decode()
        assert "Записана оплата" in page
        assert "4\xa0500,50\xa0₽, наличные" in page
        assert "Мария Белова, ассистент" in page

    def test_costs_a_constant_number_of_statements(self, owner, service):
        appointment = named(service, "Анна", next_monday())
        owner.get(url("appointment_change", appointment.pk))
        with CaptureQueriesContext(connection) as few:
            owner.get(url("appointment_change", appointment.pk))
        for number in range(10):
            TimelineEntry.objects.create(
                appointment=appointment,
                event="HoldExtended",
                at=at(minutes=number),
                actor=make_client(),
                actor_role="client",
                data={"hold_expires_at": at(hours=1).isoformat()},
            )
            OutcomeRecord.objects.create(
                appointment=appointment,
                client=appointment.client,
                outcome="rescheduled",
                session_start=at(),
                recorded_at=at(),
            )
        with CaptureQueriesContext(connection) as many:
            owner.get(url("appointment_change", appointment.pk))
        assert len(many) == len(few) <= 13  # with open tasks and the panels of neighbours

    def test_shows_no_private_text(self, owner, service):
        appointment = named(service, "Анна", next_monday())
        OutcomeRecord.objects.create(
            appointment=appointment,
            client=appointment.client,
            outcome="attended",
            session_start=at(),
            recorded_at=at(),
            notes="Тайна",
        )
        with CaptureQueriesContext(connection) as queries:
            page = owner.get(url("appointment_change", appointment.pk)).content.decode()
        assert "Тайна" not in page
        assert "Прочитать заметки" in page
        assert audited(READING) == []
        assert not any('SELECT "booking_outcomerecord"."notes"' in each["sql"] for each in queries)

    def test_unknown_ids_are_not_found(self, owner):
        assert owner.get("/admin/booking/appointment/nonsense/change/").status_code == 404
        assert owner.get(url("appointment_change", uuid4())).status_code == 404

    def test_the_editor_may_not_see_it(self, service):
        appointment = named(service, "Анна", next_monday())
        assert signed_in_as("editor").get(url("appointment_change", appointment.pk)).status_code == 403


class TestPrivateTexts:
    @pytest.fixture
    def appointment(self, service):
        service.intake_template = make_intake_template()
        service.save()
        appointment = named(service, "Анна Ким", next_monday())
        IntakeForm.objects.create(
            appointment=appointment,
            client=appointment.client,
            questions=["Что вас привело?"],
            answers=["Плохо сплю"],
            updated_at=at(),
        )
        OutcomeRecord.objects.create(
            appointment=appointment,
            client=appointment.client,
            outcome="rescheduled",
            session_start=at(),
            recorded_at=at(),
            notes="Спокойнее",
        )
        return appointment

    @pytest.mark.parametrize(
        ("page", "kind", "text"),
        [("intake", "intake_form", "Плохо сплю"), ("notes", "session_notes", "Спокойнее")],
    )
    def test_is_shown_after_a_reason_and_each_reading_is_recorded(self, owner, appointment, page, kind, text):
        address = url(f"appointment_{page}", appointment.pk)
        for count in (1, 2):
            asked = owner.get(address).content.decode()
            assert text not in asked
            assert "просьбе клиента" in asked
            assert len(audited(READING)) == count - 1
            assert text in owner.post(address, {"reason": "supervision"}).content.decode()
        record = audited(READING)[0]
        assert (record.role, record.entity, record.entity_id) == ("owner", kind, str(appointment.pk))
        assert record.changes == {
            "reading_reason": [None, "supervision"],
            "client_id": [None, str(appointment.client_id)],
        }

    @pytest.mark.parametrize("page", ["intake", "notes"])
    @pytest.mark.parametrize("reason", ["", "curiosity"])
    def test_is_not_shown_without_a_reason_of_the_list(self, owner, appointment, page, reason):
        answer = owner.post(url(f"appointment_{page}", appointment.pk), {"reason": reason})
        assert "Плохо сплю" not in answer.content.decode()
        assert "Спокойнее" not in answer.content.decode()
        assert audited(READING) == []

    @pytest.mark.parametrize("page", ["intake", "notes"])
    def test_an_assistant_reads_only_what_is_assigned(self, appointment, page):
        assistant = signed_in_as("assistant")
        assert assistant.get(url(f"appointment_{page}", appointment.pk)).status_code == 403
        assert (
            assistant.post(url(f"appointment_{page}", appointment.pk), {"reason": "crisis"}).status_code
            == 403
        )
        assert audited(READING) == []

    @pytest.mark.parametrize("page", ["intake", "notes"])
    def test_an_assistant_reads_what_is_assigned_to_them(self, appointment, page):
        helper = make_staff("assistant")
        appointment.specialist.user = helper
        appointment.specialist.save()
        browser = Browser()
        browser.force_login(helper, backend=BACKEND)
        shown = browser.post(url(f"appointment_{page}", appointment.pk), {"reason": "preparation"})
        assert shown.status_code == 200
        assert [record.actor_id for record in audited(READING)] == [helper.pk]

    @pytest.mark.parametrize("page", ["intake", "notes"])
    def test_the_editor_reads_nothing(self, appointment, page):
        assert signed_in_as("editor").get(url(f"appointment_{page}", appointment.pk)).status_code == 403

    def test_no_form_is_not_found_and_not_recorded(self, owner, service):
        appointment = named(service, "Борис", next_monday(16))
        assert owner.get(url("appointment_intake", appointment.pk)).status_code == 404
        assert audited(READING) == []

    def test_browsers_keep_no_copy(self, owner, appointment):
        response = owner.get(url("appointment_intake", appointment.pk))
        assert "no-store" in response.headers["Cache-Control"]
