"""HTTP statuses of the cabinet's errors: 409 where the state forbids it, 422 (the default) for rules."""

from apps.kernel.presentation.problem import register_statuses

STATUSES = {
    "appointment_not_shareable": 409,
    "erasure_obstructed": 409,
    "export_expired": 410,
    "export_not_ready": 409,
    "export_running": 409,
    "person_already_erased": 409,
    "person_erased": 409,
    "too_many_exports": 429,
}


def register() -> None:
    register_statuses(STATUSES)
