"""A practice in memory: every use case of booking over fakes."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.booking.application.answer_offer import AcceptOffer, DeclineOffer
from apps.booking.application.answer_request import AcceptRequest, DeclineRequest
from apps.booking.application.book_appointment import BookAppointment
from apps.booking.application.book_for_client import BookForClient
from apps.booking.application.cancel_appointment import CancelAppointment, PreviewCancellation
from apps.booking.application.extend_hold import ExtendHold
from apps.booking.application.find_slots import FindSlots
from apps.booking.application.intake_form import FillIntake, OpenIntake, ReadIntake, SubmitIntake
from apps.booking.application.make_offer import MakeOffer, ReleaseOffer
from apps.booking.application.offer_by_hand import OfferByHand, WithdrawOffer
from apps.booking.application.offer_freed_slot import OfferFreedSlot
from apps.booking.application.ports import GivenConsents
from apps.booking.application.record_outcome import RecordOutcome
from apps.booking.application.record_outside_payment import RecordOutsidePayment
from apps.booking.application.release_overdue import ReleaseAppointment, ReleaseOverdue
from apps.booking.application.reschedule_appointment import RescheduleAppointment
from apps.booking.application.settle_offer import SettleOffer
from apps.booking.application.slot_claim import SlotClaim
from apps.booking.application.views import AppointmentView
from apps.booking.application.waiting_client import WaitingClient
from apps.booking.application.waitlist import (
    JoinWaitlist,
    LeaveWaitlist,
    MoveWaitlistRequest,
    NoticeOpening,
)
from apps.booking.domain.appointment import Appointment, Origin
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.repositories import Offering
from apps.booking.domain.service import MeetingFormat
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.ids import NewId
from tests.booking.domain_objects import (
    CLIENT_ID,
    NOW,
    OWNER_ID,
    PRICE,
    START,
    STRANGER_ID,
    counted_ids,
    schedule,
    service,
    specialist,
)
from tests.booking.fakes import (
    FakeAppointments,
    FakeAuditLog,
    FakeClients,
    FakeConsents,
    FakeContacts,
    FakeForms,
    FakeOfferings,
    FakeOffers,
    FakeUnitOfWork,
    FakeWaitlist,
    MovableClock,
    RecordingBus,
)

CLIENT = Actor(user_id=CLIENT_ID, role="client")
STRANGER = Actor(user_id=STRANGER_ID, role="client")
OWNER = Actor(user_id=OWNER_ID, role="owner")
NOTHING_GIVEN = GivenConsents(documents=[], evidence={})
CONSENT_GIVEN = GivenConsents(documents=[("personal_data", "1.0")], evidence={"ip": "192.0.2.1"})


@dataclass
class Practice:
    """Fakes, and the use cases wired over them."""

    offering: Offering = field(
        default_factory=lambda: Offering(service=service(), specialist=specialist(), schedule=schedule())
    )
    clock: MovableClock = field(default_factory=lambda: MovableClock(NOW))
    new_id: NewId = field(default_factory=lambda: counted_ids(3))

    def __post_init__(self) -> None:
        self.appointments = FakeAppointments()
        self.offerings = FakeOfferings(self.offering, appointments=self.appointments)
        self.forms = FakeForms()
        self.waitlist = FakeWaitlist()
        self.consents = FakeConsents()
        self.consents.rows |= {(CLIENT_ID, "personal_data"), (CLIENT_ID, "health_data")}
        self.clients = FakeClients()
        self.offers = FakeOffers()
        self.contacts = FakeContacts()
        self.contacts.known[CLIENT_ID] = {"email": "irina@example.org"}
        self.audit = FakeAuditLog()
        self.bus = RecordingBus()
        self.unit_of_work = FakeUnitOfWork(
            [
                self.appointments,
                self.forms,
                self.waitlist,
                self.offers,
                self.consents,
                self.clients,
                self.audit,
                self.bus,
            ]
        )
        release = ReleaseAppointment(appointments=self.appointments, events=self.bus, new_id=self.new_id)
        claim = SlotClaim(appointments=self.appointments, release=release)
        frame: dict[str, Any] = {"unit_of_work": self.unit_of_work, "clock": self.clock}
        command = {**frame, "appointments": self.appointments, "events": self.bus, "new_id": self.new_id}
        self.find_slots = FindSlots(offerings=self.offerings, clock=self.clock)
        self.book_appointment = BookAppointment(
            **command, offerings=self.offerings, claim=claim, consents=self.consents
        )
        self.book_for_client = BookForClient(**frame, clients=self.clients, book=self.book_appointment)
        self.release_overdue = ReleaseOverdue(**frame, appointments=self.appointments, release=release)
        self.preview_cancellation = PreviewCancellation(**frame, appointments=self.appointments)
        self.accept_request = AcceptRequest(**command)
        self.decline_request = DeclineRequest(**command)
        self.extend_hold = ExtendHold(**command)
        self.cancel_appointment = CancelAppointment(**command)
        self.record_outcome = RecordOutcome(**command)
        self.record_outside_payment = RecordOutsidePayment(**command)
        self.reschedule_appointment = RescheduleAppointment(**command, offerings=self.offerings, claim=claim)
        self.open_intake = OpenIntake(
            **frame,
            appointments=self.appointments,
            offerings=self.offerings,
            forms=self.forms,
            consents=self.consents,
        )
        self.fill_intake = FillIntake(**frame, intake=self.open_intake, forms=self.forms)
        self.submit_intake = SubmitIntake(
            **frame, intake=self.open_intake, forms=self.forms, events=self.bus, new_id=self.new_id
        )
        self.read_intake = ReadIntake(**frame, forms=self.forms, audit=self.audit)
        self.join_waitlist = JoinWaitlist(
            **frame,
            offerings=self.offerings,
            waitlist=self.waitlist,
            consents=self.consents,
            events=self.bus,
            new_id=self.new_id,
            new_token=lambda: "guest-token",
        )
        offering = {
            "appointments": self.appointments,
            "offers": self.offers,
            "events": self.bus,
            "new_id": self.new_id,
        }
        release_offer = ReleaseOffer(**offering)
        make = MakeOffer(**offering, waitlist=self.waitlist)
        client_of = WaitingClient(
            unit_of_work=self.unit_of_work,
            clients=self.clients,
            contacts=self.contacts,
            consents=self.consents,
        )
        queue: dict[str, Any] = {**frame, "waitlist": self.waitlist}
        offer: dict[str, Any] = {
            **queue,
            "offerings": self.offerings,
            "offers": self.offers,
            "claim": claim,
            "client_of": client_of,
            "make": make,
        }
        self.leave_waitlist = LeaveWaitlist(**queue, release=release_offer)
        self.move_waitlist_request = MoveWaitlistRequest(**queue, release=release_offer, audit=self.audit)
        self.notice_opening = NoticeOpening(
            unit_of_work=self.unit_of_work, waitlist=self.waitlist, offers=self.offers
        )
        self.offer_freed_slot = OfferFreedSlot(**offer, appointments=self.appointments)
        self.offer_by_hand = OfferByHand(**offer, audit=self.audit)
        self.withdraw_offer = WithdrawOffer(**queue, release=release_offer, audit=self.audit)
        self.settle_offer = SettleOffer(
            **queue,
            appointments=self.appointments,
            offers=self.offers,
            release=release_offer,
            offer_freed_slot=self.offer_freed_slot,
        )
        self.accept_offer = AcceptOffer(**command, consents=self.consents)
        self.decline_offer = DeclineOffer(**command)

    def offer(self, **changes: Any) -> None:
        """Change the service on offer."""
        self.offering = replace(self.offering, service=replace(self.offering.service, **changes))
        self.offerings.offerings = [self.offering]

    def limit_days_to(self, count: int) -> None:
        """Limit how many sessions of every kind a day may have."""
        self.offering = replace(self.offering, schedule=replace(self.offering.schedule, daily_limit=count))
        self.offerings.offerings = [self.offering]

    def book(
        self,
        *,
        start: datetime = START,
        actor: Actor = CLIENT,
        client_id: UUID = CLIENT_ID,
        slug: str = "first-session",
        meeting_format: MeetingFormat = MeetingFormat.ONLINE,
        given: GivenConsents = NOTHING_GIVEN,
    ) -> AppointmentView:
        return self.book_appointment(
            actor=actor,
            client_id=client_id,
            service_slug=slug,
            start=start,
            meeting_format=meeting_format,
            time_zone="Asia/Yekaterinburg",
            given=given,
            origin=Origin(topic="anxiety"),
        )

    def book_and_pay(self, **values: Any) -> AppointmentView:
        view = self.book(**values)
        return self.record_outside_payment(
            appointment_id=view.id, actor=OWNER, amount=PRICE, method=PaymentMethod.CASH
        )

    def kept(self, appointment_id: UUID) -> Appointment:
        return self.appointments.get(appointment_id)
