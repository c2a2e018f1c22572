"""HTTP statuses of booking's errors: 409 where the present state forbids it, 422 (the default) for rules."""

from apps.kernel.presentation.problem import register_statuses

STATUSES = {
    "already_canceled": 409,
    "already_started": 409,
    "appointment_not_confirmed": 409,
    "hold_already_extended": 409,
    "hold_expired": 409,
    "intake_already_submitted": 409,
    "intake_closed": 409,
    "payment_due": 409,
    "slot_taken": 409,
    "transition_not_allowed": 409,
    "waitlist_transition_not_allowed": 409,
}


def register() -> None:
    register_statuses(STATUSES)
