"""What the specialist must look at: money that did not go its way, and attempts to deceive."""

from enum import StrEnum

from apps.kernel.domain.errors import NotFound, gettext_noop


class AlertKind(StrEnum):
    FORGED_SENDER = "forged_sender"
    """A notification from outside the provider's networks."""
    MALFORMED_NOTIFICATION = "malformed_notification"
    UNKNOWN_PAYMENT = "unknown_payment"
    """The provider has a payment of the shop that nobody here started, or does not have one that it names."""
    AMOUNT_MISMATCH = "amount_mismatch"
    SHOP_MISMATCH = "shop_mismatch"
    STATUS_MISMATCH = "status_mismatch"
    LATE_PAYMENT_TAKEN = "late_payment_taken"
    """Money for a hold that had ended; its time was still free."""
    PAYMENT_RETURNED = "payment_returned"
    """Money that the appointment could not take; it is given back by itself."""
    REFUND_FAILED = "refund_failed"
    REFUND_MISMATCH = "refund_mismatch"
    """The provider and we know of different refunds."""
    RECEIPT_FAILED = "receipt_failed"


class AlertNotFound(NotFound):
    code = "payment_alert_not_found"
    message = gettext_noop("There is no such alert.")
