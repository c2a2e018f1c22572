"""Encrypted fields: bound to their row and person, opened on reading, never written plain by any road."""

import copy
import pickle
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import CaptureQueriesContext, isolate_apps
from django.utils import timezone
from simple_history.models import HistoricalRecords

from apps.booking.infrastructure.models import WaitlistRequest
from apps.kernel.application.ports import DecryptionFailed, KeyDestroyed, Place
from apps.kernel.infrastructure.encryption import encryption_service, person_keys
from apps.kernel.infrastructure.fields import (
    EncryptedField,
    EncryptedJSONField,
    EncryptedTextField,
    encrypted_fields,
    place_of,
    preload_keys,
)
from apps.kernel.infrastructure.sealed import Sealed
from apps.kernel.models import IdempotencyRecord
from tests.booking.factories import make_client, make_service, make_waitlist_request

pytestmark = pytest.mark.django_db


def waiting(**values: object) -> WaitlistRequest:
    request = make_waitlist_request(**{"client": make_client(), "name": "Ирина", **values})
    return WaitlistRequest.objects.get(pk=request.pk)


def column(row: models.Model, name: str) -> str:
    """What the database has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {row._meta.db_table} WHERE {row._meta.pk.column} = %s", [row.pk])
        return cursor.fetchone()[0]


def move(row: models.Model, **columns: str) -> None:
    """What somebody with a hand in the database can do."""
    with connection.cursor() as cursor:
        for name, value in columns.items():
            cursor.execute(
                f"UPDATE {row._meta.db_table} SET {name} = %s WHERE {row._meta.pk.column} = %s",
                [value, row.pk],
            )


class TestReading:
    def test_a_row_is_loaded_sealed_and_opened_when_its_value_is_asked_for(self) -> None:
        request = waiting()
        assert isinstance(request.__dict__["name"], Sealed)
        assert request.name == "Ирина"
        assert "Ирина" not in repr(request.__dict__["name"])
        assert column(request, "name").startswith("env1.")

    @pytest.mark.parametrize("read", ["defer", "only"])
    def test_a_deferred_value_is_opened_too(self, read: str) -> None:
        rows = WaitlistRequest.objects.filter(pk=waiting().pk)
        request = rows.defer("name").get() if read == "defer" else rows.only("service").get()
        with CaptureQueriesContext(connection) as queries:
            assert request.name == "Ирина"
        assert len(queries) == (1 if read == "defer" else 2)  # the client's id, for the place

    def test_refreshing_reads_anew(self) -> None:
        request = waiting()
        other = WaitlistRequest.objects.get(pk=request.pk)
        other.name = "Анна"
        other.save()
        request.refresh_from_db()
        assert request.name == "Анна"

    def test_values_are_sealed(self) -> None:
        request = waiting()
        (value,) = WaitlistRequest.objects.filter(pk=request.pk).values_list("name", flat=True)
        assert str(value) == "(sealed)"
        assert value.token == column(request, "name")

    def test_nothing_is_kept_as_nothing(self) -> None:
        request = waiting(name="")
        assert request.name == ""
        assert column(request, "name") == ""

    def test_plain_text_in_a_column_is_refused(self) -> None:
        request = waiting()
        move(request, name="plain")
        with pytest.raises(DecryptionFailed):
            _ = WaitlistRequest.objects.get(pk=request.pk).name

    def test_keys_of_a_list_are_read_in_one_statement(self) -> None:
        service = make_service()
        for number in range(12):
            waiting(service=service, name=f"Имя {number}")
        person_keys().forget_all()
        rows = list(WaitlistRequest.objects.filter(service=service))
        connection.run_on_commit.clear()  # as if each had been written by another process
        with CaptureQueriesContext(connection) as queries:
            preload_keys(rows)
            assert {row.name for row in rows} == {f"Имя {number}" for number in range(12)}
        assert len(queries) == 1

    def test_a_destroyed_key_spoils_the_value_and_not_the_row(self) -> None:
        request = waiting()
        person_keys().destroy(request.client_id, at=timezone.now())
        row = WaitlistRequest.objects.get(pk=request.pk)
        with pytest.raises(KeyDestroyed):
            _ = row.name
        row.status = "closed"
        row.save()
        assert WaitlistRequest.objects.get(pk=row.pk).status == "closed"


class TestMovedCiphertext:
    """Somebody who may write into the database swaps what is sealed."""

    def test_between_rows(self) -> None:
        client = make_client()
        one, other = waiting(client=client), waiting(client=client, name="Анна")
        move(one, name=column(other, "name"))
        with pytest.raises(DecryptionFailed):
            _ = WaitlistRequest.objects.get(pk=one.pk).name

    def test_between_fields(self) -> None:
        request = waiting()
        move(request, name=column(request, "contact"), contact=column(request, "name"))
        row = WaitlistRequest.objects.get(pk=request.pk)
        for name in ("name", "contact"):
            with pytest.raises(DecryptionFailed):
                getattr(row, name)

    def test_between_people(self) -> None:
        request, somebody = waiting(), make_client()
        encryption_service().encrypt("x", place=Place(field="a.b.c", row="1", person=somebody.pk))
        move(request, client_id=str(somebody.pk))
        with pytest.raises(DecryptionFailed):
            _ = WaitlistRequest.objects.get(pk=request.pk).name


class TestWriting:
    def test_what_nobody_changed_keeps_its_ciphertext(self) -> None:
        request = waiting()
        before = column(request, "name"), column(request, "contact")
        assert request.name == "Ирина"  # one opened, one not
        request.save()
        assert (column(request, "name"), column(request, "contact")) == before

    def test_what_was_changed_is_sealed_anew(self) -> None:
        request = waiting()
        before = column(request, "name")
        request.name = "Анна"
        request.save()
        assert column(request, "name") != before
        assert WaitlistRequest.objects.get(pk=request.pk).name == "Анна"

    def test_another_person_or_row_gets_a_ciphertext_of_their_own(self) -> None:
        request = waiting(client=None, guest_token_hash="ab" * 32)
        request.client = make_client()
        request.save()
        request = WaitlistRequest.objects.get(pk=request.pk)
        assert request.name == "Ирина"
        assert "@example.org" in request.contact
        request.pk, request._state.adding = uuid4(), True
        request.save()
        assert WaitlistRequest.objects.get(pk=request.pk).name == "Ирина"
        assert WaitlistRequest.objects.count() == 2

    def test_a_copy_of_a_row_that_nobody_opened_does_so_too(self) -> None:
        one = waiting()
        other = copy.copy(one)
        other.pk, other._state.adding = uuid4(), True
        other.save(force_insert=True)
        rows = WaitlistRequest.objects.all()
        assert [row.name for row in rows] == ["Ирина", "Ирина"]
        assert column(one, "name") != column(other, "name")

    def test_rows_written_together_are_sealed_each_for_itself(self) -> None:
        one = waiting()
        rows = []
        for name in ("Анна", "Вера"):
            row = copy.copy(one)
            row.pk, row.name = uuid4(), name
            rows.append(row)
        WaitlistRequest.objects.bulk_create(rows)
        assert {row.name for row in WaitlistRequest.objects.all()} == {"Ирина", "Анна", "Вера"}
        assert len({column(row, "name") for row in rows}) == 2

    @pytest.mark.parametrize(
        "write",
        [
            lambda row: WaitlistRequest.objects.filter(pk=row.pk).update(name="Анна"),
            lambda row: WaitlistRequest.objects.bulk_update([_named(row, "Анна")], ["name"]),
            lambda row: WaitlistRequest.objects.filter(name="Ирина").exists(),
            lambda row: WaitlistRequest.objects.filter(name__in=["Ирина"]).exists(),
        ],
        ids=["update", "bulk_update", "filter", "in"],
    )
    def test_roads_that_know_no_row_are_closed(self, write: Callable[[WaitlistRequest], object]) -> None:
        request = waiting()
        with pytest.raises(TypeError, match=r"booking\.waitlistrequest\.name"), transaction.atomic():
            write(request)
        assert WaitlistRequest.objects.get(pk=request.pk).name == "Ирина"

    def test_ciphertext_is_not_searched(self) -> None:
        for lookup in ("contains", "icontains", "startswith", "regex", "gt", "length"):
            with pytest.raises(FieldError):
                WaitlistRequest.objects.filter(**{f"name__{lookup}": "x"})

    def test_rows_may_be_sought_by_having_none(self) -> None:
        request = waiting(name="")
        waiting()
        assert list(WaitlistRequest.objects.filter(name="")) == [request]

    def test_a_row_that_is_not_known_yet_is_refused(self) -> None:
        record = IdempotencyRecord(key="key", fingerprint="", status=200, headers={}, body="x")
        record.owner = None
        with pytest.raises(ValueError, match="must be known"):
            record.save()

    def test_a_person_who_is_no_id_is_refused(self) -> None:
        field = EncryptedTextField(person="key")
        record = IdempotencyRecord(owner="o", key="key")
        record.id = 1
        field.label, field.row = "a.b.c", "id"
        from apps.kernel.infrastructure import sealed

        with pytest.raises(TypeError, match="no UUID"):
            sealed.place_of(field, record)

    def test_composite_rows_do_not_run_into_each_other(self) -> None:
        one = place_of(IdempotencyRecord(owner="a/1:b", key="c"), "body")
        other = place_of(IdempotencyRecord(owner="a", key="1:b/c"), "body")
        assert one.row != other.row
        with pytest.raises(TypeError, match="not encrypted"):
            place_of(IdempotencyRecord(), "owner")

    def test_an_id_given_as_text_is_the_same_id(self) -> None:
        request = waiting()
        same = WaitlistRequest(id=str(request.pk).upper(), client_id=request.client_id.hex)
        assert place_of(same, "name") == place_of(request, "name")


class TestOtherRoads:
    @pytest.mark.parametrize("form", ["json", "python", "xml"])
    def test_dumps_hold_ciphertext(self, form: str) -> None:
        request = waiting()
        dumped = str(serializers.serialize(form, [request]))
        assert "Ирина" not in dumped
        assert "irina@example.org" not in dumped
        assert column(request, "name") in dumped

    def test_instances_survive_pickling(self) -> None:
        assert pickle.loads(pickle.dumps(waiting())).name == "Ирина"

    def test_models_of_migrations_see_tokens_only(self) -> None:
        request = waiting()
        state = ProjectState.from_apps(_apps())
        row = state.apps.get_model("booking", "WaitlistRequest").objects.get(pk=request.pk)
        assert isinstance(row.name, Sealed)
        row.save()
        assert WaitlistRequest.objects.get(pk=request.pk).name == "Ирина"
        row.name = "Анна"
        with pytest.raises(TypeError):
            row.save()

    def test_where_a_value_stands_is_no_part_of_migrations(self) -> None:
        for field in encrypted_fields(WaitlistRequest):
            assert not {"row", "person"} & set(field.deconstruct()[3])
        assert ModelState.from_model(WaitlistRequest)

    def test_every_label_is_the_model_s_own(self) -> None:
        labels = {each.label for each in encrypted_fields(WaitlistRequest)}
        assert labels == {"booking.waitlistrequest.name", "booking.waitlistrequest.contact"}

    @isolate_apps("apps.kernel", "apps.identity", "django.contrib.contenttypes")
    def test_a_history_keeps_ciphertext_and_opens_it(self) -> None:
        class Note(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid4)
            person = models.UUIDField()
            text = EncryptedTextField(person="person")
            marks = EncryptedJSONField(person="person", null=True)
            history = HistoricalRecords(history_user_id_field=models.UUIDField(null=True))

            class Meta:
                app_label = "kernel"

            def __str__(self) -> str:
                return "note"

        past = Note.history.model
        with connection.schema_editor() as editor:
            editor.create_model(Note)
            editor.create_model(past)
        note = Note.objects.create(person=uuid4(), text="первое", marks=[1])
        note.text = "второе"
        note.marks.append("два")
        note.save()
        assert [each.text for each in past.objects.order_by("history_id")] == ["первое", "второе"]
        assert [each.marks for each in past.objects.order_by("history_id")] == [[1], [1, "два"]]
        assert {each.label for each in encrypted_fields(past)} == {"kernel.note.text", "kernel.note.marks"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT text, marks FROM kernel_historicalnote")
            assert all(value.startswith("env1.") for row in cursor.fetchall() for value in row)
        loaded = Note.objects.get()
        loaded.marks.append("три")
        loaded.save()
        assert Note.objects.get().marks == [1, "два", "три"]


def _named(row: WaitlistRequest, name: str) -> WaitlistRequest:
    row.name = name
    return row


def _apps():
    from django.apps import apps

    return apps


def test_values_are_never_compared_with_what_lies_in_an_instance() -> None:
    assert Sealed("env1.AAAA") != "env1.AAAA"
    assert EncryptedField.get_internal_type(EncryptedTextField()) == "TextField"
