"""Use cases with their adapters: all dependency injection of booking."""

from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from apps.booking.application.answer_offer import AcceptOffer, DeclineOffer
from apps.booking.application.answer_request import AcceptRequest, DeclineRequest
from apps.booking.application.book_appointment import BookAppointment
from apps.booking.application.book_for_client import BookForClient
from apps.booking.application.cancel_appointment import CancelAppointment, PreviewCancellation
from apps.booking.application.change_schedule import ChangeSchedule
from apps.booking.application.change_service import AddService, ChangeService, MoveService
from apps.booking.application.extend_hold import ExtendHold
from apps.booking.application.find_new_times import FindNewTimes
from apps.booking.application.find_slots import FindSlots
from apps.booking.application.follow_up import OpenFollowUps, SettleFollowUp
from apps.booking.application.import_services import ImportServices
from apps.booking.application.intake_form import FillIntake, OpenIntake, ReadIntake, SubmitIntake
from apps.booking.application.make_offer import MakeOffer, ReleaseOffer
from apps.booking.application.offer_by_hand import OfferByHand, WithdrawOffer
from apps.booking.application.offer_freed_slot import OfferFreedSlot
from apps.booking.application.read_notes import ReadNotes
from apps.booking.application.receive_payment import ReceivePayment
from apps.booking.application.record_export import RecordExport
from apps.booking.application.record_outcome import RecordOutcome
from apps.booking.application.record_outside_payment import RecordOutsidePayment
from apps.booking.application.record_settings import RecordSettings
from apps.booking.application.release_overdue import ReleaseAppointment, ReleaseOverdue
from apps.booking.application.request_place import RequestPlace
from apps.booking.application.reschedule_appointment import RescheduleAppointment
from apps.booking.application.settle_offer import SettleOffer
from apps.booking.application.slot_claim import SlotClaim
from apps.booking.application.waiting_client import WaitingClient
from apps.booking.application.waitlist import (
    JoinWaitlist,
    LeaveWaitlist,
    MoveWaitlistRequest,
    NoticeOpening,
)
from apps.booking.infrastructure.neighbours import (
    FacadeAuditLog,
    IdentityClients,
    IdentityConsents,
    IdentityContacts,
)
from apps.booking.infrastructure.repositories.appointments import PostgresAppointmentRepository
from apps.booking.infrastructure.repositories.catalogue import PostgresServiceCatalogue
from apps.booking.infrastructure.repositories.follow_ups import PostgresFollowUps
from apps.booking.infrastructure.repositories.intake_forms import PostgresIntakeRepository
from apps.booking.infrastructure.repositories.offerings import PostgresOfferingRepository
from apps.booking.infrastructure.repositories.schedules import PostgresSchedules
from apps.booking.infrastructure.repositories.waitlist import PostgresWaitlistRepository
from apps.booking.infrastructure.repositories.waitlist_offers import PostgresWaitlistOfferRepository
from apps.kernel.infrastructure.clock import SystemClock
from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork

clock = SystemClock()
unit_of_work = DjangoUnitOfWork()
events = QueuedEventBus(subscriptions)
appointments = PostgresAppointmentRepository()
offerings = PostgresOfferingRepository()
forms = PostgresIntakeRepository()
waitlist = PostgresWaitlistRepository()
offers = PostgresWaitlistOfferRepository()
follow_ups = PostgresFollowUps()
catalogue = PostgresServiceCatalogue()
schedules = PostgresSchedules()
consents = IdentityConsents()
audit = FacadeAuditLog()

_release = ReleaseAppointment(appointments=appointments, events=events, new_id=uuid4)
_claim = SlotClaim(appointments=appointments, release=_release)

find_slots = FindSlots(offerings=offerings, clock=clock)
find_new_times = FindNewTimes(
    unit_of_work=unit_of_work, offerings=offerings, appointments=appointments, clock=clock
)
book_appointment = BookAppointment(
    unit_of_work=unit_of_work,
    offerings=offerings,
    appointments=appointments,
    claim=_claim,
    consents=consents,
    events=events,
    clock=clock,
    new_id=uuid4,
)
book_for_client = BookForClient(
    unit_of_work=unit_of_work, clients=IdentityClients(), book=book_appointment, clock=clock
)
receive_payment = ReceivePayment(
    unit_of_work=unit_of_work, appointments=appointments, claim=_claim, events=events, new_id=uuid4
)
release_overdue = ReleaseOverdue(
    unit_of_work=unit_of_work, appointments=appointments, release=_release, clock=clock
)
preview_cancellation = PreviewCancellation(unit_of_work=unit_of_work, appointments=appointments, clock=clock)

_command: dict[str, Any] = {
    "unit_of_work": unit_of_work,
    "appointments": appointments,
    "events": events,
    "clock": clock,
    "new_id": uuid4,
}
accept_request = AcceptRequest(**_command)
decline_request = DeclineRequest(**_command)
extend_hold = ExtendHold(**_command)
cancel_appointment = CancelAppointment(**_command)
record_outcome = RecordOutcome(**_command)
record_outside_payment = RecordOutsidePayment(**_command)
reschedule_appointment = RescheduleAppointment(**_command, offerings=offerings, claim=_claim)

open_intake = OpenIntake(
    unit_of_work=unit_of_work,
    appointments=appointments,
    offerings=offerings,
    forms=forms,
    consents=consents,
    clock=clock,
)
fill_intake = FillIntake(unit_of_work=unit_of_work, intake=open_intake, forms=forms, clock=clock)
submit_intake = SubmitIntake(
    unit_of_work=unit_of_work, intake=open_intake, forms=forms, events=events, clock=clock, new_id=uuid4
)
read_intake = ReadIntake(unit_of_work=unit_of_work, forms=forms, audit=audit, clock=clock)
read_notes = ReadNotes(unit_of_work=unit_of_work, appointments=appointments, audit=audit, clock=clock)

open_follow_ups = OpenFollowUps(unit_of_work=unit_of_work, follow_ups=follow_ups)
settle_follow_up = SettleFollowUp(unit_of_work=unit_of_work, follow_ups=follow_ups, audit=audit, clock=clock)

join_waitlist = JoinWaitlist(
    unit_of_work=unit_of_work,
    offerings=offerings,
    waitlist=waitlist,
    consents=consents,
    events=events,
    clock=clock,
    new_id=uuid4,
    new_token=token_urlsafe,
)
request_place = RequestPlace(contacts=IdentityContacts(), join=join_waitlist)
_offering: dict[str, Any] = {
    "appointments": appointments,
    "offers": offers,
    "events": events,
    "new_id": uuid4,
}
_release_offer = ReleaseOffer(**_offering)
_make_offer = MakeOffer(**_offering, waitlist=waitlist)
_waiting_client = WaitingClient(
    unit_of_work=unit_of_work, clients=IdentityClients(), contacts=IdentityContacts(), consents=consents
)
_waitlist: dict[str, Any] = {"unit_of_work": unit_of_work, "waitlist": waitlist, "clock": clock}
leave_waitlist = LeaveWaitlist(**_waitlist, release=_release_offer)
move_waitlist_request = MoveWaitlistRequest(**_waitlist, release=_release_offer, audit=audit)
notice_opening = NoticeOpening(unit_of_work=unit_of_work, waitlist=waitlist, offers=offers)
offer_freed_slot = OfferFreedSlot(
    **_waitlist,
    offerings=offerings,
    appointments=appointments,
    offers=offers,
    claim=_claim,
    client_of=_waiting_client,
    make=_make_offer,
)
settle_offer = SettleOffer(
    **_waitlist,
    appointments=appointments,
    offers=offers,
    release=_release_offer,
    offer_freed_slot=offer_freed_slot,
)
offer_by_hand = OfferByHand(
    **_waitlist,
    offerings=offerings,
    offers=offers,
    claim=_claim,
    client_of=_waiting_client,
    make=_make_offer,
    audit=audit,
)
withdraw_offer = WithdrawOffer(**_waitlist, release=_release_offer, audit=audit)
accept_offer = AcceptOffer(**_command, consents=consents)
decline_offer = DeclineOffer(**_command)

_audited: dict[str, Any] = {"unit_of_work": unit_of_work, "audit": audit, "clock": clock}
add_service = AddService(**_audited, catalogue=catalogue)
change_service = ChangeService(**_audited, catalogue=catalogue)
move_service = MoveService(**_audited, catalogue=catalogue)
change_schedule = ChangeSchedule(**_audited, schedules=schedules)
record_export = RecordExport(**_audited)
record_settings = RecordSettings(**_audited)
import_services = ImportServices(**_audited, add=add_service, change=change_service)
