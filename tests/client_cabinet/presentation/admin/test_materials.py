"""Materials in the workspace: written, opened to the client, withdrawn; read for a reason only."""

from uuid import uuid4

import pytest
from django.urls import reverse

from apps.audit.infrastructure.models import AuditRecord
from apps.client_cabinet.infrastructure.models import Material
from tests.booking.factories import make_appointment, make_client, make_service, make_specialist, make_staff
from tests.client_cabinet.rows import make_material
from tests.jobs import waiting

pytestmark = pytest.mark.django_db

SECRET = "Дыхание"
REASON = {"reason": "preparation"}
TEXT = {"title": "Три опоры", "text": f"## Три опоры\n\n{SECRET} по квадрату <script>alert(1)</script>"}


def url(name, *args):
    return reverse(f"admin:client_cabinet_material_{name}", args=args)


@pytest.fixture
def owner(client):
    person = make_staff("owner")
    client.force_login(person)
    return person


def send(client, address, data):
    """Press the button of a dialog."""
    return client.post(address, {"_form_submitted": "1", **data})


def colleague_with_session(role="assistant"):
    """An assistant who is the specialist of a session, and the session."""
    person = make_staff(role)
    service = make_service(make_specialist(user=person))
    return person, make_appointment(service=service)


class TestWriting:
    def test_a_draft_is_written_for_a_session(self, client, owner):
        appointment = make_appointment()
        address = f"{url('write')}?appointment={appointment.pk}"
        page = client.get(address).content.decode()
        assert str(appointment.client) in page
        sent = {"appointment": str(appointment.pk), "client": str(appointment.client_id), **TEXT}
        answer = send(client, address, sent)
        material = Material.objects.get()
        assert answer["Location"] == url("change", material.pk)
        assert (material.client_id, material.appointment_id) == (appointment.client_id, appointment.pk)
        assert (material.status, material.written_by_id) == ("draft", owner.pk)
        assert (material.title, material.text) == (TEXT["title"], TEXT["text"])
        assert AuditRecord.objects.filter(action="material_drafted", entity_id=str(material.pk)).exists()

    def test_a_draft_is_written_for_a_client_without_a_session(self, client, owner):
        person = make_client()
        send(client, url("write"), {"client": str(person.pk), **TEXT})
        assert Material.objects.get().appointment_id is None

    def test_the_session_decides_whose_it_is_whatever_is_sent(self, client, owner):
        appointment, other = make_appointment(), make_client()
        send(client, url("write"), {"appointment": str(appointment.pk), "client": str(other.pk), **TEXT})
        assert Material.objects.get().client_id == appointment.client_id

    @pytest.mark.parametrize("missing", ["client", "title", "text"])
    def test_what_is_missing_is_asked_for_and_what_was_typed_stays(self, client, owner, missing):
        sent = {"client": str(make_client().pk), **TEXT, missing: ""}
        answer = send(client, url("write"), sent)
        assert answer.status_code == 200
        assert answer.context["form"].errors.keys() == {missing}
        assert not Material.objects.exists()

    def test_an_assistant_writes_for_their_own_sessions_only(self, client):
        assistant, theirs = colleague_with_session()
        client.force_login(assistant)
        sent = {"appointment": str(theirs.pk), "client": str(theirs.client_id), **TEXT}
        send(client, url("write"), sent)
        assert Material.objects.count() == 1
        others = make_appointment()
        sent = {"appointment": str(others.pk), "client": str(others.client_id), **TEXT}
        refused = send(client, url("write"), sent)
        assert refused.context["form"].non_field_errors()
        assert Material.objects.count() == 1


class TestStates:
    def test_opening_it_to_the_client_is_written_down_without_a_word_of_it(self, client, owner):
        material = make_material(status="draft")
        send(client, url("approve", material.pk), {"expected_version": 1})
        material.refresh_from_db()
        assert (material.status, material.approved_by_id) == ("approved", owner.pk)
        assert material.version == 2
        assert SECRET not in str(waiting("kernel.deliver_event"))
        [record] = AuditRecord.objects.filter(action="material_shared")
        assert (record.entity_id, record.changes) == (str(material.pk), {})

    def test_a_withdrawn_material_is_closed_for_good(self, client, owner):
        material = make_material()
        send(client, url("withdraw", material.pk), {"expected_version": 1})
        material.refresh_from_db()
        assert material.status == "withdrawn"
        assert send(client, url("approve", material.pk), {}).status_code == 403
        assert send(client, url("withdraw", material.pk), {}).status_code == 403

    def test_a_draft_that_is_thrown_away_is_gone(self, client, owner):
        material = make_material(status="draft")
        send(client, url("discard", material.pk), {"expected_version": 1})
        assert not Material.objects.exists()

    def test_what_was_open_to_the_client_is_not_thrown_away(self, client, owner):
        material = make_material()
        assert send(client, url("discard", material.pk), {}).status_code == 403

    def test_somebody_elses_change_is_not_written_over(self, client, owner):
        material = make_material(status="draft", version=2)
        answer = send(client, url("approve", material.pk), {"expected_version": 1})
        assert answer.context["form"].non_field_errors()
        material.refresh_from_db()
        assert material.status == "draft"


class TestReading:
    def test_the_text_is_shown_after_a_reason_and_the_reading_is_written_down(self, client, owner):
        material = make_material(text=TEXT["text"])
        asked = client.get(url("text", material.pk)).content.decode()
        assert SECRET not in asked
        assert not AuditRecord.objects.filter(action="private_text_read").exists()
        shown = client.post(url("text", material.pk), REASON)
        page = shown.content.decode()
        assert SECRET in page
        assert "<script>alert" not in page
        assert "no-store" in shown["Cache-Control"]
        [record] = AuditRecord.objects.filter(action="private_text_read")
        assert record.entity == "material"
        assert record.changes == {
            "reading_reason": [None, "preparation"],
            "client_id": [None, str(material.client_id)],
        }

    def test_without_a_reason_nothing_is_shown(self, client, owner):
        material = make_material()
        for sent in ({}, {"reason": "curiosity"}):
            assert SECRET not in client.post(url("text", material.pk), sent).content.decode()
        assert not AuditRecord.objects.filter(action="private_text_read").exists()

    def test_lists_pages_and_panels_tell_nothing_of_it(self, client, owner):
        appointment = make_appointment()
        material = make_material(appointment.client, appointment_id=appointment.pk, title="Совершенно тайно")
        pages = [
            url("changelist"),
            url("change", material.pk),
            reverse("admin:booking_appointment_change", args=[appointment.pk]),
            reverse("admin:identity_client_change", args=[appointment.client_id]),
        ]
        for address in pages:
            page = client.get(address).content.decode()
            assert str(material.pk) in page
            assert SECRET not in page
            assert "Совершенно" not in page

    def test_an_assistant_reads_only_what_follows_their_own_sessions(self, client):
        assistant, theirs = colleague_with_session()
        client.force_login(assistant)
        own = make_material(theirs.client, appointment_id=theirs.pk)
        foreign = make_material(appointment_id=make_appointment().pk)
        nobodys = make_material(appointment_id=uuid4())
        assert SECRET in client.post(url("text", own.pk), REASON).content.decode()
        for each in (foreign, nobodys):
            assert client.post(url("text", each.pk), REASON).status_code == 403
            assert client.post(url("edit", each.pk), {**TEXT}).status_code == 403

    def test_an_editor_sees_nothing(self, client):
        client.force_login(make_staff("editor"))
        material = make_material()
        for name, args in (("changelist", ()), ("change", [material.pk]), ("text", [material.pk])):
            assert client.get(url(name, *args)).status_code == 403


class TestEditing:
    def test_a_draft_is_edited_where_it_is_read(self, client, owner):
        material = make_material(status="draft")
        page = client.post(url("text", material.pk), REASON)
        assert page.context["form"].initial["text"] == material.text
        sent = {"title": "Четыре опоры", "text": "Иначе.", "expected_version": 1}
        assert client.post(url("edit", material.pk), sent).status_code == 302
        material.refresh_from_db()
        assert (material.title, material.text, material.version) == ("Четыре опоры", "Иначе.", 2)

    def test_the_text_does_not_show_without_a_reason_by_this_way(self, client, owner):
        material = make_material(status="draft")
        answer = client.get(url("edit", material.pk))
        assert answer["Location"] == url("text", material.pk)

    def test_a_refusal_keeps_what_was_typed(self, client, owner):
        material = make_material(status="draft", version=5)
        sent = {"title": "Новое", "text": "Моё", "expected_version": 4}
        page = client.post(url("edit", material.pk), sent)
        assert page.status_code == 200
        assert page.context["form"]["text"].value() == "Моё"
        material.refresh_from_db()
        assert material.title == "Три опоры"

    def test_what_is_open_to_the_client_does_not_change(self, client, owner):
        material = make_material()
        client.post(url("edit", material.pk), {**TEXT, "expected_version": 1})
        material.refresh_from_db()
        assert material.text == "## Три опоры\n\n1. Дыхание."


def test_the_list_takes_as_many_statements_for_one_as_for_many(client, owner, django_assert_max_num_queries):
    for _ in range(12):
        make_material(appointment_id=uuid4())
    with django_assert_max_num_queries(9):
        client.get(url("changelist"))
