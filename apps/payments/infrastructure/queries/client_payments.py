"""A client's own payments."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.kernel.domain.money import Money
from apps.payments.application.views import PaymentView
from apps.payments.domain.payment import OPEN, PaymentKind, PaymentNotFound, PaymentStatus
from apps.payments.domain.refund import RefundStatus
from apps.payments.infrastructure.models import Payment, Refund


def own_payments(client_id: UUID) -> QuerySet[Payment, Payment]:
    """The client's payments, for a paginator; :func:`seen` makes the client's view of a row."""
    return with_refunded(Payment.objects.filter(client_id=client_id))


def own_payment(*, client_id: UUID, payment_id: UUID) -> PaymentView:
    """One statement. Raises PaymentNotFound, for somebody else's too."""
    row = own_payments(client_id).filter(id=payment_id).first()
    if row is None:
        raise PaymentNotFound
    return seen(row)


def payments_of(appointment_id: UUID) -> list[PaymentView]:
    """All payments of an appointment, the latest first; one statement."""
    rows = with_refunded(Payment.objects.filter(appointment_id=appointment_id))
    return [seen(row) for row in rows.order_by("-created_at", "-id")]


def with_refunded(rows: QuerySet[Payment, Payment]) -> QuerySet[Payment, Payment]:
    """Adds ``refunded_minor``: the kopecks that were given back."""
    given = (
        Refund.objects.filter(payment=OuterRef("pk"), status=RefundStatus.SUCCEEDED)
        .order_by()
        .values("payment")
        .annotate(total=Sum("amount_minor"))
        .values("total")
    )
    return rows.annotate(refunded_minor=Coalesce(Subquery(given), 0))


def seen(row: Any) -> PaymentView:
    """The payment as its client sees it, of a row of :func:`with_refunded`."""
    status = PaymentStatus(row.status)
    return PaymentView(
        id=row.id,
        appointment_id=row.appointment_id,
        kind=PaymentKind(row.kind),
        status=status,
        amount=Money(row.amount_minor, row.currency),
        refunded=Money(row.refunded_minor, row.currency),
        confirmation_url=row.confirmation_url if status in OPEN else "",
        failure=row.failure,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )


def not_taken(payment_id: UUID) -> bool:
    """Whether the money has arrived and the appointment could not take it."""
    return Payment.objects.filter(id=payment_id).exclude(not_taken="").exists()
