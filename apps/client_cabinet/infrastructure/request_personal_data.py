"""Requests about data, as personal data themselves: for archives and erasure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.infrastructure.models import SubjectRequest
from apps.client_cabinet.infrastructure.models.subject_request import CHANNELS, KINDS, STATUSES
from apps.kernel.application.personal_data import Kept, PersonalData, Record, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant

TEXTS = ("text", "answer", "extension_reason")
YEARS = 3


def register_sections() -> None:
    register(REQUESTS)


def _requests(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(SubjectRequest.objects.filter(person=person_id), "registered_at", "id"):
        yield {
            "kind": row.kind,
            "channel": row.channel,
            "status": row.status,
            "received_on": row.received_on.isoformat(),
            "deadline": row.deadline.isoformat(),
            "text": row.text,
            "answer": row.answer,
            "closed_at": instant(row.closed_at),
        }


def _erase(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """What was written goes; that something was asked for, and what was done, stays for three years."""
    empty = Q(text="", answer="", extension_reason="")
    rows = SubjectRequest.objects.filter(person=person_id).exclude(empty)
    for row in rows:
        for name in TEXTS:
            setattr(row, name, "")
        row.save(update_fields=TEXTS)
    return {"subject_requests": len(rows)}


def _kept(person_id: UUID) -> list[Kept]:
    return [
        Kept(
            what=gettext_noop("That you asked about your data and what was done, without your words"),
            ground=gettext_noop(
                "The operator must be able to prove that it has kept the terms: 152-FZ, art. 20 and 21"
            ),
            years=YEARS,
            count=SubjectRequest.objects.filter(person=person_id).count(),
        )
    ]


REQUESTS = PersonalData(
    section="data_requests",
    title=gettext_noop("What you asked about your data"),
    count=lambda person_id: SubjectRequest.objects.filter(person=person_id).count(),
    export=_requests,
    erase=_erase,
    kept=_kept,
    words={
        "kind": _("what is asked for"),
        "channel": _("how it came"),
        "status": _("state"),
        "received_on": _("received on"),
        "deadline": _("answer until"),
        "text": _("what they wrote"),
        "answer": _("what they were told"),
        "closed_at": _("dealt with"),
        **codes("kind", KINDS.items()),
        **codes("channel", CHANNELS.items()),
        **codes("status", STATUSES.items()),
    },
)
