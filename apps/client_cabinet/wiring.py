"""Use cases with their adapters: all dependency injection of the cabinet."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError

from apps.client_cabinet.application.build_export import BuildExport
from apps.client_cabinet.application.favourites import AddFavourite, RemoveFavourite
from apps.client_cabinet.application.fetch_export import DropExport, EndExports, FetchExport
from apps.client_cabinet.application.materials import (
    ApproveMaterial,
    DiscardMaterial,
    DraftMaterial,
    EditMaterial,
    OpenMaterial,
    ReadMaterial,
    WithdrawMaterial,
)
from apps.client_cabinet.application.request_export import RequestExport
from apps.client_cabinet.application.share_entry import ReadSharedEntry, ShareEntry, UnshareEntry
from apps.client_cabinet.application.write_diary import CorrectEntry, DiaryConsent, RemoveEntry, WriteEntry
from apps.client_cabinet.domain.data_export import ExportKind
from apps.client_cabinet.infrastructure.diary_export import DiaryMaker
from apps.client_cabinet.infrastructure.export_archive import ArchiveMaker
from apps.client_cabinet.infrastructure.export_files import PostgresExportFiles
from apps.client_cabinet.infrastructure.export_jobs import build_later
from apps.client_cabinet.infrastructure.export_readers import file_reader
from apps.client_cabinet.infrastructure.neighbours import (
    BookingAppointments,
    FacadeAuditLog,
    IdentityConsents,
    is_for,
)
from apps.client_cabinet.infrastructure.passphrases import new_passphrase
from apps.client_cabinet.infrastructure.repositories.data_exports import PostgresExports
from apps.client_cabinet.infrastructure.repositories.diary import PostgresDiaryRepository
from apps.client_cabinet.infrastructure.repositories.favourites import PostgresFavouriteRepository
from apps.client_cabinet.infrastructure.repositories.materials import PostgresMaterialRepository
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.infrastructure.clock import SystemClock
from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork

clock = SystemClock()
unit_of_work = DjangoUnitOfWork()
events = QueuedEventBus(subscriptions)
audit = FacadeAuditLog()
appointments = BookingAppointments()
diary = PostgresDiaryRepository()
materials = PostgresMaterialRepository()
favourites = PostgresFavouriteRepository()

_writing: dict[str, Any] = {
    "unit_of_work": unit_of_work,
    "diary": diary,
    "consent": DiaryConsent(consents=IdentityConsents()),
    "clock": clock,
}
write_entry = WriteEntry(**_writing, new_id=uuid4)
correct_entry = CorrectEntry(**_writing)
remove_entry = RemoveEntry(unit_of_work=unit_of_work, diary=diary, audit=audit, clock=clock)
share_entry = ShareEntry(
    unit_of_work=unit_of_work, diary=diary, appointments=appointments, audit=audit, clock=clock
)
unshare_entry = UnshareEntry(unit_of_work=unit_of_work, diary=diary, audit=audit, clock=clock)
read_shared_entry = ReadSharedEntry(
    unit_of_work=unit_of_work,
    diary=diary,
    appointments=appointments,
    audit=audit,
    clock=clock,
    may_read=is_for,
)

add_favourite = AddFavourite(unit_of_work=unit_of_work, favourites=favourites, clock=clock, new_id=uuid4)
remove_favourite = RemoveFavourite(unit_of_work=unit_of_work, favourites=favourites)

_desk: dict[str, Any] = {
    "unit_of_work": unit_of_work,
    "materials": materials,
    "appointments": appointments,
    "events": events,
    "audit": audit,
    "clock": clock,
    "new_id": uuid4,
    "is_for": is_for,
}
draft_material = DraftMaterial(**_desk)
edit_material = EditMaterial(**_desk)
approve_material = ApproveMaterial(**_desk)
withdraw_material = WithdrawMaterial(**_desk)
discard_material = DiscardMaterial(**_desk)
open_material = OpenMaterial(**_desk)
read_material = ReadMaterial(unit_of_work=unit_of_work, materials=materials, clock=clock)


# --- exports ---

_exports: dict[str, Any] = {
    "unit_of_work": unit_of_work,
    "exports": PostgresExports(),
    "clock": clock,
}
_files = {**_exports, "files": PostgresExportFiles()}
request_export = RequestExport(
    **_exports,
    audit=audit,
    build_later=build_later,
    new_passphrase=new_passphrase,
    new_id=uuid4,
    most=settings.EXPORTS_PER_DAY,
)
fetch_export = FetchExport(**_files, audit=audit)
drop_export = DropExport(**_files, audit=audit)
end_exports = EndExports(**_files)
build_export = BuildExport(
    **_files,
    makers={
        ExportKind.ARCHIVE: ArchiveMaker(reader_of=file_reader),
        ExportKind.DIARY_PDF: DiaryMaker(reader_of=file_reader),
    },
    events=events,
    new_id=uuid4,
    passing=(OperationalError, InterfaceError, TemporaryFailure),
)
