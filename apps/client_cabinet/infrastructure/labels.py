"""Words for the codes of the domain, as people read them in forms and lists."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.client_cabinet.domain.data_export import ExportKind, ExportStatus
from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.domain.favourite import FavouriteKind
from apps.client_cabinet.domain.material import MaterialStatus

DIARY_TYPES = [
    (DiaryType.EMOTIONS.value, _("diary of emotions")),
    (DiaryType.ABC.value, _("ABC diary")),
    (DiaryType.SLEEP_ENERGY.value, _("diary of sleep and energy")),
    (DiaryType.GRATITUDE.value, _("diary of gratitude")),
]
EXPORT_KINDS = [
    (ExportKind.ARCHIVE.value, _("archive of everything")),
    (ExportKind.DIARY_PDF.value, _("diary as PDF")),
]
EXPORT_STATUSES = [
    (ExportStatus.REQUESTED.value, pgettext_lazy("export", "waits for its turn")),
    (ExportStatus.PROCESSING.value, pgettext_lazy("export", "being prepared")),
    (ExportStatus.READY.value, pgettext_lazy("export", "ready")),
    (ExportStatus.FAILED.value, pgettext_lazy("export", "failed")),
    (ExportStatus.EXPIRED.value, pgettext_lazy("export", "no longer kept")),
]
FAVOURITE_KINDS = [
    (FavouriteKind.CONTENT.value, _("article")),
    (FavouriteKind.INTERACTIVE.value, _("interactive")),
    (FavouriteKind.SERVICE.value, pgettext_lazy("kind of favourite", "service")),
    (FavouriteKind.MATERIAL.value, _("material after a session")),
]
MATERIAL_STATUSES = [
    (MaterialStatus.DRAFT.value, pgettext_lazy("material", "draft")),
    (MaterialStatus.APPROVED.value, pgettext_lazy("material", "open to the client")),
    (MaterialStatus.WITHDRAWN.value, pgettext_lazy("material", "withdrawn")),
]
