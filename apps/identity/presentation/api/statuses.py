"""HTTP statuses of identity's errors: 409 where the present state forbids it, 422 (the default) for rules."""

from apps.kernel.presentation.problem import register_statuses

STATUSES = {
    "client_blocked": 403,
    "consent_not_given": 409,
    "consent_stands": 409,
    "contact_taken": 409,
    "contact_unchanged": 409,
    "email_needed": 409,
    "last_contact": 409,
    "sign_in_again": 403,
    "too_many_codes": 429,
}


def register() -> None:
    register_statuses(STATUSES)
