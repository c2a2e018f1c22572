"""HTTP statuses of payments' errors: 409 where the present state forbids it, 422 (the default) for rules."""

from apps.kernel.presentation.problem import register_statuses

STATUSES = {
    "already_paid": 409,
    "appointment_not_payable": 409,
    "payment_service_unavailable": 503,
}


def register() -> None:
    register_statuses(STATUSES)
