from apps.payments.infrastructure.models import (
    LedgerEntry,
    Payment,
    PaymentAlert,
    PaymentNotification,
    Receipt,
    Refund,
)

__all__ = ["LedgerEntry", "Payment", "PaymentAlert", "PaymentNotification", "Receipt", "Refund"]
