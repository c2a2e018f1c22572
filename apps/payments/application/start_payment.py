"""A client starts paying for an appointment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.kernel.domain.money import Money
from apps.payments.application.finish_intent import FinishIntent
from apps.payments.application.issue_receipts import TOOK_PLACE
from apps.payments.application.ports import Appointments, PayableAppointment
from apps.payments.application.views import PaymentView
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.payment import (
    AlreadyPaid,
    AppointmentNotPayable,
    DepositNotOffered,
    Payment,
    PaymentKind,
    PaymentServiceUnavailable,
)
from apps.payments.domain.receipt import (
    Receipt,
    ReceiptItem,
    ReceiptKind,
    ReceiptStatus,
    advance_item,
    offset_item,
)
from apps.payments.domain.repositories import PaymentRepository, ReceiptRepository

AWAITS_PAYMENT = "pending_payment"
MAY_STILL_PAY = frozenset({"confirmed", TOOK_PLACE})
DESCRIPTION_LENGTH = 128


@dataclass(frozen=True)
class StartPayment:
    """The wish is stored with its idempotence key first; the provider is called after that transaction."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    receipts: ReceiptRepository
    appointments: Appointments
    finish: FinishIntent
    finish_later: Callable[[UUID], None]
    check_return_url: Callable[[str], str]
    clock: Clock
    new_id: NewId

    def __call__(
        self, *, appointment_id: UUID, client_id: UUID | None, kind: PaymentKind, return_url: str
    ) -> PaymentView:
        """Start, or go on with the open payment of this kind: asking twice makes one payment.

        ``client_id`` is None where the right to pay was proved by a signed link. Raises AppointmentNotFound
        (of booking), ReturnUrlNotAllowed, AppointmentNotPayable, AlreadyPaid, DepositNotOffered,
        PaymentRefused, PaymentServiceUnavailable."""
        now = self.clock.now()
        return_url = self.check_return_url(return_url)
        appointment = self.appointments.get(appointment_id, at=now, client_id=client_id)
        amount = amount_to_pay(appointment, kind)
        while True:
            with self.unit_of_work():
                found = self.payments.open_of(appointment.id, kind, amount)
                payment = found or self._intend(appointment, kind, amount, return_url, now)
            if payment.confirmation_url:
                return PaymentView.of(payment)
            view = self.finish(payment_id=payment.id)
            if found is None or view.failure != FailureCategory.TIMEOUT:
                return replace(view, started=found is None)
            # What was found had been given up long ago: it is closed now, and a new one takes its place.

    def _intend(
        self,
        appointment: PayableAppointment,
        kind: PaymentKind,
        amount: Money,
        return_url: str,
        now: datetime,
    ) -> Payment:
        item = receipt_item(appointment, amount)
        payment = Payment.intend(
            id=self.new_id(),
            appointment_id=appointment.id,
            client_id=appointment.client_id,
            kind=kind,
            items=(item,),
            description=appointment.service_name[:DESCRIPTION_LENGTH],
            return_url=return_url,
            idempotence_key=str(self.new_id()),
            now=now,
        )
        if not self.payments.add(payment):
            return self._rival(payment)
        self.receipts.add(
            Receipt(
                id=self.new_id(),
                payment_id=payment.id,
                kind=ReceiptKind.ADVANCE,
                status=ReceiptStatus.PENDING,
                amount=amount,
                items=payment.items,
                provider_id=None,
                idempotence_key=payment.idempotence_key,
                created_at=now,
            )
        )
        self.finish_later(payment.id)
        return payment

    def _rival(self, payment: Payment) -> Payment:
        """The same wish that another call stored at the same moment."""
        found = self.payments.open_of(payment.appointment_id, payment.kind, payment.amount)
        if found is None:
            raise PaymentServiceUnavailable
        return found


def receipt_item(appointment: PayableAppointment, amount: Money) -> ReceiptItem:
    """The line of the receipt at payment: an advance, or the service itself once the session took place."""
    line: dict[str, Any] = {
        "description": appointment.service_name[:DESCRIPTION_LENGTH],
        "amount": amount,
        "vat_code": appointment.vat_code,
        "payment_subject": appointment.payment_subject,
    }
    if appointment.status == TOOK_PLACE:
        return offset_item(**line)
    return advance_item(**line, price=appointment.price)


def amount_to_pay(appointment: PayableAppointment, kind: PaymentKind) -> Money:
    """The expected amount by the snapshot: the deposit, the price, or the rest of it once a part is paid.
    Raises AppointmentNotPayable, AlreadyPaid, DepositNotOffered."""
    if appointment.status not in MAY_STILL_PAY | {AWAITS_PAYMENT}:
        raise AppointmentNotPayable(status=appointment.status)
    rest = appointment.price - appointment.paid
    if not rest:
        raise AlreadyPaid
    if kind is PaymentKind.FULL:
        return rest
    if appointment.deposit is None:
        raise DepositNotOffered(field="kind")
    if appointment.status != AWAITS_PAYMENT:
        raise AlreadyPaid
    return appointment.deposit
