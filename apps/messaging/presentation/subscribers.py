"""What messaging does when it hears an event: it plans letters, which are composed when they are sent."""

from dataclasses import dataclass

from apps.booking.events import (
    AppointmentCanceled,
    AppointmentConfirmed,
    AppointmentDeclined,
    AppointmentHeld,
    AppointmentRescheduled,
    WaitlistOffered,
)
from apps.client_cabinet.events import ExportReady, MaterialShared
from apps.identity.events import (
    ConfirmationCodeRequested,
    ConsentChainHeadPublished,
    ContactChanged,
    SignInCodeRequested,
    StaffInvited,
)
from apps.kernel.infrastructure.event_bus import Subscription
from apps.messaging import wiring
from apps.messaging.application.plan_account_letters import PlanAccountLetters
from apps.messaging.application.plan_messages import PlanMessages
from apps.payments.events import PaymentSucceeded, RefundSucceeded


@dataclass(frozen=True)
class LettersUponEvents:
    """Every event that asks for letters, and the call of ``plan`` that it leads to."""

    plan: PlanMessages

    def subscriptions(self) -> list[Subscription]:
        return [
            Subscription(
                event=AppointmentConfirmed, name="messaging.confirmed", handler=self.appointment_confirmed
            ),
            Subscription(
                event=AppointmentRescheduled, name="messaging.moved", handler=self.appointment_moved
            ),
            Subscription(
                event=AppointmentCanceled, name="messaging.canceled", handler=self.appointment_canceled
            ),
            Subscription(event=AppointmentDeclined, name="messaging.declined", handler=self.request_declined),
            Subscription(event=AppointmentHeld, name="messaging.held", handler=self.appointment_held),
            Subscription(event=WaitlistOffered, name="messaging.offered", handler=self.waitlist_offered),
            Subscription(event=PaymentSucceeded, name="messaging.paid", handler=self.payment_received),
            Subscription(event=RefundSucceeded, name="messaging.returned", handler=self.payment_returned),
            Subscription(
                event=SignInCodeRequested, name="messaging.sign_in", handler=self.sign_in_code_requested
            ),
        ]

    def appointment_confirmed(self, event: AppointmentConfirmed) -> None:
        self.plan.confirmed(appointment_id=event.appointment_id, occurred_at=event.occurred_at)

    def appointment_moved(self, event: AppointmentRescheduled) -> None:
        self.plan.moved(
            appointment_id=event.appointment_id,
            start=event.start,
            old_start=event.old_start,
            event_id=event.event_id,
            occurred_at=event.occurred_at,
        )

    def appointment_canceled(self, event: AppointmentCanceled) -> None:
        self.plan.canceled(
            appointment_id=event.appointment_id, refund_minor=event.refund_minor, currency=event.currency
        )

    def request_declined(self, event: AppointmentDeclined) -> None:
        self.plan.declined(appointment_id=event.appointment_id, by=event.by)

    def appointment_held(self, event: AppointmentHeld) -> None:
        self.plan.held(appointment_id=event.appointment_id, occurred_at=event.occurred_at)

    def waitlist_offered(self, event: WaitlistOffered) -> None:
        self.plan.offered(
            offer_id=event.offer_id, appointment_id=event.appointment_id, expires_at=event.expires_at
        )

    def payment_received(self, event: PaymentSucceeded) -> None:
        """Money that the appointment did not take is given back by itself: the letter about that says so."""
        if event.taken:
            self.plan.paid(
                payment_id=event.payment_id,
                appointment_id=event.appointment_id,
                amount_minor=event.amount_minor,
                currency=event.currency,
            )

    def payment_returned(self, event: RefundSucceeded) -> None:
        self.plan.returned(
            refund_id=event.refund_id,
            payment_id=event.payment_id,
            appointment_id=event.appointment_id,
            amount_minor=event.amount_minor,
            currency=event.currency,
        )

    def sign_in_code_requested(self, event: SignInCodeRequested) -> None:
        self.plan.sign_in(row_id=event.row_id, request_number=event.request_number, event_id=event.event_id)


@dataclass(frozen=True)
class AccountLettersUponEvents:
    """Events of accounts, the cabinet and the chain of consents, and the call of ``plan`` they lead to."""

    plan: PlanAccountLetters

    def subscriptions(self) -> list[Subscription]:
        return [
            Subscription(
                event=ConfirmationCodeRequested,
                name="messaging.confirmation_code",
                handler=self.confirmation_code_requested,
            ),
            Subscription(
                event=ContactChanged, name="messaging.contact_changed", handler=self.contact_changed
            ),
            Subscription(event=ExportReady, name="messaging.export_ready", handler=self.export_ready),
            Subscription(
                event=MaterialShared, name="messaging.material_shared", handler=self.material_shared
            ),
            Subscription(event=StaffInvited, name="messaging.invited", handler=self.staff_invited),
            Subscription(
                event=ConsentChainHeadPublished, name="messaging.chain_head", handler=self.head_published
            ),
        ]

    def confirmation_code_requested(self, event: ConfirmationCodeRequested) -> None:
        self.plan.confirmation_code(confirmation_id=event.confirmation_id)

    def contact_changed(self, event: ContactChanged) -> None:
        self.plan.contact_changed(confirmation_id=event.confirmation_id)

    def export_ready(self, event: ExportReady) -> None:
        self.plan.export_ready(export_id=event.export_id, client_id=event.client_id)

    def material_shared(self, event: MaterialShared) -> None:
        self.plan.material_shared(client_id=event.client_id, event_id=event.event_id)

    def staff_invited(self, event: StaffInvited) -> None:
        self.plan.invited(invitation_id=event.invitation_id)

    def head_published(self, event: ConsentChainHeadPublished) -> None:
        self.plan.chain_head(
            seq=event.seq, head=event.head, occurred_at=event.occurred_at, event_id=event.event_id
        )


SUBSCRIPTIONS = [
    *LettersUponEvents(wiring.plan_messages).subscriptions(),
    *AccountLettersUponEvents(wiring.plan_account_letters).subscriptions(),
]
