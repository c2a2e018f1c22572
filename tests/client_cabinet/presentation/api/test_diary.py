"""A client's diary over HTTP: written, read, corrected, thrown away, shared; nobody else gets near it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.infrastructure.models import AuditRecord
from apps.client_cabinet.infrastructure.models import DiaryEntry
from apps.identity import facade as identity
from tests.booking.factories import make_appointment, make_client, signed_in
from tests.client_cabinet.rows import (
    PAYLOADS,
    consent_to_health_data,
    diarist,
    make_entry,
    publish_health_consent,
)

pytestmark = pytest.mark.django_db

DIARY = "/api/v1/me/diary/"


def place(entry: Any) -> str:
    return f"{DIARY}{entry.pk if isinstance(entry, DiaryEntry) else entry['id']}/"


class TestWriting:
    @pytest.mark.parametrize("kind", sorted(PAYLOADS))
    def test_an_entry_comes_back_as_it_was_written(self, kind):
        author = diarist()
        sent = {
            "type": kind,
            "happened_at": "2026-11-20T23:30:00+03:00",
            "time_zone": "Asia/Yekaterinburg",
            "payload": PAYLOADS[kind],
        }
        api = signed_in(author)
        answer = api.post(DIARY, sent)
        assert answer.status_code == 201, answer.json()
        told = answer.json()
        assert told["payload"] == PAYLOADS[kind]
        assert (told["day"], told["happened_at"]) == ("2026-11-21", "2026-11-21T01:30:00+05:00")
        assert (told["version"], told["shared"]) == (1, None)
        assert api.get(answer["Location"]).json() == told
        assert answer["Cache-Control"].startswith("private")

    def test_the_moment_and_the_zone_are_those_of_now_and_of_the_account(self):
        author = diarist(time_zone="Asia/Vladivostok")
        told = signed_in(author).post(DIARY, {"type": "gratitude", "payload": PAYLOADS["gratitude"]}).json()
        assert told["time_zone"] == "Asia/Vladivostok"
        happened = datetime.fromisoformat(told["happened_at"])
        assert abs(datetime.now(UTC) - happened) < timedelta(minutes=1)
        assert told["day"] == happened.date().isoformat()

    def test_every_fault_is_told_at_its_place(self):
        sent = {
            "type": "emotions",
            "time_zone": "Mars/Phobos",
            "payload": {"emotions": [{"name": "тревога", "intensity": 11}, {"intensity": 3}], "mood": 1},
        }
        answer = signed_in(diarist()).post(DIARY, sent)
        assert answer.status_code == 422
        assert {(each["pointer"], each["code"]) for each in answer.json()["errors"]} == {
            ("/time_zone", "unknown_time_zone"),
            ("/payload/emotions/0/intensity", "out_of_scale"),
            ("/payload/emotions/1/name", "required"),
            ("/payload", "unknown_field"),
        }
        assert not DiaryEntry.objects.exists()

    @pytest.mark.parametrize("body", [[], {}, {"type": "dreams", "payload": {}}, {"type": "abc"}, "text"])
    def test_what_is_no_entry_is_refused(self, body):
        assert signed_in(diarist()).post(DIARY, body).status_code == 422

    def test_the_future_is_no_diary(self):
        ahead = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        sent = {"type": "gratitude", "payload": PAYLOADS["gratitude"], "happened_at": ahead}
        answer = signed_in(diarist()).post(DIARY, sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "entry_in_future")
        assert answer.json()["errors"][0]["pointer"] == "/happened_at"

    def test_it_needs_a_consent_to_health_data_and_shows_its_text(self):
        publish_health_consent()
        client = make_client()
        sent = {"type": "gratitude", "payload": PAYLOADS["gratitude"]}
        answer = signed_in(client).post(DIARY, sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "consent_required")
        assert answer.json()["document"]["purpose"] == "health_data"
        assert answer.json()["document"]["text"]
        consent_to_health_data(client)
        assert signed_in(client).post(DIARY, sent).status_code == 201

    def test_a_withdrawn_consent_ends_writing_but_not_reading_or_removing(self):
        author = diarist()
        entry = make_entry(author)
        identity.withdraw_consent(
            user_id=author.pk,
            purpose="health_data",
            channel="web",
            evidence={"ip": "192.0.2.1", "user_agent": "Browser"},
            at=datetime.now(UTC),
        )
        api = signed_in(author)
        correction = {"type": "emotions", "version": 1, "payload": PAYLOADS["emotions"]}
        assert api.post(DIARY, correction).json()["code"] == "consent_required"
        assert api.put(place(entry), correction).json()["code"] == "consent_required"
        assert api.get(place(entry)).status_code == 200
        assert api.delete(place(entry)).status_code == 204

    def test_the_same_call_twice_writes_once(self):
        api = signed_in(diarist())
        sent = {"type": "gratitude", "payload": PAYLOADS["gratitude"]}
        answers = [api.post(DIARY, sent, headers={"Idempotency-Key": "one"}) for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        assert DiaryEntry.objects.count() == 1


class TestCorrecting:
    def test_the_new_contents_stand_in_place_of_the_old_ones(self):
        author = diarist()
        entry = make_entry(author)
        new = {"emotions": [{"name": "спокойствие", "intensity": 8}]}
        answer = signed_in(author).put(place(entry), {"type": "emotions", "version": 1, "payload": new})
        assert answer.status_code == 200, answer.json()
        assert (answer.json()["payload"], answer.json()["version"]) == (new, 2)
        assert (
            answer.json()["happened_at"]
            == entry.happened_at.astimezone(
                datetime.fromisoformat(answer.json()["happened_at"]).tzinfo
            ).isoformat()
        )

    def test_a_correction_of_something_older_is_refused(self):
        author = diarist()
        entry = make_entry(author, version=3)
        sent = {"type": "emotions", "version": 2, "payload": PAYLOADS["emotions"]}
        answer = signed_in(author).put(place(entry), sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")

    def test_the_kind_stays(self):
        author = diarist()
        sent = {"type": "gratitude", "version": 1, "payload": PAYLOADS["gratitude"]}
        answer = signed_in(author).put(place(make_entry(author)), sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "diary_type_fixed")

    def test_another_moment_moves_the_day(self):
        author = diarist()
        sent = {
            "type": "emotions",
            "version": 1,
            "payload": PAYLOADS["emotions"],
            "happened_at": "2026-11-01T00:30:00+03:00",
        }
        assert signed_in(author).put(place(make_entry(author)), sent).json()["day"] == "2026-11-01"


class TestReading:
    def test_the_latest_moment_comes_first_page_by_page(self):
        author, now = make_client(), datetime.now(UTC)
        made = [make_entry(author, happened_at=now - timedelta(hours=hours)) for hours in range(5)]
        api = signed_in(author)
        first = api.get(DIARY, {"limit": 3}).json()
        second = api.get(first["next"]).json()
        told = [each["id"] for each in first["results"] + second["results"]]
        assert told == [str(each.pk) for each in made]
        assert second["next"] is None

    def test_the_list_tells_the_same_as_the_entry_itself(self):
        author = make_client()
        odd = {"items": ['«кавычки», "ещё" и \\ черта', "две\nстроки", "\u2028 \x7f \U0001f33f"]}
        made = [
            make_entry(author, "gratitude", payload=odd, time_zone="Asia/Kathmandu"),
            make_entry(author, "sleep_energy", shared_for=uuid4()),
        ]
        api = signed_in(author)
        listed = {each["id"]: each for each in api.get(DIARY).json()["results"]}
        assert listed == {str(each.pk): api.get(place(each)).json() for each in made}

    def test_a_period_is_counted_by_the_days_of_the_author(self):
        author = make_client()
        night = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
        here = make_entry(author, happened_at=night, time_zone="Europe/Moscow")
        there = make_entry(author, happened_at=night, time_zone="Asia/Vladivostok")
        assert (here.day, there.day) == (date(2026, 11, 20), date(2026, 11, 21))
        api = signed_in(author)
        assert ids(api.get(DIARY, {"from": "2026-11-21"})) == {str(there.pk)}
        assert ids(api.get(DIARY, {"to": "2026-11-20"})) == {str(here.pk)}
        assert ids(api.get(DIARY, {"from": "2026-11-20", "to": "2026-11-21"})) == {
            str(here.pk),
            str(there.pk),
        }

    def test_one_kind_can_be_asked_for(self):
        author = make_client()
        make_entry(author)
        slept = make_entry(author, "sleep_energy")
        assert ids(signed_in(author).get(DIARY, {"type": "sleep_energy"})) == {str(slept.pk)}

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"from": "2026-11-21", "to": "2026-11-20"}, "period_reversed"),
            ({"type": "dreams"}, "validation_error"),
            ({"from": "yesterday"}, "validation_error"),
        ],
    )
    def test_what_cannot_be_asked_for_is_told(self, query, code):
        answer = signed_in(make_client()).get(DIARY, query)
        assert (answer.status_code, answer.json()["code"]) == (422, code)

    def test_a_page_takes_the_same_few_statements_however_long_the_diary_is(self):
        short, long = make_client(), make_client()
        make_entry(short)
        now = datetime.now(UTC)
        DiaryEntry.objects.bulk_create(
            DiaryEntry(
                author=long,
                type="gratitude",
                happened_at=now - timedelta(minutes=number),
                time_zone="Europe/Moscow",
                day=now.date(),
                payload=PAYLOADS["gratitude"],
                created_at=now,
                updated_at=now,
            )
            for number in range(1_000)
        )
        counts = []
        for author in (short, long):
            api = signed_in(author)
            with CaptureQueriesContext(connection) as captured:
                answer = api.get(DIARY, {"limit": 100})
            assert answer.status_code == 200
            counts.append(len(captured))
        assert len(answer.json()["results"]) == 100
        assert counts[0] == counts[1] <= 4


class TestRemoving:
    def test_a_thrown_away_entry_is_gone_and_its_going_is_written_down_without_a_word_of_it(self):
        author = make_client()
        entry = make_entry(author)
        api = signed_in(author)
        assert api.delete(place(entry)).status_code == 204
        assert api.delete(place(entry)).status_code == 404
        assert not DiaryEntry.objects.exists()
        [record] = AuditRecord.objects.filter(action="diary_entry_removed")
        assert (record.actor_id, record.entity_id, record.changes) == (author.pk, str(entry.pk), {})


class TestSharing:
    def share(self, author, entry, appointment_id):
        return signed_in(author).post(f"{place(entry)}share/", {"appointment_id": str(appointment_id)})

    def test_an_entry_is_shared_for_one_appointment_at_a_time_and_unshared(self):
        author = make_client()
        entry = make_entry(author)
        first, second = make_appointment(client=author), make_appointment(client=author)
        told = self.share(author, entry, first.pk).json()
        assert told["shared"]["appointment_id"] == str(first.pk)
        again = self.share(author, entry, first.pk).json()
        assert again["shared"] == told["shared"]
        assert self.share(author, entry, second.pk).json()["shared"]["appointment_id"] == str(second.pk)
        assert self.share(author, entry, second.pk).json()["version"] == 1
        api = signed_in(author)
        assert api.delete(f"{place(entry)}share/").json()["shared"] is None
        assert api.delete(f"{place(entry)}share/").json()["shared"] is None
        entry.refresh_from_db()
        assert (entry.shared_for, entry.shared_at) == (None, None)
        assert entry.payload == PAYLOADS["emotions"]
        actions = AuditRecord.objects.filter(entity_id=str(entry.pk)).order_by("id")
        assert [each.action for each in actions] == [
            "diary_entry_shared",
            "diary_entry_shared",
            "diary_entry_unshared",
        ]

    @pytest.mark.parametrize("whose", ["a stranger's", "nobody's"])
    def test_an_appointment_of_somebody_else_is_none(self, whose):
        author = make_client()
        entry = make_entry(author)
        appointment_id = make_appointment().pk if whose == "a stranger's" else uuid4()
        answer = self.share(author, entry, appointment_id)
        assert (answer.status_code, answer.json()["code"]) == (422, "appointment_missing")
        entry.refresh_from_db()
        assert entry.shared_for is None

    @pytest.mark.parametrize("status", ["canceled", "declined", "expired"])
    def test_a_session_that_will_not_be_is_none_to_share_for(self, status):
        author = make_client()
        appointment = make_appointment(client=author, status=status)
        answer = self.share(author, make_entry(author), appointment.pk)
        assert (answer.status_code, answer.json()["code"]) == (409, "appointment_not_shareable")


def test_what_may_be_done_can_be_asked_for():
    """OPTIONS, as browsers of another origin send it."""
    assert signed_in(make_client()).options(DIARY).status_code == 200


class TestSoftPrivacy:
    """Nobody but the author: for others an entry does not exist."""

    @pytest.mark.parametrize("shared", [False, True])
    def test_another_client_finds_nothing_and_changes_nothing(self, shared):
        author, stranger = diarist(), diarist()
        appointment = make_appointment(client=author)
        entry = make_entry(author, shared_for=appointment.pk if shared else None)
        theirs = make_appointment(client=stranger)
        before = DiaryEntry.objects.filter(pk=entry.pk).values().get()
        api = signed_in(stranger)
        correction = {"type": "emotions", "version": 1, "payload": PAYLOADS["emotions"]}
        answers = [
            api.get(place(entry)),
            api.put(place(entry), correction),
            api.delete(place(entry)),
            api.post(f"{place(entry)}share/", {"appointment_id": str(theirs.pk)}),
            api.post(f"{place(entry)}share/", {"appointment_id": str(appointment.pk)}),
            api.delete(f"{place(entry)}share/"),
        ]
        assert [each.status_code for each in answers] == [404] * len(answers)
        assert "тревога" not in "".join(each.content.decode() for each in answers)
        assert api.get(DIARY).json()["results"] == []
        after = DiaryEntry.objects.filter(pk=entry.pk).values().get()
        assert str(after) == str(before)
        assert after["version"] == before["version"]

    def test_nobody_else_can_be_named_as_the_author(self):
        author, victim = diarist(), make_client()
        sent = {
            "type": "gratitude",
            "payload": PAYLOADS["gratitude"],
            "author": str(victim.pk),
            "author_id": str(victim.pk),
            "shared": {"appointment_id": str(uuid4())},
            "version": 7,
            "id": str(uuid4()),
        }
        told = signed_in(author).post(DIARY, sent).json()
        entry = DiaryEntry.objects.get()
        assert (entry.author_id, entry.version, entry.shared_for) == (author.pk, 1, None)
        assert told["id"] != sent["id"]


def ids(answer: Any) -> set[str]:
    return {each["id"] for each in answer.json()["results"]}
