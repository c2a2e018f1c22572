"""People with data to take away, and their files opened again."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pyzipper
from rest_framework.test import APIClient

from apps.client_cabinet.infrastructure.export_jobs import BUILD_EXPORT
from apps.client_cabinet.infrastructure.models import DiaryEntry
from apps.identity.infrastructure.models import User
from apps.kernel.application.personal_data import Record, sections
from tests.jobs import work_off

EXPORTS = "/api/v1/me/exports/"
FIRST_DAY = date(2026, 3, 1)


@dataclass(frozen=True)
class Opened:
    """An archive opened with its passphrase."""

    names: list[str]
    contents: dict[str, bytes]

    @property
    def page(self) -> str:
        return self.contents["index.html"].decode()

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.contents["00.json"])
        return found

    def records(self, section: str) -> list[dict[str, Any]]:
        name = next(each["file"] for each in self.manifest["contents"] if each["section"] == section)
        found: list[dict[str, Any]] = json.loads(self.contents[name])
        return found


def opened(archive: bytes, passphrase: str) -> Opened:
    with pyzipper.AESZipFile(BytesIO(archive)) as file:
        file.setpassword(passphrase.encode())
        names = file.namelist()
        return Opened(names=names, contents={name: file.read(name) for name in names})


def asked(api: APIClient, **body: Any) -> dict[str, Any]:
    """The answer to a request for an export, an archive by default."""
    response = api.post(EXPORTS, {"kind": "archive", **body})
    assert response.status_code == 201, response.content
    found: dict[str, Any] = response.json()
    return found


def built(api: APIClient, **body: Any) -> tuple[dict[str, Any], bytes]:
    """A request for an export, a worker that makes it, and the file."""
    answer = asked(api, **body)
    work_off(BUILD_EXPORT)
    response = api.get(f"{EXPORTS}{answer['id']}/file/")
    assert response.status_code == 200, response.content
    return answer, b"".join(response.streaming_content)


def records_of(section: str, person: User | UUID) -> list[Record]:
    """What the register yields of one section about a person."""
    found = next(each for each in sections() if each.section == section)
    return list(found.export(person if isinstance(person, UUID) else person.pk))


def make_entries(author: User, count: int, *, first_day: date = FIRST_DAY, text: str = "Заметка") -> None:
    """Diary entries of three kinds by turns, three a day."""
    now = datetime.now(UTC)
    rows = []
    for number in range(count):
        day = first_day + timedelta(days=number // 3)
        kind, payload = _payload(number, text)
        rows.append(
            DiaryEntry(
                id=uuid4(),
                author=author,
                type=kind,
                happened_at=datetime(day.year, day.month, day.day, 7 + number % 3, tzinfo=UTC),
                time_zone="Europe/Moscow",
                day=day,
                payload=payload,
                created_at=now,
                updated_at=now,
            )
        )
    DiaryEntry.objects.bulk_create(rows, batch_size=500)


def _payload(number: int, text: str) -> tuple[str, dict[str, Any]]:
    if number % 3 == 0:
        hours = 5 + number % 4 + 0.5
        return "sleep_energy", {
            "quality": number % 11,
            "energy": (number * 3) % 11,
            "tension": (number * 7) % 11,
            "hours": hours,
            "note": f"{text} {number}",
        }
    if number % 3 == 1:
        return "emotions", {
            "emotions": [{"name": "тревога", "intensity": number % 11}, {"name": "радость", "intensity": 4}],
            "situation": f"{text} {number}",
        }
    return "abc", {
        "activating_event": f"{text} {number}",
        "beliefs": "Я не справлюсь",
        "consequences": "Было страшно, но я справился",
    }
