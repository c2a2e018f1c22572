"""What exports need from outside: files in pieces, makers of files, whom the file speaks to, jobs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from apps.client_cabinet.domain.data_export import DataExport, ExportKind

type Tell = Callable[[int], None]
"""Told how many records are written so far."""
type NewPassphrase = Callable[[], str]


class BuildSuperseded(Exception):
    """The export was dropped, or another worker has begun it anew: this attempt must end at once."""


class ByteSink(Protocol):
    """Takes bytes one after another and never goes back."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class ExportOrder:
    """What is to be made. ``made_at`` stands in the file; days are included, and None for an archive."""

    client_id: UUID
    kind: ExportKind
    first_day: date | None
    last_day: date | None
    passphrase: str
    made_at: datetime


class ExportMaker(Protocol):
    def count(self, order: ExportOrder) -> int:
        """How many records :meth:`make` will tell of when it is through."""
        ...

    def make(self, order: ExportOrder, into: ByteSink, tell: Tell) -> None:
        """Write the encrypted file. Raises DecryptionFailed where a text of the person does not open."""
        ...


class ExportFiles(Protocol):
    def writer(self, *, export_id: UUID, build: UUID) -> AbstractContextManager["FileWriter"]:
        """Writes the file of one attempt, in pieces that are kept at once; what an attempt before has left
        is removed first. Its calls raise BuildSuperseded."""
        ...

    def read(self, *, export_id: UUID, build: UUID) -> Iterator[bytes]:
        """The pieces in order, one in memory at a time."""
        ...

    def remove(self, export_id: UUID, *, but: UUID | None = None) -> None:
        """Remove what is kept of the export, that of the attempt ``but`` excepted."""
        ...


class FileWriter(ByteSink, Protocol):
    @property
    def size(self) -> int:
        """Bytes taken so far."""
        ...

    def tell_done(self, done: int) -> None:
        """Write down how many records are done. Raises BuildSuperseded."""
        ...


@dataclass(frozen=True, kw_only=True)
class FileReader:
    """The person whom a file speaks to; ``name`` is P1, ``time_zone`` an IANA name."""

    name: str
    time_zone: str
    language: str


class BuildLater(Protocol):
    def __call__(self, export_id: UUID) -> None:
        """Have the file made by a worker, once the transaction has ended well."""
        ...


__all__ = [
    "BuildLater",
    "BuildSuperseded",
    "ByteSink",
    "DataExport",
    "ExportFiles",
    "ExportMaker",
    "ExportOrder",
    "FileReader",
    "FileWriter",
    "NewPassphrase",
    "Tell",
]
