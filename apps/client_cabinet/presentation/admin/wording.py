"""The cabinet in the words of the workspace."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.client_cabinet.domain.material import MaterialStatus
from apps.client_cabinet.infrastructure import labels
from apps.kernel.presentation.admin.wording import instant_text

STATUS_NAMES = dict(labels.MATERIAL_STATUSES)
_CHIPS: Mapping[str, tuple[str, str]] = {
    MaterialStatus.DRAFT: ("pending_payment", "edit_note"),
    MaterialStatus.APPROVED: ("completed", "task_alt"),
    MaterialStatus.WITHDRAWN: ("closed", "visibility_off"),
}


def status_chip(status: str) -> SafeString:
    """The state of a material in its colour, with its icon."""
    tone, icon = _CHIPS[status]
    return format_html(
        '<span class="ws-status ws-status-{}">'
        '<span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>',
        tone,
        icon,
        STATUS_NAMES[status],
    )


def when(instant: datetime | None, *, now: datetime | None = None, zone: str = "") -> str:
    """By the clock of the practice, or of ``zone``; a dash for never."""
    return "—" if instant is None else instant_text(instant, zone or settings.TIME_ZONE, now=now)


def link(url: str, text: str) -> SafeString:
    return format_html('<a class="ws-cell-link" href="{}">{}</a>', url, text)
