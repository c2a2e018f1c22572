"""Events of payments that neighbours may hear."""

from apps.payments.domain.events import PaymentFailed, PaymentSucceeded, RefundFailed, RefundSucceeded

__all__ = ["PaymentFailed", "PaymentSucceeded", "RefundFailed", "RefundSucceeded"]
