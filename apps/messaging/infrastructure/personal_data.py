"""What messaging keeps about a person, for archives and erasure: letters without their texts."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.kernel.application.personal_data import Json, PersonalData, Record, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant
from apps.messaging.domain.message import RecipientKind
from apps.messaging.infrastructure import erasure, labels
from apps.messaging.infrastructure.models import Message, ReminderOptOut


def register_sections() -> None:
    register(LETTERS)
    register(REMINDERS)


def letters_to(person_id: UUID) -> QuerySet[Message, Message]:
    return Message.objects.filter(recipient_kind=RecipientKind.CLIENT.value, recipient_id=str(person_id))


def _letters(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(letters_to(person_id), "due_at", "id"):
        yield {
            "id": str(row.pk),
            "kind": row.kind,
            "channel": row.channel,
            "language": row.language,
            "appointment_id": None if row.appointment_id is None else str(row.appointment_id),
            "created_at": instant(row.created_at),
            "due_at": instant(row.due_at),
            "status": row.status,
            "result": row.result,
            "sent_at": instant(row.sent_at),
        }


def _reminders(person_id: UUID) -> Iterator[Record]:
    for row in ReminderOptOut.objects.filter(pk=person_id):
        letters: list[Json] = [*sorted(row.kinds)]
        yield {"switched_off_at": instant(row.at), "letters": letters}


LETTERS = PersonalData(
    section="letters",
    title=gettext_noop("Letters to you: which, when, and whether they were sent"),
    count=lambda person_id: letters_to(person_id).count(),
    export=_letters,
    erase=erasure.erase_letters,
    words={
        "kind": _("letter"),
        "channel": _("channel"),
        "language": _("language"),
        "appointment_id": _("appointment"),
        "created_at": _("planned on"),
        "due_at": _("due at"),
        "status": _("status"),
        "result": _("result"),
        "sent_at": _("sent at"),
        **codes("kind", labels.KINDS),
        **codes("channel", labels.CHANNELS),
        **codes("status", labels.STATUSES),
        **codes("result", labels.RESULTS.items()),
    },
)
REMINDERS = PersonalData(
    section="reminders",
    title=gettext_noop("Letters that you switched off"),
    count=lambda person_id: ReminderOptOut.objects.filter(pk=person_id).count(),
    export=_reminders,
    erase=erasure.erase_reminders,
    words={
        "switched_off_at": _("switched off at"),
        "letters": _("letters"),
        **codes("letters", labels.KINDS),
    },
)
