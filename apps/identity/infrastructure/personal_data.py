"""What identity keeps about a person, for archives and erasure."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.identity.infrastructure import erasure
from apps.identity.infrastructure.models import (
    CONSENT_STATUS_NAMES,
    PURPOSE_NAMES,
    ROLE_NAMES,
    STATUS_NAMES,
    ApiSession,
    Consent,
    User,
)
from apps.kernel.application.personal_data import PersonalData, Record, nothing_is_erased, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.records import codes, in_pages, instant


def register_sections() -> None:
    for section in (PROFILE, CONSENTS, SESSIONS):
        register(section)


def _profile(person_id: UUID) -> Iterator[Record]:
    for row in User.objects.filter(pk=person_id):
        yield {
            "id": str(row.pk),
            "display_name": row.display_name,
            "email": row.email,
            "phone": row.phone,
            "telegram_id": row.telegram_id,
            "time_zone": row.time_zone,
            "language": row.language,
            "role": row.role,
            "status": row.status,
            "created_at": instant(row.created_at),
        }


def _consents(person_id: UUID) -> Iterator[Record]:
    rows = Consent.objects.filter(user=person_id).select_related("document")
    for row in in_pages(rows, "at", "id"):
        yield {
            "purpose": row.purpose,
            "status": row.status,
            "at": instant(row.at),
            "document": row.document.title,
            "version": row.version,
            "sha256": row.sha256,
            "channel": row.channel,
            "evidence": row.evidence,
        }


def _sessions(person_id: UUID) -> Iterator[Record]:
    for row in in_pages(ApiSession.objects.filter(user=person_id), "created_at", "id"):
        yield {
            "id": str(row.pk),
            "created_at": instant(row.created_at),
            "last_seen_at": instant(row.last_seen_at),
            "expires_at": instant(row.expires_at),
        }


PROFILE = PersonalData(
    section="profile",
    title=gettext_noop("Profile and contacts"),
    count=lambda person_id: User.objects.filter(pk=person_id).count(),
    export=_profile,
    erase=erasure.erase_profile,
    words={
        "display_name": _("name"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "telegram_id": _("Telegram id"),
        "time_zone": _("time zone"),
        "language": _("language of letters"),
        "role": _("role"),
        "status": _("status"),
        "created_at": _("registered"),
        **codes("role", ROLE_NAMES.items()),
        **codes("status", STATUS_NAMES.items()),
    },
)
CONSENTS = PersonalData(
    section="consents",
    title=gettext_noop("Consents: what was agreed to, declined, withdrawn, and the proof of it"),
    count=lambda person_id: Consent.objects.filter(user=person_id).count(),
    export=_consents,
    erase=nothing_is_erased,
    kept=erasure.kept_consents,
    words={
        "purpose": _("purpose"),
        "status": _("act"),
        "at": _("when"),
        "document": _("document"),
        "version": _("version"),
        "sha256": _("SHA-256 of its text"),
        "channel": _("channel"),
        "evidence": _("evidence"),
        "ip": _("IP address"),
        "user_agent": _("user agent"),
        "request_id": _("request"),
        **codes("purpose", PURPOSE_NAMES.items()),
        **codes("status", CONSENT_STATUS_NAMES.items()),
        "channel=web": pgettext_lazy("channel of a consent", "through the site"),
    },
)
SESSIONS = PersonalData(
    section="sessions",
    title=gettext_noop("Where you are signed in"),
    count=lambda person_id: ApiSession.objects.filter(user=person_id).count(),
    export=_sessions,
    erase=erasure.erase_sessions,
    words={
        "created_at": _("signed in since"),
        "last_seen_at": _("last seen"),
        "expires_at": _("signed in until"),
    },
)
