from apps.client_cabinet.presentation.admin import (
    destruction_acts,
    materials,
    shared_entries,
    subject_requests,
)

__all__ = ["destruction_acts", "materials", "shared_entries", "subject_requests"]
