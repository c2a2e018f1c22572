"""What goes from messaging when a client is erased. Letters are kept without text and address anyway."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.messaging.domain.message import MessageStatus, RecipientKind, Result
from apps.messaging.infrastructure.models import Message, ReminderOptOut


def erase_letters(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """Nothing is sent any more. What was sent stays on record for the number that the person has become."""
    planned = Message.objects.filter(
        recipient_kind=RecipientKind.CLIENT.value,
        recipient_id=str(person_id),
        status=MessageStatus.PLANNED.value,
    )
    called_off = planned.update(status=MessageStatus.SKIPPED.value, result=Result.NO_ADDRESS.value)
    return {"letters_called_off": called_off}


def erase_reminders(person_id: UUID, at: datetime) -> Mapping[str, int]:
    return {"settings_of_reminders": ReminderOptOut.objects.filter(pk=person_id).delete()[0]}
