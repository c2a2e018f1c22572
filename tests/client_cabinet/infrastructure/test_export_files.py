"""Files of exports in PostgreSQL: pieces, attempts, and who may still write."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.client_cabinet import wiring
from apps.client_cabinet.application.export_ports import BuildSuperseded
from apps.client_cabinet.domain.data_export import (
    DataExport as Export,
)
from apps.client_cabinet.domain.data_export import (
    ExportKind,
    ExportRunning,
    FailureCode,
    TooManyExports,
)
from apps.client_cabinet.infrastructure.export_files import PieceWriter, PostgresExportFiles
from apps.client_cabinet.infrastructure.models import PIECE_SIZE, DataExport, DataExportPiece
from apps.client_cabinet.infrastructure.passphrases import ALPHABET, new_passphrase
from apps.client_cabinet.infrastructure.repositories.data_exports import PostgresExports, apply, to_domain
from apps.identity.infrastructure.models import User
from apps.kernel.domain.actor import Actor
from tests.booking.factories import make_client

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
files, exports = PostgresExportFiles(), PostgresExports()


def asked(client: User | None = None) -> Export:
    export = Export.request(
        id=uuid4(),
        client_id=(client or make_client()).pk,
        kind=ExportKind.ARCHIVE,
        first_day=None,
        last_day=None,
        passphrase="secret",
        now=NOW,
    )
    exports.add(export)
    return export


def begun() -> Export:
    export = asked()
    export.start(build=uuid4())
    with transaction.atomic():
        exports.save(export)
    return export


def written(export: Export, *parts: bytes) -> bytes:
    assert export.build is not None
    with files.writer(export_id=export.id, build=export.build) as writer:
        for part in parts:
            assert writer.write(part) == len(part)
        assert writer.size == sum(map(len, parts))
    return b"".join(files.read(export_id=export.id, build=export.build))


@pytest.mark.parametrize("size", [0, 1, PIECE_SIZE - 1, PIECE_SIZE, PIECE_SIZE + 1, 3 * PIECE_SIZE + 5])
def test_what_is_written_is_read_in_pieces_of_at_most_256_kib(db, size):
    content = bytes(number % 251 for number in range(size))
    export = begun()
    assert written(export, content[: size // 3], content[size // 3 :]) == content
    sizes = [len(piece) for piece in DataExportPiece.objects.values_list("data", flat=True)]
    assert len(sizes) == -(-size // PIECE_SIZE)
    assert all(each <= 262_144 for each in sizes)


def test_another_attempt_removes_what_the_one_before_has_left(db):
    export = begun()
    written(export, b"x" * PIECE_SIZE, b"half")
    export.start(build=uuid4())
    exports.save(export)
    assert written(export, b"whole") == b"whole"
    assert DataExportPiece.objects.count() == 1


def test_an_attempt_that_was_overtaken_cannot_write_any_more(db):
    export = begun()
    build = export.build
    assert build is not None
    writer = PieceWriter(export.id, build)
    writer.tell_done(0)
    writer.write(b"early")
    export.start(build=uuid4())
    exports.save(export)
    with pytest.raises(BuildSuperseded):
        writer.tell_done(0)
    with pytest.raises(BuildSuperseded):
        writer.finish()
    assert not DataExportPiece.objects.exists()


@pytest.mark.parametrize(
    "end", [lambda export: export.expire(), lambda export: export.fail(FailureCode.DEFECT)]
)
def test_nothing_is_written_for_an_export_that_is_over(db, end):
    export = begun()
    end(export)
    exports.save(export)
    with pytest.raises(BuildSuperseded):
        written(export, b"late")


@pytest.mark.parametrize("kind", list(ExportKind))
def test_an_export_comes_back_as_it_was_saved(db, kind):
    diary = kind is ExportKind.DIARY_PDF
    export = Export.request(
        id=uuid4(),
        client_id=make_client().pk,
        kind=kind,
        first_day=date(2026, 1, 1) if diary else None,
        last_day=date(2026, 1, 31) if diary else None,
        passphrase="secret",
        now=NOW,
    )
    exports.add(export)
    assert vars(exports.get(export.id)) == vars(export)
    export.start(build=uuid4())
    export.total = 4
    exports.save(export)
    assert vars(exports.get(export.id)) == vars(export)
    export.finish(size=9, now=NOW, new_id=uuid4)
    export.pull_events()
    exports.save(export)
    found = exports.get(export.id, client_id=export.client_id)
    assert vars(found) == vars(export)
    row = DataExport()
    apply(found, row)
    assert vars(to_domain(row)) == vars(export)


class TestTheDatabaseItself:
    def test_refuses_a_second_running_export(self, db):
        client = make_client()
        asked(client)
        with pytest.raises(ExportRunning):
            asked(client)

    @pytest.mark.parametrize(
        "change",
        [
            {"status": "lost"},
            {"kind": "everything"},
            {"status": "ready", "passphrase": ""},
            {"status": "failed"},
            {"failure": "because"},
            {"first_day": date(2026, 1, 1)},
            {"done": 2, "total": 1},
        ],
        ids=str,
    )
    def test_refuses_what_no_export_can_be(self, db, change):
        row = DataExport.objects.get(pk=asked().id)
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_refuses_a_piece_of_more_than_256_kib(self, db):
        export = begun()
        with pytest.raises(IntegrityError), transaction.atomic():
            DataExportPiece.objects.create(
                export_id=export.id, build=uuid4(), number=0, data=b"x" * (PIECE_SIZE + 1)
            )


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_is_taken():
    """The person's lock and the database's own rule, with real threads."""
    client = make_client()

    def ask(_number: int) -> str:
        try:
            wiring.request_export(
                client_id=client.pk,
                kind=ExportKind.ARCHIVE,
                first_day=None,
                last_day=None,
                actor=Actor(user_id=client.pk, role="client"),
            )
        except (ExportRunning, TooManyExports) as refusal:
            return refusal.code
        else:
            return "taken"
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as threads:
        answers = sorted(threads.map(ask, range(6)))
    assert answers == ["export_running"] * 5 + ["taken"]


@pytest.mark.django_db(transaction=True)
def test_the_limit_of_a_day_holds_when_all_ask_at_once():
    client = make_client()
    now = datetime.now(UTC)
    for hour in (1, 2):
        DataExport.objects.create(
            client=client, kind="archive", status="expired", created_at=now - timedelta(hours=hour)
        )

    def ask_and_end(_number: int) -> bool:
        try:
            export, _ = wiring.request_export(
                client_id=client.pk,
                kind=ExportKind.ARCHIVE,
                first_day=None,
                last_day=None,
                actor=Actor(user_id=client.pk, role="client"),
            )
            wiring.drop_export(
                export_id=export.id, client_id=client.pk, actor=Actor(user_id=client.pk, role="client")
            )
        except (ExportRunning, TooManyExports):
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as threads:
        assert sum(threads.map(ask_and_end, range(6))) == 1


def test_passphrases_are_readable_and_never_the_same():
    drawn = {new_passphrase() for _ in range(200)}
    assert len(drawn) == 200
    assert all([len(group) for group in each.split("-")] == [4] * 6 for each in drawn)
    assert set("".join(drawn)) == {*ALPHABET, "-"}
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
