"""What payments keep about a person, for archives and erasure."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.application.personal_data import Json, PersonalData, Record, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant, money
from apps.payments.infrastructure import erasure, labels
from apps.payments.infrastructure.models import Payment, Receipt, Refund


def register_sections() -> None:
    register(PAYMENTS)


def _payments(person_id: UUID) -> Iterator[Record]:
    rows = Payment.objects.filter(client=person_id).prefetch_related(
        Prefetch("refunds", queryset=Refund.objects.order_by("requested_at", "id")),
        Prefetch("receipts", queryset=Receipt.objects.order_by("created_at", "id")),
    )
    for row in in_pages(rows, "created_at", "id"):
        yield {
            "id": str(row.pk),
            "appointment_id": str(row.appointment_id),
            "kind": row.kind,
            "description": row.description,
            "amount": money(row.amount_minor, row.currency),
            "status": row.status,
            "failure": row.failure,
            "method": row.method,
            "provider_id": row.provider_id,
            "created_at": instant(row.created_at),
            "settled_at": instant(row.settled_at),
            "refunds": [_refund(each, row.currency) for each in row.refunds.all()],
            "receipts": [_receipt(each, row.currency) for each in row.receipts.all()],
        }


def _refund(row: Refund, currency: str) -> Json:
    return {
        "id": str(row.pk),
        "amount": money(row.amount_minor, currency),
        "reason": row.reason,
        "refund_status": row.status,
        "provider_id": row.provider_id,
        "requested_at": instant(row.requested_at),
        "settled_at": instant(row.settled_at),
    }


def _receipt(row: Receipt, currency: str) -> Json:
    return {
        "id": str(row.pk),
        "receipt_kind": row.kind,
        "amount": money(row.amount_minor, currency),
        "receipt_status": row.status,
        "provider_id": row.provider_id,
        "created_at": instant(row.created_at),
    }


PAYMENTS = PersonalData(
    section="payments",
    title=gettext_noop("Payments, refunds and receipts"),
    count=lambda person_id: Payment.objects.filter(client=person_id).count(),
    export=_payments,
    erase=erasure.erase_payments,
    kept=erasure.kept_payments,
    obstacles=erasure.obstacles,
    words={
        "appointment_id": _("appointment"),
        "kind": _("what is paid"),
        "description": _("description"),
        "amount": _("amount"),
        "status": _("status"),
        "failure": _("why not"),
        "method": _("way of paying"),
        "provider_id": _("id at the provider"),
        "created_at": _("started"),
        "settled_at": _("ended"),
        "refunds": pgettext_lazy("personal data", "refunds"),
        "receipts": pgettext_lazy("personal data", "receipts"),
        "reason": _("reason"),
        "refund_status": _("status"),
        "requested_at": _("requested"),
        "receipt_kind": _("kind"),
        "receipt_status": _("status"),
        **codes("kind", labels.PAYMENT_KINDS),
        **codes("status", labels.PAYMENT_STATUSES),
        **codes("failure", labels.FAILURES),
        **codes("reason", labels.REFUND_REASONS),
        **codes("refund_status", labels.REFUND_STATUSES),
        **codes("receipt_kind", labels.RECEIPT_KINDS),
        **codes("receipt_status", labels.RECEIPT_STATUSES),
    },
)
