"""Diary entries in the workspace: only what is shared, only for its specialist, only for a reason."""

from uuid import uuid4

import pytest
from django.urls import reverse

from apps.audit.infrastructure.models import AuditRecord
from tests.booking.factories import make_appointment, make_service, make_specialist, make_staff, signed_in
from tests.client_cabinet.rows import make_entry

pytestmark = pytest.mark.django_db

SECRET = "тревога"
REASON = {"reason": "preparation"}


def place(entry):
    return reverse("admin:client_cabinet_sharedentry_change", args=[entry.pk])


def shared_entry(**values):
    """An entry shared for a session of its author; the session's specialist has no account by default."""
    appointment = make_appointment(**values)
    return make_entry(appointment.client, shared_for=appointment.pk), appointment


def as_specialist_of(client, role="owner"):
    """Sign in somebody who is a specialist, and give a service of theirs."""
    person = make_staff(role)
    client.force_login(person)
    return make_service(make_specialist(user=person))


class TestReading:
    @pytest.mark.parametrize("role", ["owner", "assistant"])
    def test_the_specialist_of_the_session_reads_it_for_a_reason(self, client, role):
        entry, _ = shared_entry(service=as_specialist_of(client, role))
        assert SECRET not in client.get(place(entry)).content.decode()
        shown = client.post(place(entry), REASON)
        assert SECRET in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        [record] = AuditRecord.objects.filter(action="private_text_read")
        assert (record.entity, record.entity_id) == ("diary_entry", str(entry.pk))
        assert record.changes["client_id"] == [None, str(entry.author_id)]

    def test_each_reading_is_written_down(self, client):
        entry, _ = shared_entry(service=as_specialist_of(client))
        for _ in range(3):
            client.post(place(entry), REASON)
        assert AuditRecord.objects.filter(action="private_text_read").count() == 3

    def test_the_owner_stands_in_for_a_specialist_without_an_account(self, client):
        entry, _ = shared_entry()
        client.force_login(make_staff("owner"))
        assert SECRET in client.post(place(entry), REASON).content.decode()

    def test_corrections_are_read_as_they_stand(self, client):
        entry, _ = shared_entry(service=as_specialist_of(client))
        entry.payload = {"emotions": [{"name": "покой", "intensity": 9}]}
        entry.save()
        page = client.post(place(entry), REASON).content.decode()
        assert "покой" in page
        assert SECRET not in page


class TestSoftPrivacy:
    def test_what_is_not_shared_does_not_exist_for_the_owner_either(self, client):
        client.force_login(make_staff("owner"))
        entry = make_entry()
        assert client.get(place(entry)).status_code == 404
        assert client.post(place(entry), REASON).status_code == 404
        listed = client.get(reverse("admin:client_cabinet_sharedentry_changelist")).content.decode()
        assert str(entry.pk) not in listed
        assert not AuditRecord.objects.filter(action="private_text_read").exists()

    def test_the_owner_does_not_read_what_is_shared_with_another_specialist(self, client):
        entry, _ = shared_entry(service=make_service(make_specialist(user=make_staff("assistant"))))
        client.force_login(make_staff("owner"))
        assert client.get(place(entry)).status_code == 403
        assert client.post(place(entry), REASON).status_code == 403

    def test_unsharing_stops_it_at_once(self, client):
        entry, appointment = shared_entry(service=as_specialist_of(client))
        assert SECRET in client.post(place(entry), REASON).content.decode()
        signed_in(appointment.client).delete(f"/api/v1/me/diary/{entry.pk}/share/")
        assert client.post(place(entry), REASON).status_code == 404

    @pytest.mark.parametrize("status", ["canceled", "declined", "expired"])
    def test_a_session_that_will_not_be_closes_it_too(self, client, status):
        entry, _ = shared_entry(service=as_specialist_of(client), status=status)
        assert client.post(place(entry), REASON).status_code == 403

    def test_a_session_that_nobody_knows_opens_nothing(self, client):
        entry = make_entry(shared_for=uuid4())
        client.force_login(make_staff("owner"))
        assert client.post(place(entry), REASON).status_code == 403

    def test_an_editor_sees_nothing(self, client):
        entry, _ = shared_entry()
        client.force_login(make_staff("editor"))
        assert client.post(place(entry), REASON).status_code == 403


class TestPanel:
    def test_the_page_of_the_session_tells_that_there_is_something_and_no_word_of_it(self, client):
        entry, appointment = shared_entry(service=as_specialist_of(client))
        page = client.get(reverse("admin:booking_appointment_change", args=[appointment.pk])).content.decode()
        assert place(entry) in page
        assert SECRET not in page
        assert "дневник эмоций" not in page.lower()

    def test_another_specialist_sees_no_way_to_it(self, client):
        entry, appointment = shared_entry(service=as_specialist_of(client, "assistant"))
        client.force_login(make_staff("assistant"))
        page = client.get(reverse("admin:booking_appointment_change", args=[appointment.pk])).content.decode()
        assert place(entry) not in page
