"""How long acts of consent are kept."""

from datetime import datetime

from django.db import connection

from apps.kernel.application.retention import RetentionRule, Term, register
from apps.kernel.domain.errors import gettext_noop

YEARS_AFTER_WITHDRAWAL = 3
"""The limitation of actions (Civil Code of Russia, art. 196); the database holds to it by itself."""


def register_rules() -> None:
    register(
        RetentionRule(
            code="consents",
            title=gettext_noop("Consents"),
            since=gettext_noop("after their withdrawal"),
            term=Term(years=YEARS_AFTER_WITHDRAWAL),
            remove=destroy_old_consents,
        )
    )


def destroy_old_consents(_cut_off: datetime, most: int) -> int:
    """Destroy the oldest acts whose term after the withdrawal is over, ``most`` or a few more; returns how
    many. Their links stay, and each destruction becomes a link of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_destroy_consents(%s)", [most])
        return int(cursor.fetchone()[0])
