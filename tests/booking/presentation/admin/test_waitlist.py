"""The waitlist in the workspace: the queue, one request, its commands, who may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.booking.models import WaitlistRequest
from tests.booking.factories import make_client, make_service
from tests.booking.presentation.admin.pages import audited, columns, dialog, said, signed_in_as, url

pytestmark = pytest.mark.django_db

CONTACT = "+79161234567"


@pytest.fixture
def owner():
    return signed_in_as("owner")


def waiting(**values) -> WaitlistRequest:
    return WaitlistRequest.objects.create(
        **{
            "service": values.pop("service", None) or make_service(name="Первая консультация"),
            "guest_token_hash": "x" * 64,
            "name": "Вера",
            "preferred_contact": "phone",
            "contact": CONTACT,
            "window": "weekday_evening",
            "time_zone": "Europe/Moscow",
            "consent_version": "1.0",
            "created_at": datetime.now(UTC),
            **values,
        }
    )


class TestTheQueue:
    def test_stands_in_the_order_in_which_people_joined(self, owner):
        now = datetime.now(UTC)
        late, early = waiting(created_at=now), waiting(created_at=now - timedelta(days=1))
        assert list(owner.get(url("waitlistrequest_changelist")).context["cl"].result_list) == [early, late]

    def test_shows_freed_time_that_is_still_ahead(self, owner):
        now = datetime.now(UTC)
        waiting(opening_start=now + timedelta(days=2))
        waiting(opening_start=now - timedelta(days=2))
        page = owner.get(url("waitlistrequest_changelist")).content.decode()
        assert page.count("Освободилось: ") == 1

    def test_never_shows_names_and_contacts(self, owner):
        waiting()
        with CaptureQueriesContext(connection) as statements:
            page = owner.get(url("waitlistrequest_changelist")).content.decode()
        assert CONTACT not in page
        assert "Вера" not in page
        assert not any('"booking_waitlistrequest"."contact"' in each["sql"] for each in statements)

    def test_leaves_out_what_is_done_with_unless_asked(self, owner):
        service = make_service()
        opened, closed = waiting(service=service), waiting(service=service, status="closed")
        address = url("waitlistrequest_changelist")
        for query, shown in (("", [opened]), ("?queue=done", [closed]), ("?queue=all", [opened, closed])):
            assert list(owner.get(address + query).context["cl"].result_list) == shown

    def test_costs_the_same_statements_for_one_request_and_for_many(self, owner):
        service = make_service()
        waiting(service=service)
        owner.get(url("waitlistrequest_changelist"))
        with CaptureQueriesContext(connection) as few:
            owner.get(url("waitlistrequest_changelist"))
        for _ in range(20):
            waiting(service=service)
        with CaptureQueriesContext(connection) as many:
            owner.get(url("waitlistrequest_changelist"))
        assert len(many) == len(few) <= 8


class TestOneRequest:
    def test_shows_the_contact_as_a_link(self, owner):
        page = owner.get(url("waitlistrequest_change", waiting().pk)).content.decode()
        assert f'href="tel:{CONTACT}"' in page
        assert "Вера" in page
        assert "гость, без учётной записи" in page

    def test_leads_to_the_client_who_has_an_account(self, owner):
        client = make_client(display_name="Вера Новикова")
        page = owner.get(url("waitlistrequest_change", waiting(client=client).pk)).content.decode()
        assert f"/identity/client/{client.pk}/change/" in page

    def test_writes_a_contact_that_is_no_link_as_text(self, owner):
        request = waiting(preferred_contact="telegram", contact="<script>alert(1)</script>")
        page = owner.get(url("waitlistrequest_change", request.pk)).content.decode()
        assert "<script>alert(1)</script>" not in page
        assert "&lt;script&gt;" in page

    def test_cannot_be_edited_or_deleted(self, owner):
        request = waiting()
        before = columns(request)
        assert owner.post(url("waitlistrequest_change", request.pk), {"status": "closed"}).status_code == 403
        assert owner.post(url("waitlistrequest_delete", request.pk), {"post": "yes"}).status_code == 403
        assert columns(request) == before


class TestTheCommands:
    @pytest.mark.parametrize(
        ("command", "status"), [("contacted", "contacted"), ("booked", "booked"), ("close", "closed")]
    )
    def test_move_a_request_and_are_audited(self, owner, command, status):
        request = waiting()
        assert said(dialog(owner, f"waitlistrequest_{command}", request.pk))
        request.refresh_from_db()
        assert request.status == status
        assert request.contact == CONTACT
        [record] = audited("waitlist_request_moved")
        assert record.changes == {"status": ["new", status]}

    def test_are_refused_for_a_closed_request(self, owner):
        request = waiting(status="closed")
        before = columns(request)
        assert "Заявка уже закрыта" in dialog(owner, "waitlistrequest_booked", request.pk).content.decode()
        assert columns(request) == before
        assert not audited("waitlist_request_moved")

    def test_of_an_unknown_request_are_refused_with_words(self, owner):
        unknown = "00000000-0000-4000-8000-000000000000"
        assert "Такой заявки нет" in dialog(owner, "waitlistrequest_close", unknown).content.decode()

    def test_do_nothing_on_opening_the_dialog(self, owner):
        request = waiting()
        assert owner.get(url("waitlistrequest_close", request.pk)).status_code == 200
        request.refresh_from_db()
        assert request.status == "new"

    def test_are_offered_while_they_make_sense(self, owner):
        page = owner.get(url("waitlistrequest_change", waiting(status="contacted").pk)).content.decode()
        assert "/contacted" not in page
        assert "Записан(а)" in page


class TestWhoMay:
    def test_an_assistant_works_through_the_queue(self):
        request = waiting()
        dialog(signed_in_as("assistant"), "waitlistrequest_contacted", request.pk)
        request.refresh_from_db()
        assert request.status == "contacted"

    def test_an_editor_sees_nobody(self):
        editor, request = signed_in_as("editor"), waiting()
        assert editor.get(url("waitlistrequest_changelist")).status_code == 403
        assert editor.get(url("waitlistrequest_change", request.pk)).status_code == 403
        assert dialog(editor, "waitlistrequest_close", request.pk).status_code == 403
        request.refresh_from_db()
        assert request.status == "new"
