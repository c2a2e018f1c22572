"""What the cabinet keeps about a person besides exports and erasures: nothing of it is kept by law."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.domain.material import MaterialStatus
from apps.client_cabinet.infrastructure import labels
from apps.client_cabinet.infrastructure.diary_words import FIELDS
from apps.client_cabinet.infrastructure.models import DiaryEntry, Favourite, Material
from apps.kernel.application.personal_data import PersonalData, Record, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant


def register_sections() -> None:
    for section in (DIARY, MATERIALS, FAVOURITES):
        register(section)


def _diary(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(DiaryEntry.objects.filter(author_id=person_id), "happened_at", "id"):
        yield {
            "id": str(row.pk),
            "type": row.type,
            "happened_at": instant(row.happened_at),
            "time_zone": row.time_zone,
            "day": row.day.isoformat(),
            "payload": row.payload,
            "shared_for": None if row.shared_for is None else str(row.shared_for),
            "shared_at": instant(row.shared_at),
            "created_at": instant(row.created_at),
            "updated_at": instant(row.updated_at),
        }


def _materials(person_id: UUID) -> Iterator[Record]:
    """Drafts and withdrawn materials are told of, but not what they say: that is the specialist's own work
    until it is given to the client."""
    for row in in_pages(Material.objects.filter(client_id=person_id), "created_at", "id"):
        is_open = row.status == MaterialStatus.APPROVED
        yield {
            "id": str(row.pk),
            "appointment_id": None if row.appointment_id is None else str(row.appointment_id),
            "status": row.status,
            "title": row.title if is_open else None,
            "text": row.text if is_open else None,
            "created_at": instant(row.created_at),
            "approved_at": instant(row.approved_at),
            "withdrawn_at": instant(row.withdrawn_at),
            "first_read_at": instant(row.first_read_at),
        }


def _favourites(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(Favourite.objects.filter(client_id=person_id), "added_at", "id"):
        yield {"kind": row.kind, "reference": row.reference, "added_at": instant(row.added_at)}


def _erase_diary(person_id: UUID, at: datetime) -> Mapping[str, int]:
    return {"diary_entries": DiaryEntry.objects.filter(author_id=person_id).delete()[0]}


def _erase_materials(person_id: UUID, at: datetime) -> Mapping[str, int]:
    return {"materials": Material.objects.filter(client_id=person_id).delete()[0]}


def _erase_favourites(person_id: UUID, at: datetime) -> Mapping[str, int]:
    return {"favourites": Favourite.objects.filter(client_id=person_id).delete()[0]}


DIARY = PersonalData(
    section="diary",
    title=gettext_noop("Diary"),
    count=lambda person_id: DiaryEntry.objects.filter(author_id=person_id).count(),
    export=_diary,
    erase=_erase_diary,
    words={
        "type": _("diary"),
        "happened_at": _("moment"),
        "time_zone": _("time zone"),
        "day": _("day"),
        "payload": _("what it says"),
        "shared_for": _("shared for the appointment"),
        "shared_at": _("shared"),
        "created_at": _("written"),
        "updated_at": _("last changed"),
        **FIELDS,
        **codes("type", labels.DIARY_TYPES),
    },
)
MATERIALS = PersonalData(
    section="materials",
    title=gettext_noop("Materials after sessions"),
    count=lambda person_id: Material.objects.filter(client_id=person_id).count(),
    export=_materials,
    erase=_erase_materials,
    words={
        "appointment_id": _("appointment"),
        "status": _("status"),
        "title": _("title"),
        "text": _("text"),
        "created_at": _("written"),
        "approved_at": _("opened to the client"),
        "withdrawn_at": _("withdrawn"),
        "first_read_at": _("first read"),
        **codes("status", labels.MATERIAL_STATUSES),
    },
)
FAVOURITES = PersonalData(
    section="favourites",
    title=gettext_noop("Favourites"),
    count=lambda person_id: Favourite.objects.filter(client_id=person_id).count(),
    export=_favourites,
    erase=_erase_favourites,
    words={
        "kind": _("kind"),
        "reference": _("reference"),
        "added_at": _("added"),
        **codes("kind", labels.FAVOURITE_KINDS),
    },
)
