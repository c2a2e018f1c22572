"""A client takes their data away over HTTP: asked for, made, fetched, dropped; nobody else gets near it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
import pyzipper
from django.utils import timezone

from apps.audit.infrastructure.models import AuditRecord
from apps.client_cabinet.infrastructure.export_jobs import BUILD_EXPORT
from apps.client_cabinet.infrastructure.models import DataExport, DataExportPiece
from apps.client_cabinet.presentation.tasks import end_exports
from apps.kernel.infrastructure.models import IdempotencyRecord
from tests.booking.factories import make_appointment, make_client, make_staff, signed_in
from tests.client_cabinet.exports import EXPORTS, asked, built, make_entries, opened
from tests.jobs import waiting, work_off

pytestmark = pytest.mark.django_db
DIARY = {"kind": "diary_pdf", "first_day": "2026-03-01", "last_day": "2026-03-31"}


def place(export: dict[str, Any], *, file: bool = False) -> str:
    return f"{EXPORTS}{export['id']}/{'file/' if file else ''}"


class TestAsking:
    def test_the_passphrase_is_told_once_and_never_again(self):
        api = signed_in(make_client())
        response = api.post(EXPORTS, {"kind": "archive"})
        assert response.status_code == 201
        told = response.json()
        assert len(told.pop("passphrase")) == 29
        assert "no-store" in response["Cache-Control"]
        assert api.get(response["Location"]).json() == told
        assert api.get(EXPORTS).json()["results"] == [told]
        assert told["status"] == "requested"
        assert told["progress"] == {"done": 0, "total": 0}

    def test_it_is_in_no_job_no_log_of_calls_and_no_column(self, caplog, capfd):
        answer = signed_in(make_client()).post(
            EXPORTS, {"kind": "archive"}, HTTP_IDEMPOTENCY_KEY="a-key-of-mine"
        )
        assert answer.status_code == 201
        passphrase = answer.json()["passphrase"]
        [arguments] = waiting(BUILD_EXPORT)
        assert list(arguments) == ["export_id"]
        assert not IdempotencyRecord.objects.exists()
        sealed = DataExport.objects.values_list("passphrase", flat=True).get()
        assert sealed
        assert passphrase not in str(sealed)
        assert passphrase not in str(AuditRecord.objects.values_list("changes", "entity_id"))
        assert passphrase not in caplog.text + "".join(capfd.readouterr())

    def test_it_is_wiped_as_soon_as_the_file_is_made(self):
        api = signed_in(make_client())
        told, _ = built(api)
        assert DataExport.objects.filter(pk=told["id"], passphrase="").exists()

    def test_one_at_a_time_and_three_a_day(self):
        api = signed_in(make_client())
        first = asked(api)
        refused = api.post(EXPORTS, {"kind": "archive"})
        assert (refused.status_code, refused.json()["code"]) == (409, "export_running")
        assert api.delete(place(first, file=True)).status_code == 204
        for _ in range(2):
            built(api)
        refused = api.post(EXPORTS, {"kind": "archive"})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_exports")
        assert refused.json()["params"]["most"] == 3
        assert refused.json()["params"]["again_at"]

    @pytest.mark.parametrize(
        "body",
        [
            {"kind": "diary_pdf"},
            {**DIARY, "last_day": "2026-02-28"},
            {**DIARY, "last_day": "2027-03-02"},
            {"kind": "archive", "first_day": "2026-03-01"},
        ],
        ids=["no period", "reversed", "too long", "a period of everything"],
    )
    def test_periods_that_make_no_sense_are_refused(self, body):
        refused = signed_in(make_client()).post(EXPORTS, body)
        assert (refused.status_code, refused.json()["code"]) == (422, "wrong_export_period")

    def test_staff_and_guests_have_no_exports(self, client):
        assert client.get(EXPORTS).status_code == 401
        assert client.post(EXPORTS).status_code == 401
        assert signed_in(make_staff()).post(EXPORTS, {"kind": "archive"}).status_code == 403


class TestTheArchive:
    def test_it_opens_with_the_passphrase_and_with_no_other(self):
        told, file = built(signed_in(make_client(display_name="Мария Волкова")))
        archive = opened(file, told["passphrase"])
        assert archive.records("profile")[0]["display_name"] == "Мария Волкова"
        assert "Мария Волкова" in archive.page
        wrong = pyzipper.AESZipFile(BytesIO(file))
        wrong.setpassword(told["passphrase"].lower().encode())
        for name in wrong.namelist():
            with pytest.raises(RuntimeError, match="password"):
                wrong.read(name)

    def test_every_part_is_aes_256_and_names_tell_nothing(self):
        _, file = built(signed_in(make_client()))
        with pyzipper.AESZipFile(BytesIO(file)) as archive:
            for entry in archive.infolist():
                assert entry.flag_bits & 0x1
                assert entry.wz_aes_strength == 3  # 256 bits
        names = [entry.removesuffix(".json") for entry in archive.namelist() if entry != "index.html"]
        assert all(name.isdecimal() and len(name) == 2 for name in names)

    def test_nothing_of_the_person_is_readable_without_it(self):
        client = make_client(display_name="Мария Волкова", email="canary@example.org")
        make_entries(client, 6, text="Канарейка")
        make_appointment(client=client)
        _, file = built(signed_in(client))
        kept = b"".join(bytes(piece) for piece in DataExportPiece.objects.values_list("data", flat=True))
        assert kept == file
        for canary in ("Волкова", "canary@example.org", "Канарейка", "profile", "appointments"):
            assert canary.encode() not in file

    def test_nothing_of_another_person_is_inside(self):
        other = make_client(display_name="Посторонний Человек", email="stranger@example.org")
        make_entries(other, 3, text="Чужое")
        foreign = make_appointment(client=other)
        client = make_client()
        make_entries(client, 3, text="Своё")
        own = make_appointment(client=client)
        told, file = built(signed_in(client))
        archive = opened(file, told["passphrase"])
        everything = b"".join(archive.contents.values()).decode()
        assert str(own.pk) in everything
        for trace in ("Посторонний", "stranger@", "Чужое", str(other.pk), str(foreign.pk)):
            assert trace not in everything

    def test_progress_ends_at_the_whole(self):
        client = make_client()
        make_appointment(client=client)
        api = signed_in(client)
        told, _ = built(api)
        seen = api.get(place(told)).json()
        assert seen["status"] == "ready"
        assert seen["progress"]["done"] == seen["progress"]["total"] > 0
        assert seen["size"] > 0


class TestTheDiary:
    def test_it_is_a_pdf_that_opens_with_the_passphrase_alone(self):
        client = make_client(display_name="Мария Волкова")
        make_entries(client, 4, text="Шла по набережной")
        told, file = built(signed_in(client), **DIARY)
        document = pypdf.PdfReader(BytesIO(file))
        assert document.is_encrypted
        assert document.decrypt("wrong") == 0
        assert document.decrypt(told["passphrase"]) != 0
        text = "\n".join(page.extract_text() for page in document.pages)
        assert "Мария Волкова" in text
        assert "Шла по набережной 3" in text

    def test_days_outside_and_entries_of_others_are_not_in_it(self):
        client = make_client()
        make_entries(client, 30, text="Запись")
        make_entries(make_client(), 3, text="Чужое")
        told, file = built(signed_in(client), kind="diary_pdf", first_day="2026-03-02", last_day="2026-03-03")
        document = pypdf.PdfReader(BytesIO(file), password=told["passphrase"])
        text = "\n".join(page.extract_text() for page in document.pages)
        for number in range(3, 9):
            assert f"Запись {number}\n" in text
        for trace in ("Запись 2\n", "Запись 9\n", "Чужое", "4 марта"):
            assert trace not in text


class TestFetching:
    @pytest.mark.parametrize(
        ("body", "media_type", "name"),
        [({"kind": "archive"}, "application/zip", "archive-"), (DIARY, "application/pdf", "diary-")],
        ids=["archive", "diary"],
    )
    def test_it_comes_as_a_stream_to_be_saved_and_kept_nowhere(self, body, media_type, name):
        api = signed_in(make_client())
        told = asked(api, **body)
        work_off(BUILD_EXPORT)
        answer = api.get(place(told, file=True))
        assert answer.streaming
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{name}')
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert int(answer["Content-Length"]) == len(b"".join(answer.streaming_content))

    def test_every_fetching_is_on_record(self):
        client = make_client()
        api = signed_in(client)
        told, _ = built(api)
        api.get(place(told, file=True))
        actions = AuditRecord.objects.filter(actor=client.pk, entity="data_export").order_by("id")
        assert list(actions.values_list("action", flat=True)) == [
            "export_requested",
            "export_fetched",
            "export_fetched",
        ]

    def test_to_others_it_does_not_exist(self):
        told, _ = built(signed_in(make_client()))
        stranger = signed_in(make_client())
        for answer in (
            stranger.get(place(told)),
            stranger.get(place(told, file=True)),
            stranger.delete(place(told, file=True)),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "export_not_found")
        assert stranger.get(EXPORTS).json()["results"] == []

    def test_before_it_is_made_there_is_no_file(self):
        api = signed_in(make_client())
        answer = api.get(place(asked(api), file=True))
        assert (answer.status_code, answer.json()["code"]) == (409, "export_not_ready")

    def test_after_72_hours_it_is_gone_even_before_the_job_comes(self):
        api = signed_in(make_client())
        told, _ = built(api)
        DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        answer = api.get(place(told, file=True))
        assert (answer.status_code, answer.json()["code"]) == (410, "export_expired")
        assert api.get(place(told)).json()["status"] == "expired"
        end_exports.func(timestamp=0)
        assert not DataExportPiece.objects.exists()
        assert api.get(place(told, file=True)).status_code == 410

    def test_dropped_it_is_gone_at_once(self):
        api = signed_in(make_client())
        told, _ = built(api)
        assert api.delete(place(told, file=True)).status_code == 204
        assert not DataExportPiece.objects.exists()
        assert api.get(place(told, file=True)).status_code == 410
        assert api.delete(place(told, file=True)).status_code == 204
