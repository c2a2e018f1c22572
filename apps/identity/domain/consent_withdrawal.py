"""What a person is told about withdrawing a consent: what stops, and what happens to what is kept."""

from collections.abc import Mapping

from apps.identity.domain.consent import Purpose
from apps.kernel.domain.errors import gettext_noop

_DESTROYED = gettext_noop(
    "What is kept about you on the ground of this consent alone is destroyed within thirty days. What the "
    "law demands stays as long as it demands: payments, and the proof of your consents."
)

AFTER_WITHDRAWAL: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.PERSONAL_DATA: (
        gettext_noop(
            "To book, to join the waitlist or to accept a time offered from it, you will be asked to agree "
            "again."
        ),
        gettext_noop("Reminders of sessions and offers from the waitlist are no longer sent."),
        gettext_noop("What you have booked stays booked; you can cancel it as before."),
        _DESTROYED,
    ),
    Purpose.COMMUNICATIONS: (
        gettext_noop("Letters that are not about your bookings, payments and account are no longer sent."),
    ),
    Purpose.TELEGRAM: (gettext_noop("Nothing is sent to you in Telegram any more. Letters still come."),),
    Purpose.REVIEW_PUBLICATION: (gettext_noop("Your reviews are no longer published."),),
    Purpose.HEALTH_DATA: (
        gettext_noop("To write in the diary or to fill in an intake form, you will be asked to agree again."),
        _DESTROYED,
    ),
    Purpose.CROSS_BORDER: (gettext_noop("Your data are no longer transferred to other countries."),),
}
"""Sentences by purpose, as msgids. The thirty days: 152-FZ, art. 21(5)."""
