"""Requests about data in the words of the workspace."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.domain.subject_request import SOON, TERMS, RequestKind, RequestStatus
from apps.client_cabinet.infrastructure.models import SubjectRequest
from apps.client_cabinet.infrastructure.request_desk import days_left
from apps.kernel.application.ports import DecryptionFailed
from apps.kernel.presentation.admin.wording import day_text

_CHIPS: Mapping[str, tuple[str, str]] = {
    RequestStatus.OPEN: ("requested", "pending_actions"),
    RequestStatus.ANSWERED: ("completed", "task_alt"),
    RequestStatus.REFUSED: ("closed", "do_not_disturb_on"),
    RequestStatus.ERASED: ("completed", "delete_forever"),
}
DESTROYED: str | Promise = _("destroyed")


def chip(tone: str, icon: str, name: object) -> SafeString:
    """A word in its colour, with its icon."""
    return format_html(
        '<span class="ws-status ws-status-{}">'
        '<span class="material-symbols-outlined" aria-hidden="true">{}</span>{}</span>',
        tone,
        icon,
        name,
    )


def status_chip(row: SubjectRequest) -> SafeString:
    return chip(*_CHIPS[row.status], row.get_status_display())


def law_of(kind: str) -> str:
    """``152-FZ, art. 14(3), 20(1)``, for people."""
    return gettext("152-FZ, art. %(articles)s") % {"articles": TERMS[RequestKind(kind)].law}


def term_of(kind: str) -> str:
    """How long the law gives: ``10 working days``."""
    term = TERMS[RequestKind(kind)]
    if term.working:
        text = ngettext("%(count)d working day", "%(count)d working days", term.days)
    else:
        text = ngettext("%(count)d day", "%(count)d days", term.days)
    return text % {"count": term.days}


def left_chip(row: SubjectRequest, *, today: date) -> SafeString:
    """How much of the term is left, in words and colour; nothing for what is dealt with."""
    if row.status != RequestStatus.OPEN:
        return SafeString("")
    left = days_left(today, row.deadline)
    if left < 0:
        text = ngettext("overdue by %(count)d working day", "overdue by %(count)d working days", -left) % {
            "count": -left
        }
        return chip("no_show", "error", text)
    if left == 0:
        return chip("requested", "timer", gettext("the last day"))
    text = ngettext("%(count)d working day left", "%(count)d working days left", left) % {"count": left}
    return chip("requested" if left <= SOON else "confirmed", "timer", text)


def deadline_text(row: SubjectRequest, *, today: date) -> str:
    return day_text(row.deadline, today=today)


def opened(row: SubjectRequest, name: str) -> str:
    """A text of the request; a word in its place where its key was destroyed."""
    try:
        return str(getattr(row, name))
    except DecryptionFailed:
        return str(DESTROYED)


def today() -> date:
    return timezone.localdate()
