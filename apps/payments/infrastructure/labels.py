"""Words for the codes of the domain, as people read them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.payments.domain.alert import AlertKind
from apps.payments.domain.failure import FailureCategory
from apps.payments.domain.ledger import EntryKind
from apps.payments.domain.payment import PaymentKind, PaymentStatus
from apps.payments.domain.receipt import ReceiptKind, ReceiptStatus
from apps.payments.domain.refund import RefundReason, RefundStatus

PAYMENT_KINDS = [
    (PaymentKind.FULL.value, _("in full")),
    (PaymentKind.DEPOSIT.value, pgettext_lazy("payment kind", "deposit")),
]
PAYMENT_STATUSES = [
    (PaymentStatus.INTENT.value, _("being created")),
    (PaymentStatus.PENDING.value, _("awaits the payer")),
    (PaymentStatus.WAITING_FOR_CAPTURE.value, _("reserved, not captured yet")),
    (PaymentStatus.SUCCEEDED.value, pgettext_lazy("payment status", "paid")),
    (PaymentStatus.CANCELED.value, pgettext_lazy("payment status", "canceled")),
    (PaymentStatus.FAILED.value, _("did not go through")),
]
FAILURES = [
    (FailureCategory.CANCELED.value, pgettext_lazy("payment failure", "canceled")),
    (FailureCategory.TIMEOUT.value, _("the time ran out")),
    (FailureCategory.PROVIDER_ERROR.value, _("the bank or the payment service refused")),
    (FailureCategory.INSUFFICIENT_FUNDS.value, _("not enough money")),
    (FailureCategory.UNKNOWN.value, _("reason unknown")),
]
REFUND_STATUSES = [
    (RefundStatus.REQUESTED.value, _("being sent")),
    (RefundStatus.PENDING.value, _("on its way")),
    (RefundStatus.SUCCEEDED.value, _("given back")),
    (RefundStatus.FAILED.value, pgettext_lazy("refund status", "refused")),
]
REFUND_REASONS = [
    (RefundReason.RULE.value, _("by the cancellation rule")),
    (RefundReason.NOT_TAKEN.value, _("the time was no longer free")),
    (RefundReason.GOODWILL.value, _("at the specialist's wish")),
    (RefundReason.SESSION_NOT_HELD.value, _("the session was not held")),
    (RefundReason.MISTAKE.value, _("paid by mistake")),
    (RefundReason.OTHER.value, _("another reason")),
]
RECEIPT_KINDS = [
    (ReceiptKind.ADVANCE.value, _("advance receipt")),
    (ReceiptKind.OFFSET.value, _("offset receipt")),
]
RECEIPT_STATUSES = [
    (ReceiptStatus.PENDING.value, _("being registered")),
    (ReceiptStatus.SUCCEEDED.value, pgettext_lazy("receipt status", "registered")),
    (ReceiptStatus.CANCELED.value, _("not registered")),
]
ENTRY_KINDS = [
    (EntryKind.PAYMENT.value, _("payment")),
    (EntryKind.REFUND.value, _("refund")),
    (EntryKind.OUTSIDE_PAYMENT.value, _("payment outside the system")),
    (EntryKind.OUTSIDE_REFUND.value, _("refund outside the system")),
]
ALERT_KINDS = [
    (AlertKind.FORGED_SENDER.value, _("a notification from a stranger")),
    (AlertKind.MALFORMED_NOTIFICATION.value, _("an unreadable notification")),
    (AlertKind.UNKNOWN_PAYMENT.value, _("a payment that one side does not know")),
    (AlertKind.AMOUNT_MISMATCH.value, _("the amounts differ")),
    (AlertKind.SHOP_MISMATCH.value, _("a payment of another shop")),
    (AlertKind.STATUS_MISMATCH.value, _("the states differ")),
    (AlertKind.LATE_PAYMENT_TAKEN.value, _("paid after the hold had ended, the time was still free")),
    (AlertKind.PAYMENT_RETURNED.value, _("the money could not be taken and is given back")),
    (AlertKind.REFUND_FAILED.value, _("a refund was refused")),
    (AlertKind.REFUND_MISMATCH.value, _("the refunds differ")),
    (AlertKind.RECEIPT_FAILED.value, _("a receipt was not registered")),
]
