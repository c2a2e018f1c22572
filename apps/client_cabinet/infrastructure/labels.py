"""Words for the codes of the domain, as people read them in forms and lists."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.domain.favourite import FavouriteKind
from apps.client_cabinet.domain.material import MaterialStatus

DIARY_TYPES = [
    (DiaryType.EMOTIONS.value, _("diary of emotions")),
    (DiaryType.ABC.value, _("ABC diary")),
    (DiaryType.SLEEP_ENERGY.value, _("diary of sleep and energy")),
    (DiaryType.GRATITUDE.value, _("diary of gratitude")),
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
