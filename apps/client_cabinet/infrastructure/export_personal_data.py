"""What exports themselves keep about a person, for archives and erasure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.client_cabinet.infrastructure.labels import EXPORT_KINDS, EXPORT_STATUSES
from apps.client_cabinet.infrastructure.models import DataExport, DataExportPiece
from apps.kernel.application.personal_data import PersonalData, Record, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant


def register_sections() -> None:
    register(EXPORTS)


def _exports(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(DataExport.objects.filter(client=person_id), "created_at", "id"):
        yield {
            "id": str(row.pk),
            "kind": row.kind,
            "first_day": None if row.first_day is None else row.first_day.isoformat(),
            "last_day": None if row.last_day is None else row.last_day.isoformat(),
            "status": row.status,
            "created_at": instant(row.created_at),
            "ready_at": instant(row.ready_at),
            "expires_at": instant(row.expires_at),
        }


def _erase(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """All of it: a worker that is at it finds its export gone and ends."""
    rows = DataExport.objects.filter(client=person_id)
    pieces, _of_each = DataExportPiece.objects.filter(export__in=rows).delete()
    exports, _of_each = rows.delete()
    return {"exports": exports, "export_pieces": pieces}


EXPORTS = PersonalData(
    section="exports",
    title=gettext_noop("Exports that you asked for"),
    count=lambda person_id: DataExport.objects.filter(client=person_id).count(),
    export=_exports,
    erase=_erase,
    words={
        "kind": _("kind"),
        "first_day": pgettext_lazy("export", "first day"),
        "last_day": pgettext_lazy("export", "last day"),
        "status": _("status"),
        "created_at": pgettext_lazy("export", "asked for"),
        "ready_at": pgettext_lazy("export", "ready since"),
        "expires_at": _("kept until"),
        **codes("kind", EXPORT_KINDS),
        **codes("status", EXPORT_STATUSES),
    },
)
