"""A notification of the provider is a hint to look: what it says itself is not believed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from apps.kernel.application.ports import TemporaryFailure, UnitOfWork
from apps.kernel.domain.clock import Clock
from apps.payments.application.execute_refund import ExecuteRefund, RecordRefund
from apps.payments.application.ports import PaymentProvider, ProviderFailure, ProviderRefund, Refused
from apps.payments.application.settle_payment import SettlePayment
from apps.payments.domain.alert import AlertKind
from apps.payments.domain.payment import Payment, PaymentStatus
from apps.payments.domain.refund import RefundStatus
from apps.payments.domain.repositories import AlertBook, PaymentRepository


class Subject(StrEnum):
    """What a notification is about; others are stored and left alone."""

    PAYMENT = "payment"
    REFUND = "refund"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class StoredNotification:
    """``news`` is what is said to have happened (``succeeded``), ``claims`` what is said of ``amount`` and
    ``shop``: neither is believed."""

    id: int
    subject: Subject
    news: str
    object_id: str
    claims: Mapping[str, str]
    heeded: bool


class Notifications(Protocol):
    def get(self, notification_id: int) -> StoredNotification | None: ...

    def waiting_about(self, object_id: str) -> list[StoredNotification]:
        """The notifications about this object that nobody has heeded yet, oldest first."""
        ...

    def heed(self, notification_ids: list[int], *, at: datetime) -> None: ...


STATES_TOLD = {
    "succeeded": {PaymentStatus.SUCCEEDED},
    "canceled": {PaymentStatus.CANCELED, PaymentStatus.FAILED},
}
"""The states that a payment can be in after news that are final; others may be overtaken."""
CLAIMS = {"amount": AlertKind.AMOUNT_MISMATCH, "shop": AlertKind.SHOP_MISMATCH}


@dataclass(frozen=True)
class HeedNotification:
    unit_of_work: UnitOfWork
    notifications: Notifications
    payments: PaymentRepository
    provider: PaymentProvider
    settle_payment: SettlePayment
    record_refund: RecordRefund
    execute_refund: ExecuteRefund
    alerts: AlertBook
    clock: Clock

    def __call__(self, *, notification_id: int) -> None:
        """Look at the provider once for all notifications about the same object that have come so far.

        Raises TemporaryFailure while the provider does not answer."""
        notification = self.notifications.get(notification_id)
        if notification is None or notification.heeded:
            return
        # One look answers all that came before it, and none that comes while it lasts.
        answered = self.notifications.waiting_about(notification.object_id)
        if notification.subject is Subject.PAYMENT:
            self._heed_payment(notification.object_id, answered)
        elif notification.subject is Subject.REFUND:
            self._heed_refund(notification.object_id, answered)
        with self.unit_of_work():
            self.notifications.heed([each.id for each in answered], at=self.clock.now())

    def _heed_payment(self, provider_id: str, told: list[StoredNotification]) -> None:
        payment_id = self.payments.by_provider_id(provider_id)
        if payment_id is None:
            payment_id = self._named_by_the_provider(provider_id)
        if payment_id is None:
            return
        self.settle_payment(payment_id=payment_id)
        with self.unit_of_work():
            payment = self.payments.get(payment_id)
            for kind, details in self._lies(payment, told):
                self.alerts.note(
                    kind=kind,
                    reference=str(payment_id),
                    at=self.clock.now(),
                    payment_id=payment_id,
                    details=details,
                )

    def _lies(
        self, payment: Payment, told: list[StoredNotification]
    ) -> Iterator[tuple[AlertKind, dict[str, str]]]:
        """What was told of the payment and is not so after the look: honest notifications never lie."""
        truth = {
            "amount": f"{payment.amount.amount:.2f} {payment.amount.currency}",
            "shop": self.settle_payment.record_state.shop_id,
        }
        for each in told:
            if each.object_id != payment.provider_id:
                continue
            if payment.status not in STATES_TOLD.get(each.news, set(PaymentStatus)):
                yield (
                    AlertKind.STATUS_MISMATCH,
                    {"notification": each.news, "ours": payment.status.value},
                )
            for name, kind in CLAIMS.items():
                if truth[name] and each.claims.get(name, truth[name]) != truth[name]:
                    yield kind, {"notification": each.claims[name], "ours": truth[name]}

    def _named_by_the_provider(self, provider_id: str) -> UUID | None:
        """A payment whose creation was answered into the void is found by the id that it carries."""
        try:
            found = self.provider.payment(provider_id)
        except Refused as refusal:
            self._alert(AlertKind.UNKNOWN_PAYMENT, provider_id, code=refusal.code)
            return None
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        if found.reference is None or not self.payments.exists(found.reference):
            self._alert(AlertKind.UNKNOWN_PAYMENT, provider_id, status=found.status.value)
            return None
        self.settle_payment.record_state(payment_id=found.reference, found=found, at=self.clock.now())
        return found.reference

    def _heed_refund(self, provider_id: str, told: list[StoredNotification]) -> None:
        try:
            found = self.provider.refund(provider_id)
        except Refused as refusal:
            self._alert(AlertKind.REFUND_MISMATCH, provider_id, code=refusal.code)
            return
        except ProviderFailure as failure:
            raise TemporaryFailure(failure.code) from failure
        refund_id = self.payments.by_provider_refund_id(provider_id)
        if refund_id is None:
            self._send_unanswered_again(found)
            refund_id = self.payments.by_provider_refund_id(provider_id)
        if refund_id is None:
            self._alert(AlertKind.REFUND_MISMATCH, provider_id, amount=str(found.amount.amount))
            return
        self.record_refund(refund_id=refund_id, found=found, at=self.clock.now())
        truth = f"{found.amount.amount:.2f} {found.amount.currency}"
        for each in told:
            if each.claims.get("amount", truth) != truth:
                self._alert(
                    AlertKind.REFUND_MISMATCH, provider_id, notification=each.claims["amount"], provider=truth
                )

    def _send_unanswered_again(self, found: ProviderRefund) -> None:
        """The provider names no refund of ours: which one it is, only the repeat with its key can tell."""
        payment_id = self.payments.by_provider_id(found.payment_id)
        if payment_id is None:
            return
        with self.unit_of_work():
            payment = self.payments.get(payment_id)
        for each in payment.refunds:
            if each.status is RefundStatus.REQUESTED and each.provider_id is None:
                try:
                    self.execute_refund(refund_id=each.id)
                except TemporaryFailure:
                    if self.payments.by_provider_refund_id(found.id) is None:
                        raise

    def _alert(self, kind: AlertKind, reference: str, **details: object) -> None:
        with self.unit_of_work():
            self.alerts.note(kind=kind, reference=reference, at=self.clock.now(), details=details)
