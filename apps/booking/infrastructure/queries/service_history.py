"""Who changed what of a service, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.booking.infrastructure import models

LIMIT = 50
_UNSHOWN = frozenset({"id", "version"})


@dataclass(frozen=True, kw_only=True)
class ServiceChange:
    """``changes`` map a field to its old and new raw value; empty for the first record, ``created``."""

    at: datetime
    who: str
    created: bool
    changes: Mapping[str, tuple[Any, Any]]


def service_history(service_id: UUID) -> list[ServiceChange]:
    """The newest changes first, at most LIMIT; one statement."""
    rows = list(
        models.Service.history.filter(id=service_id)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[: LIMIT + 1]
    )
    names = [field.attname for field in models.Service._meta.concrete_fields if field.name not in _UNSHOWN]
    changes = []
    for position, row in enumerate(rows[:LIMIT]):
        before = rows[position + 1] if position + 1 < len(rows) else None
        differing = {
            name: (getattr(before, name), getattr(row, name))
            for name in names
            if before is not None and getattr(before, name) != getattr(row, name)
        }
        if before is None or differing:
            changes.append(
                ServiceChange(
                    at=row.history_date,
                    who=str(row.history_user) if row.history_user_id else "",
                    created=row.history_type == "+",
                    changes=differing,
                )
            )
    return changes
