"""Asking for an export, making it, fetching it, and its end."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.client_cabinet.application.build_export import BuildExport
from apps.client_cabinet.application.fetch_export import DropExport, EndExports, FetchExport
from apps.client_cabinet.application.request_export import RequestExport
from apps.client_cabinet.domain.data_export import (
    DataExport,
    ExportExpired,
    ExportKind,
    ExportNotFound,
    ExportNotReady,
    ExportRunning,
    ExportStatus,
    TooManyExports,
)
from apps.kernel.application.ports import DecryptionFailed, TemporaryFailure
from apps.kernel.domain.actor import Actor
from tests.client_cabinet.export_fakes import FakeExports, FakeFiles, FakeMaker

ANNA, BORIS = uuid4(), uuid4()
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Outage(Exception):
    """The database went away."""


@dataclass
class Desk:
    """All use cases over the same fakes, and a clock that is set by hand."""

    at: datetime = START
    exports: FakeExports = field(default_factory=FakeExports)
    maker: FakeMaker = field(default_factory=FakeMaker)
    published: list[Any] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    asked_to_build: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.files = FakeFiles(self.exports)
        common: dict[str, Any] = {"unit_of_work": nullcontext, "exports": self.exports, "clock": self}
        self.ask_use_case = RequestExport(
            **common,
            audit=self,
            build_later=self.asked_to_build.append,
            new_passphrase=lambda: "only once",
            new_id=uuid4,
            most=3,
        )
        self.build = BuildExport(
            **common,
            files=self.files,
            makers={ExportKind.ARCHIVE: self.maker},
            events=self,
            new_id=uuid4,
            passing=(Outage, TemporaryFailure),
        )
        self.fetch = FetchExport(**common, files=self.files, audit=self)
        self.drop = DropExport(**common, files=self.files, audit=self)
        self.end = EndExports(**common, files=self.files)

    def now(self) -> datetime:
        return self.at

    def record(self, **record: Any) -> None:
        self.records.append(record)

    def publish(self, events: Any) -> None:
        self.published += events

    def ask(self, client_id: UUID = ANNA) -> DataExport:
        export, _ = self.ask_use_case(
            client_id=client_id,
            kind=ExportKind.ARCHIVE,
            first_day=None,
            last_day=None,
            actor=actor(client_id),
        )
        return export

    def row(self, export: DataExport) -> DataExport:
        return self.exports.rows[export.id]


def actor(client_id: UUID) -> Actor:
    return Actor(user_id=client_id, role="client")


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestAsking:
    def test_the_passphrase_is_told_and_a_worker_asked(self, desk):
        export, passphrase = desk.ask_use_case(
            client_id=ANNA, kind=ExportKind.ARCHIVE, first_day=None, last_day=None, actor=actor(ANNA)
        )
        assert passphrase == "only once"
        assert desk.asked_to_build == [export.id]
        assert desk.exports.queued == [ANNA]
        [record] = desk.records
        assert (record["action"], record["entity_id"]) == ("export_requested", str(export.id))
        assert passphrase not in str(record)

    def test_one_is_prepared_at_a_time(self, desk):
        desk.ask()
        with pytest.raises(ExportRunning):
            desk.ask()
        desk.ask(BORIS)

    def test_three_in_24_hours_and_then_it_is_told_when_again(self, desk):
        for hour in range(3):
            desk.at = START + timedelta(hours=hour)
            desk.build(export_id=desk.ask().id)
        with pytest.raises(TooManyExports) as refusal:
            desk.ask()
        assert refusal.value.params == {
            "most": 3,
            "again_at": (START + timedelta(hours=24)).isoformat(),
        }
        desk.ask(BORIS)
        desk.at = START + timedelta(hours=24)
        desk.ask()

    def test_a_dropped_one_counts_a_failed_one_does_not(self, desk):
        desk.maker.happens = ZeroDivisionError()
        for _ in range(4):
            with pytest.raises(ZeroDivisionError):
                desk.build(export_id=desk.ask().id)
        for _ in range(3):
            desk.drop(export_id=desk.ask().id, client_id=ANNA, actor=actor(ANNA))
        with pytest.raises(TooManyExports):
            desk.ask()


class TestMaking:
    def test_the_file_is_whole_the_passphrase_gone_and_its_owner_told(self, desk):
        export = desk.ask()
        desk.build(export_id=export.id)
        row = desk.row(export)
        assert row.status is ExportStatus.READY
        assert (row.size, row.done, row.total, row.passphrase) == (6, 4, 4, "")
        assert row.build is not None
        assert desk.files.kept == {(export.id, row.build): b"sealed"}
        [order] = desk.maker.orders
        assert (order.client_id, order.passphrase, order.made_at) == (ANNA, "only once", START)
        [event] = desk.published
        assert (event.export_id, event.client_id) == (export.id, ANNA)

    def test_once_more_changes_nothing(self, desk):
        export = desk.ask()
        desk.build(export_id=export.id)
        before = desk.row(export).build
        desk.build(export_id=export.id)
        assert desk.row(export).build == before
        assert len(desk.published) == 1

    def test_an_export_that_is_gone_is_nothing_to_do(self, desk):
        desk.build(export_id=uuid4())
        assert not desk.published

    @pytest.mark.parametrize(
        ("error", "failure"),
        [(DecryptionFailed("gone"), "unreadable"), (ValueError("ours"), "defect")],
        ids=["a text that does not open", "a defect"],
    )
    def test_a_failure_leaves_no_half_and_no_passphrase(self, desk, error, failure):
        desk.maker.happens = error
        export = desk.ask()
        with pytest.raises(type(error)):
            desk.build(export_id=export.id)
        row = desk.row(export)
        assert (row.status, row.failure, row.passphrase) == (ExportStatus.FAILED, failure, "")
        assert not desk.files.kept
        assert not desk.published

    @pytest.mark.parametrize("error", [Outage(), TemporaryFailure("down")], ids=["outage", "temporary"])
    def test_what_passes_lets_the_next_run_start_anew(self, desk, error):
        desk.maker.happens = error
        export = desk.ask()
        with pytest.raises(type(error)):
            desk.build(export_id=export.id)
        row = desk.row(export)
        assert (row.status, row.passphrase) == (ExportStatus.PROCESSING, "only once")
        desk.maker.happens = None
        desk.build(export_id=export.id)
        assert list(desk.files.kept.values()) == [b"sealed"]

    def test_a_worker_that_comes_back_late_spoils_nothing(self, desk):
        export = desk.ask()
        desk.maker.happens = overtaking(desk, export)
        desk.build(export_id=export.id)
        row = desk.row(export)
        assert row.status is ExportStatus.READY
        assert desk.files.kept == {(export.id, row.build): b"sealed"}
        assert len(desk.published) == 1

    def test_one_dropped_meanwhile_is_not_made_after_all(self, desk):
        export = desk.ask()
        desk.maker.happens = lambda: desk.drop(export_id=export.id, client_id=ANNA, actor=actor(ANNA))
        desk.build(export_id=export.id)
        assert desk.row(export).status is ExportStatus.EXPIRED
        assert not desk.files.kept
        assert not desk.published


def overtaking(desk: Desk, export: DataExport) -> Callable[[], None]:
    """Another worker makes the whole file while the first one stands still in the middle of it."""

    def overtake() -> None:
        desk.maker.happens = None
        desk.build(export_id=export.id)

    return overtake


class TestFetching:
    def test_the_file_is_handed_out_and_that_is_on_record(self, desk):
        export = desk.ask()
        desk.build(export_id=export.id)
        for _ in range(2):
            file = desk.fetch(export_id=export.id, client_id=ANNA, actor=actor(ANNA))
            assert (b"".join(file.pieces), file.size, file.kind) == (b"sealed", 6, ExportKind.ARCHIVE)
        assert [each["action"] for each in desk.records] == [
            "export_requested",
            "export_fetched",
            "export_fetched",
        ]

    def test_others_do_not_learn_that_it_exists(self, desk):
        export = desk.ask()
        desk.build(export_id=export.id)
        for use_case in (desk.fetch, desk.drop):
            with pytest.raises(ExportNotFound):
                use_case(export_id=export.id, client_id=BORIS, actor=actor(BORIS))
        assert len(desk.records) == 1

    def test_not_before_it_is_ready_and_not_after_its_time(self, desk):
        export = desk.ask()
        with pytest.raises(ExportNotReady):
            desk.fetch(export_id=export.id, client_id=ANNA, actor=actor(ANNA))
        desk.build(export_id=export.id)
        desk.at = START + timedelta(hours=72)
        with pytest.raises(ExportExpired):
            desk.fetch(export_id=export.id, client_id=ANNA, actor=actor(ANNA))


class TestEnding:
    def test_dropping_removes_the_file_at_once_and_twice_is_once(self, desk):
        export = desk.ask()
        desk.build(export_id=export.id)
        for _ in range(2):
            desk.drop(export_id=export.id, client_id=ANNA, actor=actor(ANNA))
        assert desk.row(export).status is ExportStatus.EXPIRED
        assert not desk.files.kept
        assert [each["action"] for each in desk.records] == ["export_requested", "export_dropped"]

    def test_files_are_removed_at_their_time_and_not_before(self, desk):
        export = desk.ask()
        desk.build(export_id=export.id)
        desk.at = START + timedelta(hours=71, minutes=59)
        assert desk.end() == 0
        assert desk.files.kept
        desk.at = START + timedelta(hours=72)
        assert desk.end() == 1
        assert desk.row(export).status is ExportStatus.EXPIRED
        assert not desk.files.kept
        assert desk.end() == 0

    def test_what_nobody_finished_in_a_day_has_failed_and_may_be_asked_for_again(self, desk):
        export = desk.ask()
        desk.at = START + timedelta(hours=24)
        assert desk.end() == 1
        row = desk.row(export)
        assert (row.status, row.failure, row.passphrase) == (ExportStatus.FAILED, "took_too_long", "")
        desk.ask()
