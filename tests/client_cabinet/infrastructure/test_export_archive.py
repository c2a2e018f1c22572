"""Archives of exports are made in constant memory, and with a constant number of statements a page."""

import gc
import tracemalloc
from datetime import UTC, datetime
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.client_cabinet.application.export_ports import ExportOrder
from apps.client_cabinet.domain.data_export import ExportKind
from apps.client_cabinet.infrastructure.export_archive import ArchiveMaker, in_reading_order
from apps.client_cabinet.infrastructure.export_readers import file_reader
from apps.identity.infrastructure.models import User
from apps.kernel.infrastructure.records import PAGE
from tests.booking.factories import make_client
from tests.client_cabinet.exports import make_entries, opened

maker = ArchiveMaker(reader_of=file_reader)


class Nowhere:
    """Counts the bytes and drops them."""

    size = 0

    def write(self, data: bytes, /) -> int:
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""


class Kept(Nowhere):
    def __init__(self) -> None:
        self.content = b""

    def write(self, data: bytes, /) -> int:
        self.content += data
        return len(data)


def order(client: User) -> ExportOrder:
    return ExportOrder(
        client_id=client.pk,
        kind=ExportKind.ARCHIVE,
        first_day=None,
        last_day=None,
        passphrase="AAAA-BBBB",
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def diarist(entries: int) -> User:
    client = make_client()
    make_entries(client, entries, text="Сегодня было непросто, но я справился. " * 8)
    return client


def peak(client: User) -> tuple[int, int]:
    """Bytes of memory at most while the archive of the client is made, and bytes of the archive."""
    into = Nowhere()
    gc.collect()
    tracemalloc.start()
    maker.make(order(client), into, lambda _done: None)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, into.size


def test_five_times_the_entries_take_no_more_memory(db):
    maker.make(order(diarist(1)), Nowhere(), lambda _done: None)  # what is imported and cached once
    few, many = peak(diarist(PAGE)), peak(diarist(5 * PAGE))
    assert many[1] > 3 * few[1]
    assert many[0] < 1.25 * few[0] + 256 * 1024


def test_statements_grow_with_pages_and_not_with_entries(db):
    def statements(client: User) -> int:
        with CaptureQueriesContext(connection) as captured:
            maker.make(order(client), Nowhere(), lambda _done: None)
        return len(captured)

    one, two, three = (statements(diarist(count)) for count in (PAGE - 1, 2 * PAGE - 1, 3 * PAGE - 1))
    assert two - one == 2  # one more page, read twice
    assert three - one == 4


def test_progress_is_told_and_never_above_what_was_counted(db):
    client = diarist(3 * PAGE)
    told: list[int] = []
    maker.make(order(client), Nowhere(), told.append)
    assert told == sorted(told)
    assert len(told) >= 6
    assert told[-1] <= maker.count(order(client))


def test_data_and_page_hold_every_entry(db):
    client = diarist(PAGE + 7)
    into = Kept()
    maker.make(order(client), into, lambda _done: None)
    archive = opened(into.content, "AAAA-BBBB")
    records = archive.records("diary")
    assert len(records) == PAGE + 7
    assert archive.manifest["person"] == str(client.pk)
    assert archive.page.count("<article>") == sum(each["records"] for each in archive.manifest["contents"])
    for number in (0, PAGE, PAGE + 6):
        assert f"справился.  {number}" in archive.page


def test_somebody_who_has_nothing_gets_an_archive_all_the_same(db):
    client = make_client()
    into = Kept()
    maker.make(order(client), into, lambda _done: None)
    archive = opened(into.content, "AAAA-BBBB")
    assert [each["section"] for each in archive.manifest["contents"]] == [
        each.section for each in in_reading_order()
    ]
    assert archive.records("payments") == []
    assert str(uuid4()) not in archive.page
