"""Who may read what a client has told in confidence."""

from django.http import HttpRequest

from apps.booking.models import Appointment
from apps.identity.facade import Access, Area, access


def may_read_private_texts(request: HttpRequest, row: Appointment) -> bool:
    """The owner always; an assistant only for sessions assigned to them: theirs as the specialist."""
    reach = access(getattr(request.user, "role", ""), Area.PRIVATE_TEXTS)
    if reach is Access.FULL:
        return True
    return reach is Access.PART and row.specialist.user_id == request.user.pk
