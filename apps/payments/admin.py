from apps.payments.presentation.admin import alerts, payments

__all__ = ["alerts", "payments"]
