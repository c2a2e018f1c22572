"""Tombstones outside the database: a file of JSON lines that is only ever appended to."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from apps.client_cabinet.application.erasure_ports import TombstonesUnreadable
from apps.client_cabinet.domain.erasure import Scope, Tombstone
from apps.client_cabinet.infrastructure import models
from apps.client_cabinet.infrastructure.erasure_neighbours import people_alive
from apps.kernel.application.ports import TemporaryFailure

CHUNK = 1_000


@dataclass(frozen=True)
class JsonLinesTombstones:
    """TombstoneFile over ``settings.TOMBSTONES_FILE``: ids and instants, readable by its owner only."""

    def read(self) -> list[Tombstone]:
        try:
            with self._path.open("rb") as file:
                return _whole_lines(file.read())
        except FileNotFoundError:
            return []

    def append(self, tombstones: list[Tombstone]) -> int:
        if not tombstones:
            return 0
        try:
            with self._locked() as file:
                content = file.read()
                known = {each.id for each in _whole_lines(content)}
                new = [each for each in tombstones if each.id not in known]
                file.truncate(content.rfind(b"\n") + 1)  # half a line is left by a crash; it is written anew
                file.seek(0, os.SEEK_END)
                file.write(b"".join(_line(each) for each in new))
                file.flush()
                os.fsync(file.fileno())
            self._keep_name()
        except OSError as error:
            raise TemporaryFailure("tombstones_file") from error
        return len(new)

    @property
    def _path(self) -> Path:
        return Path(settings.TOMBSTONES_FILE)

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _keep_name(self) -> None:
        """A new file survives a loss of power only when its directory is on the disk, too."""
        handle = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class DjangoRevival:
    """Revival over the ORM: a constant number of statements per thousand tombstones."""

    def unanswered(self, tombstones: list[Tombstone]) -> list[Tombstone]:
        found: list[Tombstone] = []
        for start in range(0, len(tombstones), CHUNK):
            found += _unanswered(tombstones[start : start + CHUNK])
        return found


def _unanswered(tombstones: list[Tombstone]) -> list[Tombstone]:
    ids = [each.id for each in tombstones]
    known = set(models.Tombstone.objects.filter(pk__in=ids).values_list("pk", flat=True))
    alive = people_alive([each.person_id for each in tombstones if each.scope is Scope.ACCOUNT])
    back = _entries_back([each for each in tombstones if each.scope is not Scope.ACCOUNT])
    return [
        each
        for each in tombstones
        if each.id not in known
        or (each.scope is Scope.ACCOUNT and each.person_id in alive)
        or each.id in back
    ]


def _entries_back(tombstones: list[Tombstone]) -> set[UUID]:
    """The tombstones of entries and diaries whose entries are there again."""
    if not tombstones:
        return set()
    rows = models.DiaryEntry.objects.filter(
        Q(pk__in=[each.entry_id for each in tombstones if each.entry_id])
        | Q(author__in={each.person_id for each in tombstones if not each.entry_id})
    ).values_list("pk", "author_id", "created_at")
    entries = {pk for pk, _author, _at in rows}
    oldest: dict[UUID, datetime] = {}
    for _pk, author, at in rows:
        oldest[author] = min(at, oldest.get(author, at))
    return {
        each.id
        for each in tombstones
        if each.entry_id in entries
        or (each.entry_id is None and each.person_id in oldest and oldest[each.person_id] <= each.erased_at)
    }


def _line(tombstone: Tombstone) -> bytes:
    values = {
        "id": str(tombstone.id),
        "person": str(tombstone.person_id),
        "scope": tombstone.scope.value,
        "entry": str(tombstone.entry_id) if tombstone.entry_id else None,
        "erased_at": tombstone.erased_at.isoformat(),
    }
    return json.dumps(values).encode() + b"\n"


def _whole_lines(content: bytes) -> list[Tombstone]:
    """Raises TombstonesUnreadable; what follows the last end of line was broken off and is left out."""
    lines = content[: content.rfind(b"\n") + 1].splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            values = json.loads(line)
            found.append(
                Tombstone(
                    id=UUID(values["id"]),
                    person_id=UUID(values["person"]),
                    scope=Scope(values["scope"]),
                    entry_id=UUID(values["entry"]) if values["entry"] else None,
                    erased_at=datetime.fromisoformat(values["erased_at"]),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise TombstonesUnreadable(f"line {number} of the tombstones is unreadable") from error
    return found
