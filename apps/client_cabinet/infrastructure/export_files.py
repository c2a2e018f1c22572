"""Files of exports in PostgreSQL, as machines share nothing else: pieces of ciphertext of at most 256 KiB."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from apps.client_cabinet.application.export_ports import BuildSuperseded
from apps.client_cabinet.domain.data_export import ExportStatus
from apps.client_cabinet.infrastructure.models import PIECE_SIZE, DataExport, DataExportPiece

# A piece is taken only from the attempt that counts; the lock lets nobody drop the export meanwhile.
_ADD = f"""
INSERT INTO {DataExportPiece._meta.db_table} (export_id, build, number, data)
SELECT id, build, %s, %s FROM {DataExport._meta.db_table}
WHERE id = %s AND build = %s AND status = '{ExportStatus.PROCESSING}'
FOR SHARE
"""  # noqa: S608  # only names of our own go into it


class PostgresExportFiles:
    """ExportFiles (port)."""

    @contextmanager
    def writer(self, *, export_id: UUID, build: UUID) -> Iterator["PieceWriter"]:
        DataExportPiece.objects.filter(export=export_id).exclude(build=build).delete()
        writer = PieceWriter(export_id, build)
        yield writer
        writer.finish()

    def read(self, *, export_id: UUID, build: UUID) -> Iterator[bytes]:
        pieces = DataExportPiece.objects.filter(export=export_id, build=build)
        number = 0
        while (piece := pieces.filter(number=number).values_list("data", flat=True).first()) is not None:
            yield bytes(piece)
            number += 1

    def remove(self, export_id: UUID, *, but: UUID | None = None) -> None:
        pieces = DataExportPiece.objects.filter(export=export_id)
        (pieces if but is None else pieces.exclude(build=but)).delete()


class PieceWriter:
    """Takes bytes as a stream that cannot be rewound; keeps at most one piece in memory."""

    def __init__(self, export_id: UUID, build: UUID) -> None:
        self._export_id, self._build = export_id, build
        self._waiting = bytearray()
        self._number = self._taken = 0

    @property
    def size(self) -> int:
        return self._taken

    def write(self, data: bytes, /) -> int:
        self._waiting += data
        self._taken += len(data)
        while len(self._waiting) >= PIECE_SIZE:
            self._keep(bytes(self._waiting[:PIECE_SIZE]))
            del self._waiting[:PIECE_SIZE]
        return len(data)

    def flush(self) -> None:
        """Half pieces wait for the rest."""

    def finish(self) -> None:
        if self._waiting:
            self._keep(bytes(self._waiting))
            self._waiting.clear()

    def tell_done(self, done: int) -> None:
        rows = DataExport.objects.filter(id=self._export_id, build=self._build)
        if not rows.filter(status=ExportStatus.PROCESSING).update(done=done):
            raise BuildSuperseded

    def _keep(self, data: bytes) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [self._number, data, self._export_id, self._build])
            if not cursor.rowcount:
                raise BuildSuperseded
        self._number += 1
