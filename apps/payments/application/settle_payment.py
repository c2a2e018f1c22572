"""Finding out at the provider how a payment stands, and acting on it."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.application.ports import TemporaryFailure, UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.payments.application.finish_intent import FinishIntent
from apps.payments.application.ports import (
    Appointments,
    PaymentProvider,
    ProviderFailure,
    ProviderPayment,
    ProviderStatus,
    Refused,
)
from apps.payments.application.record_state import RecordState
from apps.payments.domain.alert import AlertKind
from apps.payments.domain.payment import (
    Payment,
    PaymentRefused,
    PaymentServiceUnavailable,
    PaymentStatus,
)
from apps.payments.domain.repositories import AlertBook, PaymentRepository


@dataclass(frozen=True)
class SettlePayment:
    """The payment is read through the API: nothing that anybody *says* about it changes its state."""

    unit_of_work: UnitOfWork
    payments: PaymentRepository
    appointments: Appointments
    provider: PaymentProvider
    record_state: RecordState
    finish: FinishIntent
    alerts: AlertBook
    clock: Clock

    def __call__(self, *, payment_id: UUID) -> PaymentStatus:
        """Returns the state afterwards. Raises PaymentNotFound, and TemporaryFailure while the provider does
        not answer."""
        payment = self._read(payment_id)
        if payment.provider_id is None:
            return self._finish(payment)
        try:
            found = self.provider.payment(payment.provider_id)
        except Refused as refusal:
            self._note_unknown(payment, refusal)
            return payment.status
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        status = self.record_state(payment_id=payment_id, found=found, at=self.clock.now())
        if (
            status is PaymentStatus.WAITING_FOR_CAPTURE
            and found.status is ProviderStatus.WAITING_FOR_CAPTURE
            and self.record_state.contradiction(payment, found) is None
        ):
            return self._take_or_release(payment, found)
        return status

    def _take_or_release(self, payment: Payment, found: ProviderPayment) -> PaymentStatus:
        """Two stages: take the money only while the appointment would take it."""
        now = self.clock.now()
        taken = self.appointments.would_take(
            appointment_id=payment.appointment_id, amount=payment.amount, at=now
        )
        try:
            if taken.reason:
                after = self.provider.cancel(found.id, idempotence_key=f"cancel-{payment.id}")
            else:
                after = self.provider.capture(
                    found.id, amount=payment.amount, idempotence_key=f"capture-{payment.id}"
                )
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        return self.record_state(payment_id=payment.id, found=after, at=now)

    def _finish(self, payment: Payment) -> PaymentStatus:
        try:
            return self.finish(payment_id=payment.id).status
        except PaymentRefused:
            return PaymentStatus.FAILED
        except PaymentServiceUnavailable as error:
            raise TemporaryFailure(str(error.params["reason"])) from error

    def _read(self, payment_id: UUID) -> Payment:
        with self.unit_of_work():
            return self.payments.get(payment_id)

    def _note_unknown(self, payment: Payment, refusal: Refused) -> None:
        with self.unit_of_work():
            self.alerts.note(
                kind=AlertKind.UNKNOWN_PAYMENT,
                reference=str(payment.id),
                at=self.clock.now(),
                payment_id=payment.id,
                details={"code": refusal.code},
            )
