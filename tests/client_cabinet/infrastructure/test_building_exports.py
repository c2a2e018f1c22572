"""A worker dies in the middle of an export, or a text does not open: no half is left, the next is whole."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.client_cabinet import wiring
from apps.client_cabinet.application.export_ports import ByteSink, ExportOrder, Tell
from apps.client_cabinet.domain.data_export import ExportKind
from apps.client_cabinet.events import ExportReady
from apps.client_cabinet.infrastructure.models import PIECE_SIZE, DataExport, DataExportPiece, DiaryEntry
from apps.kernel.infrastructure.models import JobFailure
from tests.booking.factories import make_client, signed_in
from tests.client_cabinet.exports import EXPORTS, asked, make_entries, opened
from tests.jobs import make_due, run_worker, waiting


class Killed(BaseException):
    """Nothing of ours runs after it, as after a kill -9."""


class Dying:
    """Dies once it has written more than a piece."""

    def count(self, order: ExportOrder) -> int:
        return 7

    def make(self, order: ExportOrder, into: ByteSink, tell: Tell) -> None:
        into.write(b"half" * PIECE_SIZE)
        tell(3)
        raise Killed


def test_a_killed_worker_leaves_no_half_in_the_file_of_the_next(db):
    client = make_client()
    api = signed_in(client)
    told = asked(api)
    dying = replace(wiring.build_export, makers={ExportKind.ARCHIVE: Dying()})
    with pytest.raises(Killed):
        dying(export_id=UUID(told["id"]))
    seen = api.get(f"{EXPORTS}{told['id']}/").json()
    assert (seen["status"], seen["progress"]) == ("processing", {"done": 3, "total": 7})
    assert DataExportPiece.objects.count() == 4
    assert api.get(f"{EXPORTS}{told['id']}/file/").status_code == 409

    wiring.build_export(export_id=UUID(told["id"]))
    answer = api.get(f"{EXPORTS}{told['id']}/file/")
    archive = opened(b"".join(answer.streaming_content), told["passphrase"])
    assert archive.records("profile")[0]["id"] == str(client.pk)
    assert set(DataExportPiece.objects.values_list("build", flat=True)) == {
        DataExport.objects.values_list("build", flat=True).get()
    }


@pytest.mark.django_db(transaction=True)
def test_a_text_that_does_not_open_fails_the_export_and_the_person_may_ask_again():
    client = make_client()
    make_entries(client, 3)
    table = DiaryEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET payload = (SELECT payload FROM {table} ORDER BY id LIMIT 1)")
    api = signed_in(client)
    told = asked(api)
    run_worker(queue="exports")
    seen = api.get(f"{EXPORTS}{told['id']}/").json()
    assert (seen["status"], seen["failure"]) == ("failed", "unreadable")
    assert not DataExportPiece.objects.exists()
    assert DataExport.objects.filter(passphrase="").count() == 1
    [failure] = JobFailure.objects.all()
    assert "DecryptionFailed" in failure.error
    make_due()
    run_worker(queue="exports")  # finds it over: nothing is left to attend to
    assert not JobFailure.objects.exists()
    assert not ProcrastinateJob.objects.filter(queue_name="exports", status="todo").exists()
    asked(api)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_it_and_its_owner_is_told():
    client = make_client()
    api = signed_in(client)
    told = asked(api)
    run_worker(queue="exports")
    assert api.get(f"{EXPORTS}{told['id']}/").json()["status"] == "ready"
    events = [each["event"] for each in waiting("kernel.deliver_event") if "export_id" in each["event"]]
    assert {(each["export_id"], each["client_id"]) for each in events} == {(told["id"], str(client.pk))}
    assert set(events[0]) == set(ExportReady.__dataclass_fields__) - {"_events"}
