"""What the workspace shows of payments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Prefetch, Q, QuerySet, Sum
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.kernel.domain.money import RUB, Money
from apps.payments.domain.ledger import Balance, EntryKind, LedgerEntry, balance
from apps.payments.domain.payment import OPEN
from apps.payments.domain.refund import RefundStatus
from apps.payments.infrastructure.later import COMPARE_DAYS
from apps.payments.infrastructure.models import LedgerEntry as LedgerRow
from apps.payments.infrastructure.models import Payment, PaymentAlert, Receipt, Refund
from apps.payments.infrastructure.queries.client_payments import with_refunded

_ALERTS_KEY = "payments/open-alerts"
_ALERTS_LIFETIME = timedelta(seconds=30)


def listed(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    """Payments with their client and what was given back, for the list: no statement per row."""
    return with_refunded(rows.select_related("client"))


def whole(payment_id: UUID) -> Any:
    """A payment with everything that belongs to it (``to_refunds``, ``to_receipts``, ``to_alerts``), None for
    an unknown one; four statements."""
    refunds = Refund.objects.select_related("requested_by").order_by("requested_at", "id")
    rows = listed(Payment.objects.filter(id=payment_id)).prefetch_related(
        Prefetch("refunds", queryset=refunds, to_attr="to_refunds"),
        Prefetch("receipts", queryset=Receipt.objects.order_by("created_at", "id"), to_attr="to_receipts"),
        Prefetch("alerts", queryset=PaymentAlert.objects.order_by("-last_at"), to_attr="to_alerts"),
    )
    return rows.first()


def still_refundable(payment: Any) -> int:
    """Kopecks that may still be given back, of a payment of :func:`whole`: refunds on the way count."""
    if payment.status != "succeeded":
        return 0
    given = sum(each.amount_minor for each in payment.to_refunds if each.status != RefundStatus.FAILED)
    return int(payment.amount_minor) - given


def entries_of(appointment_id: UUID) -> list[LedgerEntry]:
    """The movements of an appointment's money, the oldest first; one statement, no lock."""
    return [
        LedgerEntry(
            appointment_id=row.appointment_id,
            kind=EntryKind(row.kind),
            source_id=row.source_id,
            amount=Money(row.amount_minor, row.currency),
            at=row.at,
        )
        for row in LedgerRow.objects.filter(appointment_id=appointment_id).order_by("at", "id")
    ]


def balance_of(entries: list[LedgerEntry]) -> Balance:
    return balance(entries, currency=entries[0].amount.currency if entries else RUB)


def open_alerts() -> int:
    """How many alerts nobody has looked at yet, at most 30 s old."""
    count: int | None = cache.get(_ALERTS_KEY)
    if count is None:
        count = PaymentAlert.objects.filter(settled_at__isnull=True).count()
        cache.set(_ALERTS_KEY, count, _ALERTS_LIFETIME.total_seconds())
    return count


def forget_open_alerts() -> None:
    """After a command: the person who gave it sees a fresh count."""
    cache.delete(_ALERTS_KEY)


@dataclass(frozen=True, kw_only=True)
class Turnover:
    """Kopecks: what came in and went back since an instant, whatever the way, and what payers are at."""

    received: int
    refunded: int
    waiting: int


def turnover(since: datetime) -> Turnover:
    """Two statements."""
    came = Q(kind__in=[EntryKind.PAYMENT, EntryKind.OUTSIDE_PAYMENT])
    sums = LedgerRow.objects.filter(at__gte=since).aggregate(
        received=Sum("amount_minor", filter=came, default=0),
        refunded=Sum("amount_minor", filter=~came, default=0),
    )
    waiting = Payment.objects.filter(status__in=sorted(OPEN)).aggregate(sum=Sum("amount_minor", default=0))
    return Turnover(received=sums["received"], refunded=sums["refunded"], waiting=waiting["sum"])


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a comparison is: jobs that are left, and whether the provider keeps one of them waiting."""

    left: int
    failing: bool


def progress_of(run: UUID) -> Progress:
    """One statement."""
    jobs = list(
        ProcrastinateJob.objects.filter(
            task_name=COMPARE_DAYS, status__in=["todo", "doing"], args__run=str(run)
        ).values_list("attempts", flat=True)
    )
    return Progress(left=len(jobs), failing=any(jobs))


def differences_since(since: datetime) -> int:
    return PaymentAlert.objects.filter(settled_at__isnull=True, last_at__gte=since).count()
