"""How diaries, favourites and materials lie in the tables: rows come back whole, and texts are ciphertext."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.client_cabinet.domain.diary import DiaryEntry, DiaryEntryNotFound, Share
from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.domain.favourite import Favourite, FavouriteKind
from apps.client_cabinet.domain.material import Material, MaterialStatus
from apps.client_cabinet.infrastructure import models
from apps.client_cabinet.infrastructure.repositories.diary import PostgresDiaryRepository
from apps.client_cabinet.infrastructure.repositories.favourites import PostgresFavouriteRepository
from apps.client_cabinet.infrastructure.repositories.materials import PostgresMaterialRepository
from apps.kernel.application.personal_data import sections
from apps.kernel.application.ports import DecryptionFailed
from tests.booking.factories import make_client, make_staff
from tests.client_cabinet.rows import PAYLOADS, make_entry, make_favourite, make_material

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CANARY = "КАНАРЕЙКА"


def columns_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} AS t")
        return cursor.fetchone()[0]


def test_an_entry_comes_back_whole():
    entry = DiaryEntry(
        id=uuid4(),
        author_id=make_client().pk,
        type=DiaryType.ABC,
        happened_at=NOW - timedelta(days=1),
        time_zone="Asia/Omsk",
        day=date(2026, 11, 20),
        payload={**PAYLOADS["abc"], "note": "«кавычки» и \U0001f33f"},
        share=Share(appointment_id=uuid4(), shared_at=NOW),
        created_at=NOW,
        updated_at=NOW + timedelta(hours=1),
        version=7,
    )
    diary = PostgresDiaryRepository()
    diary.add(entry)
    kept = diary.get(entry.id, author_id=entry.author_id)
    assert vars(kept) == vars(entry)
    kept.unshare()
    diary.save(kept)
    with pytest.raises(DiaryEntryNotFound):
        diary.share_of(entry.id)
    with pytest.raises(DiaryEntryNotFound):
        diary.get(entry.id, author_id=make_client().pk)


def test_a_material_comes_back_whole():
    staff = make_staff()
    material = Material(
        id=uuid4(),
        client_id=make_client().pk,
        appointment_id=uuid4(),
        title="Три опоры",
        text="## Текст",
        status=MaterialStatus.WITHDRAWN,
        written_by=staff.pk,
        created_at=NOW,
        updated_at=NOW + timedelta(hours=3),
        approved_by=staff.pk,
        approved_at=NOW + timedelta(hours=1),
        withdrawn_at=NOW + timedelta(hours=3),
        first_read_at=NOW + timedelta(hours=2),
        version=3,
    )
    materials = PostgresMaterialRepository()
    materials.add(material)
    assert vars(materials.get(material.id)) == vars(material)


def test_a_favourite_is_kept_once_and_no_more_than_there_is_room():
    favourites, client = PostgresFavouriteRepository(), make_client()

    def add(reference):
        favourite = Favourite(
            id=uuid4(), client_id=client.pk, kind=FavouriteKind.CONTENT, reference=reference, added_at=NOW
        )
        return favourites.add(favourite, at_most=2)

    assert [add("a"), add("a"), add("b"), add("c")] == [True, True, True, False]
    assert models.Favourite.objects.count() == 2


class TestCiphertext:
    def test_no_word_of_a_diary_lies_in_its_table(self):
        entry = make_entry(type="gratitude", payload={"items": [CANARY]})
        assert CANARY not in columns_of("client_cabinet_diaryentry")
        assert models.DiaryEntry.objects.get(pk=entry.pk).payload == {"items": [CANARY]}

    def test_no_word_of_a_material_lies_in_its_table(self):
        make_material(title=CANARY, text=CANARY)
        assert CANARY not in columns_of("client_cabinet_material")

    @pytest.mark.parametrize("moved_to", ["another row", "another author"])
    def test_a_ciphertext_that_was_moved_does_not_open(self, moved_to):
        entry = make_entry()
        other = make_entry(entry.author if moved_to == "another row" else None)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE client_cabinet_diaryentry SET payload = (SELECT payload FROM"
                " client_cabinet_diaryentry WHERE id = %s) WHERE id = %s",
                [entry.pk, other.pk],
            )
        with pytest.raises(DecryptionFailed):
            assert models.DiaryEntry.objects.get(pk=other.pk).payload


class TestGuards:
    """The database repeats what the domain demands."""

    @pytest.mark.parametrize(
        "values",
        [{"type": "dreams"}, {"shared_for": uuid4(), "shared_at": None}, {"shared_at": NOW}],
        ids=["unknown kind", "shared since never", "shared for nothing"],
    )
    def test_an_impossible_entry_is_refused(self, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_entry(payload=PAYLOADS["emotions"], **values)

    @pytest.mark.parametrize(
        "values",
        [
            {"status": "draft", "first_read_at": NOW},
            {"status": "approved", "approved_by": None},
            {"status": "approved", "withdrawn_at": NOW},
            {"status": "withdrawn", "withdrawn_at": None},
            {"status": "lost"},
        ],
        ids=["a draft is not read", "somebody approved", "open or withdrawn", "when withdrawn", "unknown"],
    )
    def test_an_impossible_material_is_refused(self, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_material(**values)

    def test_a_favourite_is_there_once(self):
        kept = make_favourite()
        with pytest.raises(IntegrityError), transaction.atomic():
            make_favourite(kept.client, kind=kept.kind, reference=kept.reference)


class TestPersonalData:
    def section(self, name):
        return next(each for each in sections() if each.section == name)

    def test_everything_of_a_person_is_handed_out_and_nothing_of_others(self):
        client = make_client()
        entry, favourite, material = make_entry(client), make_favourite(client), make_material(client)
        for make in (make_entry, make_favourite, make_material):
            make()
        [diary] = self.section("diary").export(client.pk)
        assert (diary["id"], diary["payload"]) == (str(entry.pk), PAYLOADS["emotions"])
        [told] = self.section("favourites").export(client.pk)
        assert told["reference"] == favourite.reference
        [given] = self.section("materials").export(client.pk)
        assert (given["id"], given["text"]) == (str(material.pk), material.text)
        assert [self.section(name).count(client.pk) for name in ("diary", "favourites", "materials")] == [
            1,
            1,
            1,
        ]

    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_what_is_not_open_to_the_client_is_told_of_without_a_word(self, status):
        material = make_material(status=status, title=CANARY, text=CANARY)
        [told] = self.section("materials").export(material.client_id)
        assert told["status"] == status
        assert CANARY not in str(told)

    def test_an_erasure_takes_all_of_it_and_nothing_of_others(self):
        client, other = make_client(), make_client()
        for person in (client, other):
            for make in (make_entry, make_favourite, make_material):
                make(person)
            make_material(person, "draft")
        touched = {}
        for name in ("diary", "favourites", "materials"):
            section = self.section(name)
            touched |= section.erase(client.pk, NOW)
            assert section.count(client.pk) == 0
            assert section.count(other.pk) > 0
            assert section.kept(client.pk) == []
            assert section.obstacles(client.pk, NOW) == []
        assert touched == {"diary_entries": 1, "favourites": 1, "materials": 2}

    def test_a_long_diary_is_handed_out_page_by_page(self, django_assert_max_num_queries):
        client = make_client()
        now = datetime.now(UTC)
        models.DiaryEntry.objects.bulk_create(
            models.DiaryEntry(
                author=client,
                type="gratitude",
                happened_at=now - timedelta(minutes=number // 2),
                time_zone="UTC",
                day=now.date(),
                payload={"items": [str(number)]},
                created_at=now,
                updated_at=now,
            )
            for number in range(450)
        )
        with django_assert_max_num_queries(5):
            told = [each["payload"]["items"][0] for each in self.section("diary").export(client.pk)]
        assert sorted(map(int, told)) == list(range(450))
