"""A backup brings an erased person back: the application stays closed until the erasure is repeated."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.client_cabinet import wiring
from apps.client_cabinet.infrastructure.models import DestructionAct, DiaryEntry, Tombstone
from apps.identity.infrastructure.models import User
from apps.kernel.infrastructure.models import PersonKey
from project.management.commands.procrastinate import Command as Procrastinate
from project.start_guard import MustNotOpen, refuse_before_replay
from tests.booking.factories import signed_in
from tests.client_cabinet.backups import loaded, taken
from tests.client_cabinet.erasing import confirmed, erased, started
from tests.client_cabinet.rows import diarist, make_entry, make_material
from tests.jobs import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(settings, tmp_path) -> Path:
    settings.TOMBSTONES_FILE = str(tmp_path / "tombstones.jsonl")
    return tmp_path / "tombstones.jsonl"


def replayed() -> str:
    told = StringIO()
    call_command("replay_tombstones", stdout=told)
    return told.getvalue()


def ready(client) -> tuple[int, str]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["checks"]["erasures"]


def test_after_an_erasure_the_tombstone_stands_outside_the_database():
    erased(diarist())

    work_off("kernel.deliver_event")

    assert [each.id for each in wiring.unanswered_tombstones.file.read()] == [Tombstone.objects.get().pk]
    refuse_before_replay()


def test_a_restored_backup_stays_closed_until_the_erasures_are_repeated(client):
    person = diarist(display_name="Анна Карелина", email="anna@example.ru")
    make_entry(person)
    make_material(person)
    backup = taken()
    erased(person)
    work_off("kernel.deliver_event")
    assert ready(client) == (200, "ok")

    loaded(backup)

    assert User.objects.get(pk=person.pk).email == "anna@example.ru"
    assert not Tombstone.objects.exists()
    with pytest.raises(MustNotOpen, match="replay_tombstones"):
        refuse_before_replay()
    with pytest.raises(MustNotOpen):
        Procrastinate().handle(command="worker")
    assert ready(client) == (503, "failing")

    assert "1" in replayed()

    refuse_before_replay()
    assert ready(client) == (200, "ok")
    row = User.objects.get(pk=person.pk)
    assert (row.status, row.email, row.display_name) == ("deleted", None, "")
    assert not DiaryEntry.objects.filter(author=person).exists()
    assert PersonKey.objects.get(person=person.pk).destroyed_at is not None
    assert DestructionAct.objects.get().reason == "replay"
    assert Tombstone.objects.count() == 1


def test_rows_of_the_person_alone_are_noticed_as_well(client):
    """Somebody loads a table or two, and the tombstones of the database are left as they are."""
    person = diarist()
    backup = taken(User._meta.db_table, PersonKey._meta.db_table)
    erased(person)
    work_off("kernel.deliver_event")

    loaded(backup)

    with pytest.raises(MustNotOpen):
        refuse_before_replay()
    replayed()
    refuse_before_replay()
    assert User.objects.get(pk=person.pk).status == "deleted"


@pytest.mark.parametrize("table", [User, PersonKey], ids=["account without key", "key without account"])
def test_half_of_a_person_is_noticed_and_goes_again(table):
    person = diarist()
    backup = taken(table._meta.db_table)
    erased(person)
    work_off("kernel.deliver_event")

    loaded(backup)

    with pytest.raises(MustNotOpen):
        refuse_before_replay()
    replayed()
    refuse_before_replay()
    assert User.objects.get(pk=person.pk).status == "deleted"
    assert PersonKey.objects.get(person=person.pk).destroyed_at is not None


@pytest.mark.parametrize("scope", ["entry", "diaries"])
def test_diaries_that_a_backup_brings_back_go_again_and_newer_ones_stay(scope):
    person = diarist()
    gone = make_entry(person)
    backup = taken()
    api = signed_in(person)
    wish = {"entry_id": str(gone.pk)} if scope == "entry" else {}
    confirmed(api, started(api, scope, **wish))
    work_off("kernel.deliver_event")

    loaded(backup)
    with pytest.raises(MustNotOpen):
        refuse_before_replay()
    newer = make_entry(person)
    replayed()

    refuse_before_replay()
    assert list(DiaryEntry.objects.filter(author=person)) == [newer]
    assert User.objects.get(pk=person.pk).status == "active"


def test_a_backup_older_than_the_account_is_answered_too():
    backup = taken()
    person = diarist()
    erased(person)
    work_off("kernel.deliver_event")

    loaded(backup)
    replayed()

    refuse_before_replay()
    assert not User.objects.filter(pk=person.pk).exists()


def test_replaying_where_nothing_came_back_does_nothing():
    erased(diarist())
    work_off("kernel.deliver_event")

    assert "0" in replayed()
    assert DestructionAct.objects.count() == 1


def test_without_tombstones_the_database_is_not_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        refuse_before_replay()


def test_a_file_that_cannot_be_understood_keeps_the_application_closed(client, file):
    file.write_text("damaged\n")

    with pytest.raises(MustNotOpen, match="TOMBSTONES_FILE"):
        refuse_before_replay()
    with pytest.raises(CommandError, match="TOMBSTONES_FILE"):
        replayed()
    assert ready(client) == (503, "failing")


def test_a_file_that_was_lost_is_written_again_by_night(file):
    erased(diarist())
    work_off("kernel.deliver_event")
    file.unlink()

    wiring.publish_tombstones()

    assert [each.id for each in wiring.unanswered_tombstones.file.read()] == [Tombstone.objects.get().pk]


def test_other_commands_of_the_queue_run_all_the_same(file):
    file.write_text("damaged\n")

    with pytest.raises(MustNotOpen):
        Procrastinate().handle(command="worker")
    assert issubclass(MustNotOpen, SystemExit)
