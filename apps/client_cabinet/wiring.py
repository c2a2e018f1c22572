"""Use cases with their adapters: all dependency injection of the cabinet."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError

from apps.client_cabinet.application.build_export import BuildExport
from apps.client_cabinet.application.confirm_erasure import ConfirmErasure, StartErasure
from apps.client_cabinet.application.erase import Erase
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
from apps.client_cabinet.application.plan_erasure import PlanErasure
from apps.client_cabinet.application.replay_tombstones import (
    PublishTombstones,
    ReplayTombstones,
    UnansweredTombstones,
)
from apps.client_cabinet.application.request_export import RequestExport
from apps.client_cabinet.application.share_entry import ReadSharedEntry, ShareEntry, UnshareEntry
from apps.client_cabinet.application.subject_requests import (
    AnswerRequest,
    EnterAccess,
    EnterWithdrawal,
    ExtendRequest,
    FulfilByErasure,
    RecordFulfilled,
    RegisterRequest,
)
from apps.client_cabinet.application.write_diary import CorrectEntry, DiaryConsent, RemoveEntry, WriteEntry
from apps.client_cabinet.domain.data_export import ExportKind
from apps.client_cabinet.infrastructure.diary_erasure import DjangoDiaries
from apps.client_cabinet.infrastructure.diary_export import DiaryMaker
from apps.client_cabinet.infrastructure.erasure_neighbours import IdentityCodes, IdentityPeople
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
from apps.client_cabinet.infrastructure.operator import operator
from apps.client_cabinet.infrastructure.passphrases import new_passphrase
from apps.client_cabinet.infrastructure.repositories.data_exports import PostgresExports
from apps.client_cabinet.infrastructure.repositories.diary import PostgresDiaryRepository
from apps.client_cabinet.infrastructure.repositories.erasures import (
    DjangoActs,
    DjangoErasureRequests,
    DjangoTombstones,
)
from apps.client_cabinet.infrastructure.repositories.favourites import PostgresFavouriteRepository
from apps.client_cabinet.infrastructure.repositories.materials import PostgresMaterialRepository
from apps.client_cabinet.infrastructure.repositories.subject_requests import DjangoSubjectRequests
from apps.client_cabinet.infrastructure.tombstones import DjangoRevival, JsonLinesTombstones
from apps.client_cabinet.infrastructure.working_calendar import is_working_day, local_day
from apps.kernel.application.personal_data import sections
from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.infrastructure.clock import SystemClock
from apps.kernel.infrastructure.encryption import person_keys
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


# --- erasure ---

diaries = DjangoDiaries()
acts = DjangoActs()
tombstones = DjangoTombstones()
subject_requests = DjangoSubjectRequests()

erase = Erase(
    people=IdentityPeople(),
    diaries=diaries,
    sections=sections,
    keys=person_keys(),
    acts=acts,
    tombstones=tombstones,
    audit=audit,
    events=events,
    operator=operator,
    new_id=uuid4,
)
plan_erasure = PlanErasure(diaries=diaries, sections=sections)
start_erasure = StartErasure(
    plan=plan_erasure,
    codes=IdentityCodes(),
    erasures=DjangoErasureRequests(),
    unit_of_work=unit_of_work,
    clock=clock,
    new_id=uuid4,
)
record_fulfilled = RecordFulfilled(
    requests=subject_requests, is_working=is_working_day, local_day=local_day, new_id=uuid4
)
confirm_erasure = ConfirmErasure(
    erase=erase,
    codes=IdentityCodes(),
    erasures=DjangoErasureRequests(),
    acts=acts,
    record_fulfilled=record_fulfilled,
    unit_of_work=unit_of_work,
    clock=clock,
)

_requests: dict[str, Any] = {
    "requests": subject_requests,
    "audit": audit,
    "unit_of_work": unit_of_work,
    "clock": clock,
    "is_working": is_working_day,
    "local_day": local_day,
}
register_request = RegisterRequest(**_requests, new_id=uuid4)
answer_request = AnswerRequest(**_requests)
extend_request = ExtendRequest(**_requests)
enter_withdrawal = EnterWithdrawal(**_requests, people=IdentityPeople())
enter_access = EnterAccess(
    people=IdentityPeople(), record_fulfilled=record_fulfilled, unit_of_work=unit_of_work
)
fulfil_by_erasure = FulfilByErasure(**_requests, erase=erase)

unanswered_tombstones = UnansweredTombstones(file=JsonLinesTombstones(), revival=DjangoRevival())
replay_tombstones = ReplayTombstones(
    unanswered=unanswered_tombstones, erase=erase, unit_of_work=unit_of_work, clock=clock
)
publish_tombstones = PublishTombstones(file=JsonLinesTombstones(), tombstones=tombstones)


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
