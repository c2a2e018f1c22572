"""An export from the wish to the end of its file."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from apps.client_cabinet.domain.data_export import (
    ALLOWED,
    LIFETIME,
    LONGEST_BUILD,
    RUNNING,
    DataExport,
    ExportExpired,
    ExportKind,
    ExportNotReady,
    ExportStateConflict,
    ExportStatus,
    FailureCode,
    WrongExportPeriod,
)
from apps.client_cabinet.domain.events import ExportReady

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PERSON = uuid4()


def wish(**values: object) -> DataExport:
    given: dict[str, object] = {
        "id": uuid4(),
        "client_id": PERSON,
        "kind": ExportKind.ARCHIVE,
        "first_day": None,
        "last_day": None,
        "passphrase": "secret",
        "now": NOW,
        **values,
    }
    return DataExport.request(**given)  # type: ignore[arg-type]


def in_status(status: ExportStatus) -> DataExport:
    export = wish()
    export.status = status
    return export


def ready(at: datetime = NOW) -> DataExport:
    export = wish()
    export.start(build=uuid4())
    export.finish(size=10, now=at, new_id=uuid4)
    return export


MOVES = {
    ExportStatus.PROCESSING: lambda export: export.start(build=uuid4()),
    ExportStatus.READY: lambda export: export.finish(size=1, now=NOW, new_id=uuid4),
    ExportStatus.FAILED: lambda export: export.fail(FailureCode.DEFECT),
    ExportStatus.EXPIRED: lambda export: export.expire(),
}


@pytest.mark.parametrize("target", sorted(MOVES))
@pytest.mark.parametrize("status", sorted(ExportStatus))
def test_only_the_moves_of_the_table_are_possible(status, target):
    export = in_status(status)
    if target in ALLOWED[status]:
        MOVES[target](export)
        assert export.status is target
    else:
        with pytest.raises(ExportStateConflict):
            MOVES[target](export)
        assert export.status is status
        assert export.passphrase == "secret"


@pytest.mark.parametrize("target", sorted(MOVES.keys() - RUNNING))
def test_the_passphrase_is_kept_only_until_the_file_is_made_or_given_up(target):
    export = wish()
    export.start(build=uuid4())
    assert export.passphrase == "secret"
    MOVES[target](export)
    assert export.passphrase == ""


def test_a_ready_file_is_announced_and_kept_for_72_hours():
    export = ready()
    [event] = export.pull_events()
    assert isinstance(event, ExportReady)
    assert (event.export_id, event.client_id, event.occurred_at) == (export.id, PERSON, NOW)
    assert export.expires_at == NOW + timedelta(hours=72)
    export.ensure_fetchable(NOW + LIFETIME - timedelta(microseconds=1))


def test_it_is_over_at_its_instant_though_nobody_has_written_that_down():
    export = ready()
    assert export.status is ExportStatus.READY
    assert export.status_at(NOW + LIFETIME) is ExportStatus.EXPIRED
    with pytest.raises(ExportExpired):
        export.ensure_fetchable(NOW + LIFETIME)


@pytest.mark.parametrize("status", sorted({ExportStatus.FAILED, *RUNNING}))
def test_what_is_not_made_cannot_be_fetched(status):
    with pytest.raises(ExportNotReady):
        in_status(status).ensure_fetchable(NOW)


def test_another_attempt_starts_from_nothing():
    export = wish()
    export.start(build=UUID(int=1))
    export.total, export.done = 10, 7
    export.start(build=UUID(int=2))
    assert (export.build, export.done, export.total) == (UUID(int=2), 0, 0)


def test_what_nobody_finishes_is_overdue_after_a_day():
    export = wish()
    assert not export.is_overdue(NOW + LONGEST_BUILD - timedelta(seconds=1))
    assert export.is_overdue(NOW + LONGEST_BUILD)
    assert not ready().is_overdue(NOW + LONGEST_BUILD)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2024, 1, 1), date(2024, 12, 31)),  # a leap year
    ],
    ids=["a day", "a leap year"],
)
def test_a_diary_is_of_a_period_with_both_days(first, last):
    export = wish(kind=ExportKind.DIARY_PDF, first_day=first, last_day=last)
    assert (export.first_day, export.last_day) == (first, last)


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (ExportKind.DIARY_PDF, None, None),
        (ExportKind.DIARY_PDF, date(2026, 1, 1), None),
        (ExportKind.DIARY_PDF, None, date(2026, 1, 1)),
        (ExportKind.DIARY_PDF, date(2026, 1, 2), date(2026, 1, 1)),
        (ExportKind.DIARY_PDF, date(2026, 1, 1), date(2027, 1, 2)),
        (ExportKind.ARCHIVE, date(2026, 1, 1), date(2026, 1, 2)),
    ],
    ids=["none", "no last", "no first", "reversed", "367 days", "an archive"],
)
def test_other_periods_are_refused(kind, first, last):
    with pytest.raises(WrongExportPeriod):
        wish(kind=kind, first_day=first, last_day=last)
