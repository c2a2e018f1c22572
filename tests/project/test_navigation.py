"""The sidebar and the command palette show what a person may open, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from project.navigation import all_pages, awaiting_answer, sidebar
from project.palette import LIMIT, find
from tests.booking.factories import make_appointment, make_client, make_service, make_staff
from tests.booking.presentation.admin.pages import signed_in_as

pytestmark = pytest.mark.django_db


def request(role: str = "owner", path: str = "/admin/"):
    made = RequestFactory().get(path)
    made.user = make_staff(role)
    return made


def titles(role: str) -> list[str]:
    return [str(item["title"]) for group in sidebar(request(role)) for item in group["items"]]


class TestTheSidebar:
    def test_shows_the_owner_everything(self):
        assert titles("owner") == [str(page.title) for page in all_pages()]

    def test_shows_the_assistant_no_settings(self):
        assert {"Обзор", "Календарь", "Записи", "Лист ожидания", "Клиенты", "Расписание"} <= set(
            titles("assistant")
        )
        assert "Сотрудники" not in titles("assistant")

    def test_shows_the_editor_nothing_of_clients(self):
        assert titles("editor") == []

    def test_shows_nobody_nothing(self):
        nobody = RequestFactory().get("/admin/")
        nobody.user = AnonymousUser()
        assert [item for group in sidebar(nobody) for item in group["items"]] == []

    @pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.view)
    def test_every_page_exists_and_knows_that_it_is_shown(self, page):
        shown = [each.view for each in all_pages() if each.is_shown(request(path=page.url))]
        assert shown == [page.view]

    def test_pages_under_a_page_belong_to_it(self):
        path = reverse("admin:booking_appointment_change", args=[uuid4()])
        assert [each.view for each in all_pages() if each.is_shown(request(path=path))] == [
            "booking_appointment_changelist"
        ]

    def test_the_badge_counts_requests_at_most_every_half_minute(self):
        service = make_service()
        make_appointment(service=service, status="requested")
        over = timezone.now() - timedelta(minutes=1)
        make_appointment(service=make_service(), status="requested", answer_due_at=over)
        assert awaiting_answer(request()) == "1"
        with CaptureQueriesContext(connection) as queries:
            assert awaiting_answer(request()) == "1"
        assert not [each for each in queries if "booking_appointment" in each["sql"]]


class TestThePalette:
    def test_finds_pages_clients_and_appointments(self):
        client = make_client(display_name="Анна Ким", email="kim@example.org")
        appointment = make_appointment(client=client)
        assert [each.title for each in find(request(), "календ")] == ["Календарь"]
        assert [(each.title, each.description) for each in find(request(), "ким")] == [
            ("Анна Ким", "kim@example.org"),
            ("Анна Ким", "согласия"),
        ]
        by_id = find(request(), str(appointment.pk))
        assert "Анна Ким" in by_id[0].title
        by_day = find(request(), f"{timezone.localtime(appointment.start):%d.%m.%Y}")
        assert "Анна Ким" in by_day[0].title

    @pytest.mark.parametrize("term", ["", "а", "\0\0", "%%", "12.12", "32.13.2026", "2026-02-30", "завтра"])
    def test_bears_any_term(self, term):
        assert isinstance(find(request(), term), list)

    def test_shows_only_so_many(self):
        for _ in range(LIMIT + 5):
            make_client(display_name="Анна Ким")
        assert len(find(request(), "анна")) == LIMIT

    def test_tells_the_editor_nothing_of_clients(self):
        client = make_client(display_name="Анна Ким")
        appointment = make_appointment(client=client)
        for term in ("анна", str(appointment.pk), "календарь", "сегодня"):
            assert find(request("editor"), term) == []

    def test_answers_through_its_page_at_once(self):
        owner = signed_in_as("owner")
        assert "Ничего не нашлось" in owner.get(reverse("admin:search"), {"s": "анна"}).content.decode()
        make_client(display_name="Анна Ким")
        assert "Анна Ким" in owner.get(reverse("admin:search"), {"s": "анна"}).content.decode()

    def test_is_closed_to_clients(self, client):
        client.force_login(make_client(), backend="apps.identity.infrastructure.permissions.RoleBackend")
        assert client.get(reverse("admin:search"), {"s": "анна"}).status_code == 302
