"""A backup becomes the database again, as a whole, and only where it may."""

import subprocess
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import psycopg
import pyrage
import pytest
from django.core.management import CommandError, call_command

from apps.booking.infrastructure.models import IntakeForm, OutcomeRecord
from apps.client_cabinet.infrastructure.models import DiaryEntry
from apps.identity.models import User
from apps.kernel.infrastructure.encryption import service
from project.backup import restoring
from project.backup.container import identities_in
from project.backup.elsewhere import django_at
from project.backup.errors import BackupError
from project.backup.making import make_backup
from project.backup.manifest import count_rows
from project.backup.programs import Programs
from project.backup.restored import prepare
from project.backup.restoring import Restore
from project.backup.server import Server
from project.start_guard import refuse_before_replay
from tests.client_cabinet.erasing import erased
from tests.client_cabinet.rows import diarist, make_entry
from tests.jobs import work_off
from tests.project.backup.practice import NOTES, PRIVATE, fill_practice

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 22, 1, 20, tzinfo=UTC)


@pytest.fixture
def backup(source, programs, identity, tmp_path):
    """The backup of a small practice."""
    fill_practice()
    return make_backup(
        server=source,
        programs=programs,
        recipients=[str(identity.to_public())],
        directory=tmp_path / "backups",
        at=AT,
    )


@pytest.fixture
def any_backup(source, programs, identity, tmp_path):
    """The backup of a practice that has just been opened."""
    return make_backup(
        server=source,
        programs=programs,
        recipients=[str(identity.to_public())],
        directory=tmp_path / "backups",
        at=AT,
    )


def restore_of(backup, identity, target, programs, **values) -> Restore:
    return Restore(
        **{
            "file": backup.file,
            "identities": [identity],
            "target": target,
            "programs": programs,
            "prepare": prepare,
            **values,
        }
    )


def databases_of(server: Server) -> set[str]:
    with server.at("postgres").connect() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()}


def test_everything_is_back_guarded_and_readable_with_the_keys(
    backup, identity, restored_to, programs, source
):
    restored = restore_of(backup, identity, restored_to, programs)(at=AT)

    with source.connect() as before, restored_to.connect() as after:
        assert count_rows(after) == count_rows(before) == restored.manifest.tables
    assert restored.manifest.tables["public.identity_consent"] == 2
    assert restored.manifest.tables["public.booking_appointment"] == 2
    with django_at(restored_to):
        assert PRIVATE in str([form.answers for form in IntakeForm.objects.all()])
        assert [record.notes for record in OutcomeRecord.objects.all()] == [NOTES]
    assert {"audit_auditrecord", "identity_consent", "payments_ledgerentry"} <= {
        *restored.manifest.append_only
    }
    with restored_to.connect() as connection:
        for statement in ("DELETE FROM", "TRUNCATE"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
                connection.execute(f"{statement} identity_consent")
    assert databases_of(restored_to) >= {"practice"}
    assert not [name for name in databases_of(restored_to) if name.startswith("practice_")]


def test_the_file_alone_tells_nothing_of_a_private_text(backup, identity, restored_to, programs):
    """Whoever has the backup and its key, but not the keys of encryption, reads ciphertext."""
    opened = pyrage.decrypt(backup.file.read_bytes(), [identity])
    dump = opened[opened.index(b"PGDMP") :]
    plain = subprocess.run(
        [programs.place / "pg_restore", "--file=-"], input=dump, capture_output=True, check=True
    ).stdout.decode()

    assert "COPY public.booking_intakeform" in plain, "this is the whole dump as text"
    assert PRIVATE not in plain
    assert NOTES not in plain


def test_the_keys_of_encryption_are_not_in_it(any_backup, identity, settings):
    opened = pyrage.decrypt(any_backup.file.read_bytes(), [identity])

    secrets = [settings.SECRET_KEY, *settings.ENCRYPTION_KEYS]
    secrets += [key.rpartition(":")[2] for key in getattr(settings, "KEY_ENCRYPTION_KEYS", [])]
    secrets += [getattr(settings, "BLIND_INDEX_KEY", "")]
    assert not [secret for secret in secrets if secret and secret.encode() in opened]


def test_who_was_erased_since_the_backup_is_erased_again_before_anybody_looks(
    source, programs, identity, restored_to, tmp_path, settings
):
    settings.TOMBSTONES_FILE = str(tmp_path / "tombstones.jsonl")
    person = diarist(display_name="Анна Карелина", email="anna@example.ru")
    make_entry(person)
    backup = make_backup(
        server=source,
        programs=programs,
        recipients=[str(identity.to_public())],
        directory=tmp_path / "backups",
        at=AT,
    )
    erased(person)
    work_off("kernel.deliver_event")

    restore_of(backup, identity, restored_to, programs)(at=AT)

    with django_at(restored_to):
        assert User.objects.get(pk=person.pk).status == "deleted"
        assert not DiaryEntry.objects.exists()
        refuse_before_replay()
    assert DiaryEntry.objects.count() == 0, "and nothing came back here"


def test_a_database_with_tables_is_not_overwritten(any_backup, identity, restored_to, programs):
    with restored_to.at("postgres").connect() as server:
        server.execute("CREATE DATABASE practice")
    with restored_to.connect() as connection:
        connection.execute("CREATE TABLE precious AS SELECT 42 AS answer")
    restore = restore_of(any_backup, identity, restored_to, programs)

    with pytest.raises(BackupError, match="is not empty"):
        restore(at=AT)

    with restored_to.connect() as connection:
        assert connection.execute("SELECT answer FROM precious").fetchone() == (42,)
    assert "practice_restored_20261122T012000" not in databases_of(restored_to)


def test_force_puts_the_old_database_aside_and_keeps_it(any_backup, identity, restored_to, programs):
    with restored_to.at("postgres").connect() as server:
        server.execute("CREATE DATABASE practice")
    with restored_to.connect() as connection:
        connection.execute("CREATE TABLE precious AS SELECT 42 AS answer")

    restored = restore_of(any_backup, identity, restored_to, programs, force=True)(at=AT)

    assert restored.before == "practice_before_20261122T012000"
    with restored_to.at(restored.before).connect() as connection:
        assert connection.execute("SELECT answer FROM precious").fetchone() == (42,)
    with restored_to.connect() as connection:
        assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)


def test_an_application_that_still_runs_is_in_the_way(
    any_backup, identity, restored_to, programs, monkeypatch
):
    monkeypatch.setattr(restoring, "PATIENCE", 0.1)
    with restored_to.at("postgres").connect() as server:
        server.execute("CREATE DATABASE practice")

    with (
        restored_to.connect(),
        pytest.raises(BackupError, match=r"Connections open to practice: 1\. Stop web and worker"),
    ):
        restore_of(any_backup, identity, restored_to, programs)(at=AT)


def test_what_fails_on_the_way_leaves_everything_as_it_was(any_backup, identity, restored_to, programs):
    def fails(server: Server) -> None:
        raise BackupError("an erasure could not be repeated")

    before = databases_of(restored_to)
    with pytest.raises(BackupError, match="could not be repeated"):
        restore_of(any_backup, identity, restored_to, programs, prepare=fails)(at=AT)
    assert databases_of(restored_to) == before


@pytest.mark.parametrize("defect", ["damaged", "cut off", "wrong key"])
def test_a_bad_file_changes_nothing(any_backup, identity, restored_to, programs, defect):
    content = bytearray(any_backup.file.read_bytes())
    if defect == "damaged":
        content[len(content) // 2] ^= 1
    any_backup.file.write_bytes(content[:-1] if defect == "cut off" else content)
    key = pyrage.x25519.Identity.generate() if defect == "wrong key" else identity
    before = databases_of(restored_to)

    with pytest.raises(BackupError, match=r"damaged or cut off|made for another"):
        restore_of(any_backup, key, restored_to, programs)(at=AT)
    assert databases_of(restored_to) == before


def test_a_backup_of_a_newer_version_is_refused(any_backup, identity, restored_to, programs):
    def newer(server: Server) -> None:
        with server.connect() as connection:
            connection.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('booking', '9999_later', now())"
            )
        prepare(server)

    with pytest.raises(BackupError, match=r"booking\.9999_later, which this one does not know"):
        restore_of(any_backup, identity, restored_to, programs, prepare=newer)(at=AT)


def test_old_programs_are_refused_before_anything_is_written(
    any_backup, identity, restored_to, programs, source, tmp_path
):
    old = tmp_path / "old"
    old.mkdir()
    (old / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n")
    (old / "pg_dump").chmod(0o755)

    with pytest.raises(BackupError, match=r"pg_dump is of version 14, the server of version 18"):
        make_backup(
            server=source,
            programs=Programs.find(str(old)),
            recipients=[str(identity.to_public())],
            directory=tmp_path / "more",
            at=AT,
        )
    assert list((tmp_path / "more").iterdir()) == []
    with pytest.raises(BackupError, match="pg_restore is of version 14"):
        restore_of(any_backup, identity, restored_to, Programs.find(str(old)))(at=AT)


def test_a_dump_that_fails_leaves_no_file_and_tells_no_row(source, programs, identity, tmp_path):
    class Broken(Programs):
        def run(self, name, arguments, server, **pipes):
            return super().run(name, [*arguments, "--table=there_is_none"], server, **pipes)

    with pytest.raises(BackupError, match="pg_dump: error: no matching tables"):
        make_backup(
            server=source,
            programs=Broken(programs.place),
            recipients=[str(identity.to_public())],
            directory=tmp_path,
            at=AT,
        )
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_told(programs, identity, restored_to, tmp_path):
    with pytest.raises(BackupError, match="The database has no tables yet"):
        make_backup(
            server=restored_to.at("postgres"),
            programs=programs,
            recipients=[str(identity.to_public())],
            directory=tmp_path,
            at=AT,
        )
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_does_not_answer_is_told(programs, identity, tmp_path):
    with pytest.raises(BackupError, match="The database does not answer"):
        make_backup(
            server=Server({"host": str(tmp_path), "dbname": "practice"}),
            programs=programs,
            recipients=[str(identity.to_public())],
            directory=tmp_path / "backups",
            at=AT,
        )


def test_the_drill_by_its_commands(backups, other_server, capsys):
    """What operations do: back up, restore into another PostgreSQL, prove."""
    fill_practice()
    call_command("backup")
    [file] = backups.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.name in capsys.readouterr().out

    call_command("drill", file, into=other_server)

    said = capsys.readouterr().out
    assert "every table has its rows" in said
    assert "append-only tables are guarded" in said
    assert "the application answers" in said
    assert "The backup can be restored: proved in" in said
    with Server.of_url(other_server).connect() as server:
        names = [name for (name,) in server.execute("SELECT datname FROM pg_database").fetchall()]
    assert not [name for name in names if name.startswith("drill")], "nothing of the practice stays there"


def test_the_commands_refuse_in_sentences(backups, settings, tmp_path, capsys):
    for place in (tmp_path / "nothing.age", tmp_path):
        with pytest.raises(CommandError, match=r"There is no file .*\. Nothing was changed\."):
            call_command("restore", place)
    with pytest.raises(CommandError, match=r"The drill has failed\. There is no file"):
        call_command("drill", tmp_path / "nothing.age", into="postgresql://nobody@127.0.0.1:1/postgres")
    settings.BACKUP_RECIPIENTS = []
    with pytest.raises(CommandError, match="BACKUP_RECIPIENTS is not set"):
        call_command("backup")
    settings.BACKUP_DIR = ""
    with pytest.raises(CommandError, match="BACKUP_DIR is not set"):
        call_command("backup")
    settings.BACKUP_KEY_FILE = ""
    with pytest.raises(CommandError, match="Name the file of the private key"):
        call_command("restore", tmp_path / "nothing.age")


def test_a_new_key_opens_what_its_public_part_closes(tmp_path, capsys):
    call_command("backup", new_key=tmp_path / "key")

    public = capsys.readouterr().out.strip().removeprefix("BACKUP_RECIPIENTS=")
    [made] = identities_in((tmp_path / "key").read_text())
    assert str(made.to_public()) == public
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("backup", new_key=tmp_path / "key")


def test_only_whole_backups_bear_the_name(any_backup):
    assert [file.name for file in any_backup.file.parent.iterdir()] == [
        "emotional-balance-20261122T012000Z.age"
    ]
    assert timedelta(0) <= datetime.now(UTC) - datetime.fromtimestamp(any_backup.file.stat().st_mtime, UTC)


@pytest.fixture
def strangers_keys(settings):
    """Keys of encryption that are not the practice's."""
    settings.KEY_ENCRYPTION_KEYS = [f"stranger:{b64encode(bytes(range(32))).decode()}"]
    settings.ENCRYPTION_KEYS = []
    kept = (service.encryption_service, service.person_keys, service.key_ring)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


def test_a_restored_practice_cannot_be_read_without_the_keys_of_encryption(
    backup, identity, other_server, programs, backups, tmp_path, strangers_keys
):
    (tmp_path / "key").write_text(str(identity))

    with pytest.raises(
        CommandError, match=r"encryption_verify found what does not hold: .*\'testing\' is not at hand"
    ):
        call_command("drill", backup.file, into=other_server)


def test_the_owner_of_the_database_restores_without_being_a_superuser(
    any_backup, identity, restored_to, programs
):
    with restored_to.at("postgres").connect() as server:
        server.execute("DROP ROLE IF EXISTS practice_owner_of_test")
        server.execute("CREATE ROLE practice_owner_of_test LOGIN NOSUPERUSER CREATEDB")
    target = Server({**restored_to.parameters, "user": "practice_owner_of_test"})

    restored = restore_of(any_backup, identity, target, programs)(at=AT)

    with target.connect() as connection:
        assert count_rows(connection) == restored.manifest.tables
        assert connection.execute("SELECT current_setting('is_superuser')").fetchone() == ("off",)
    assert restored.before is None
    with restored_to.at("postgres").connect() as server:
        server.execute("DROP DATABASE practice WITH (FORCE)")
        server.execute("DROP ROLE practice_owner_of_test")
