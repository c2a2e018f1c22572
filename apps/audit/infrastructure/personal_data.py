"""What the audit log keeps about a person, for archives and erasure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.audit.infrastructure.models import AuditRecord
from apps.kernel.application.personal_data import Kept, PersonalData, Record, nothing_is_erased, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant


class Readings(Protocol):
    """How often one kind of a person's private texts was read, and when last."""

    @property
    def kind(self) -> str: ...

    @property
    def count(self) -> int: ...

    @property
    def last_at(self) -> datetime: ...


def register_sections(
    action_names: Mapping[str, object],
    entity_names: Mapping[str, object],
    readings_of: Callable[[UUID], Sequence[Readings]],
) -> None:
    """``action_names`` and ``entity_names`` are the log's words for its actions and things."""
    register(
        PersonalData(
            section="readings",
            title=gettext_noop("How often people of the practice read your private texts"),
            count=lambda person_id: len(readings_of(person_id)),
            export=lambda person_id: (_reading(each) for each in readings_of(person_id)),
            erase=nothing_is_erased,
            words={
                "kind": _("kind of thing"),
                "count": _("how many times"),
                "last_at": _("the last time"),
                **codes("kind", entity_names.items()),
            },
        )
    )
    register(
        PersonalData(
            section="activity",
            title=gettext_noop("What you did, as the log of the practice has it"),
            count=lambda person_id: AuditRecord.objects.filter(actor=person_id).count(),
            export=_own_actions,
            erase=nothing_is_erased,
            kept=_kept,
            words={
                "at": _("when"),
                "action": _("action"),
                "entity": _("kind of thing"),
                "entity_id": _("thing"),
                "changes": _("changes"),
                "ip": _("IP address"),
                "user_agent": _("user agent"),
                **codes("action", action_names.items()),
                **codes("entity", entity_names.items()),
            },
        )
    )


def _kept(person_id: UUID) -> list[Kept]:
    return [
        Kept(
            what=gettext_noop(
                "What you did, in the log of the practice, under a number instead of your name"
            ),
            ground=gettext_noop(
                "The operator must be able to prove who had access to data: 152-FZ, art. 19(2)"
            ),
            years=3,
            count=AuditRecord.objects.filter(actor=person_id).count(),
        )
    ]


def _reading(readings: Readings) -> Record:
    return {"kind": readings.kind, "count": readings.count, "last_at": instant(readings.last_at)}


def _own_actions(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(AuditRecord.objects.filter(actor=person_id), "at", "id"):
        yield {
            "at": instant(row.at),
            "action": row.action,
            "entity": row.entity,
            "entity_id": row.entity_id,
            "changes": row.changes,
            "ip": row.ip,
            "user_agent": row.user_agent,
        }
