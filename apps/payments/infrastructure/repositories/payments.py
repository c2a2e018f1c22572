"""Payments with their refunds in PostgreSQL."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from psycopg import errors

from apps.kernel.domain.money import Money
from apps.kernel.domain.period import Period
from apps.payments.domain.payment import OPEN, Payment, PaymentKind, PaymentNotFound, PaymentStatus
from apps.payments.domain.receipt import ReceiptKind, ReceiptStatus
from apps.payments.domain.refund import RefundNotFound, RefundStatus
from apps.payments.infrastructure import models
from apps.payments.infrastructure.mappers import apply_payment, apply_refund, to_payment, to_refund

type Rows = QuerySet[models.Payment, models.Payment]


class PostgresPaymentRepository:
    def get(self, payment_id: UUID) -> Payment:
        found = _read(_locked().filter(id=payment_id))
        if not found:
            raise PaymentNotFound
        return found[0]

    def exists(self, payment_id: UUID) -> bool:
        return models.Payment.objects.filter(id=payment_id).exists()

    def of_refund(self, refund_id: UUID) -> Payment:
        owner = models.Refund.objects.filter(id=refund_id).values("payment_id")
        found = _read(_locked().filter(id__in=owner))
        if not found:
            raise RefundNotFound
        return found[0]

    def by_provider_id(self, provider_id: str) -> UUID | None:
        return models.Payment.objects.filter(provider_id=provider_id).values_list("id", flat=True).first()

    def by_provider_refund_id(self, provider_id: str) -> UUID | None:
        return models.Refund.objects.filter(provider_id=provider_id).values_list("id", flat=True).first()

    def open_of(self, appointment_id: UUID, kind: PaymentKind, amount: Money) -> Payment | None:
        rows = _locked().filter(
            appointment_id=appointment_id,
            kind=kind.value,
            amount_minor=amount.minor,
            status__in=sorted(OPEN),
        )
        found = _read(rows)
        return found[0] if found else None

    def of_appointment(self, appointment_id: UUID) -> list[Payment]:
        return _read(_locked().filter(appointment_id=appointment_id).order_by("created_at", "id"))

    def add(self, payment: Payment) -> bool:
        row = models.Payment()
        apply_payment(payment, row)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            diagnosis = getattr(error.__cause__, "diag", None)
            if (
                isinstance(error.__cause__, errors.UniqueViolation)
                and diagnosis is not None
                and diagnosis.constraint_name == models.ONE_OPEN
            ):
                return False
            raise
        return True

    def save(self, payment: Payment) -> None:
        row = models.Payment()
        apply_payment(payment, row)
        row.save(force_update=True)
        known = set(models.Refund.objects.filter(payment_id=payment.id).values_list("id", flat=True))
        for refund in payment.refunds:
            refund_row = models.Refund(payment_id=payment.id)
            apply_refund(refund, refund_row)
            refund_row.save(force_insert=refund.id not in known, force_update=refund.id in known)

    def unsettled(self, *, before: datetime, limit: int) -> list[UUID]:
        rows = models.Payment.objects.filter(status__in=sorted(OPEN), created_at__lt=before)
        return list(rows.order_by("created_at").values_list("id", flat=True)[:limit])

    def unsettled_refunds(self, *, before: datetime, limit: int) -> list[UUID]:
        waiting = [RefundStatus.REQUESTED, RefundStatus.PENDING]
        rows = models.Refund.objects.filter(status__in=waiting, requested_at__lt=before)
        return list(rows.order_by("requested_at").values_list("id", flat=True)[:limit])

    def unregistered(self, *, before: datetime, limit: int) -> list[UUID]:
        waiting = models.Receipt.objects.filter(
            kind=ReceiptKind.ADVANCE,
            status=ReceiptStatus.PENDING,
            payment__status=PaymentStatus.SUCCEEDED,
            payment__created_at__lt=before,
        )
        return list(waiting.order_by("created_at").values_list("payment_id", flat=True)[:limit])

    def created_in(self, period: Period) -> list[Payment]:
        return _read(models.Payment.objects.filter(created_at__gte=period.start, created_at__lt=period.end))


def _locked() -> Rows:
    return models.Payment.objects.select_for_update(of=("self",))


def _read(rows: Rows) -> list[Payment]:
    return [
        to_payment(row, refunds=[to_refund(refund, currency=row.currency) for refund in row.refunds.all()])
        for row in rows.prefetch_related("refunds")
    ]
