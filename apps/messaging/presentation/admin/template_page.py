"""What the page of one template shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.refusals import sentence
from apps.kernel.presentation.admin.wording import instant_text
from apps.messaging import wiring
from apps.messaging.domain.kinds import KINDS, MessageKind
from apps.messaging.domain.template import BODY_MAX_LENGTH, SUBJECT_MAX_LENGTH, TemplateVersion, difference
from apps.messaging.infrastructure import labels
from apps.messaging.infrastructure.models import MessageTemplate
from apps.messaging.infrastructure.models import TemplateVersion as VersionRow
from apps.messaging.infrastructure.queries import names, versions
from apps.messaging.presentation.admin.placeholder_words import placeholders_of

LANGUAGES = dict(settings.LANGUAGES)


def page(row: MessageTemplate, typed: Mapping[str, Any], *, may_write: bool, now: datetime) -> dict[str, Any]:
    """The template's context. ``typed`` is what was sent and not saved: ``subject``, ``body``, and the
    ``refusal`` that kept it from being saved."""
    kind = MessageKind(row.kind)
    rules = KINDS[kind]
    subject, body = typed.get("subject", row.subject), typed.get("body", row.body)
    preview, fault = _preview(kind, row.language, subject, body)
    refusal = typed.get("refusal") or (fault if typed else None)
    return {
        "title": str(row),
        "breadcrumbs": [
            (gettext("Texts of letters"), reverse("admin:messaging_messagetemplate_changelist")),
            (str(row), ""),
        ],
        "template": row,
        "language": LANGUAGES.get(row.language, row.language),
        "category": labels.CATEGORIES[rules.category],
        "urgent": rules.urgent,
        "subject": subject,
        "body": body,
        "limits": {"subject": SUBJECT_MAX_LENGTH, "body": BODY_MAX_LENGTH},
        "refusal": sentence(refusal) if refusal else "",
        "refused_field": refusal.field if refusal else "",
        "preview": preview,
        "preview_url": reverse("admin:messaging_messagetemplate_preview", args=[row.pk]),
        "placeholders": placeholders_of(kind, row.language),
        "versions": _versions(row, now),
        "may_write": may_write,
        "revert_command": {"title": gettext("Bring this text back"), "icon": "history"},
        "commands": [
            {
                "command": {"title": gettext("Send me a trial letter"), "icon": "outgoing_mail"},
                "url": reverse("admin:messaging_messagetemplate_send_trial", args=[row.pk]),
            }
        ]
        if may_write
        else [],
    }


def _preview(
    kind: MessageKind, language: str, subject: str, body: str
) -> tuple[dict[str, str] | None, DomainError | None]:
    try:
        letter = wiring.preview_text(kind=kind, language=language, subject=subject, body=body)
    except DomainError as error:
        return None, error
    return {"subject": letter.subject, "html": letter.html, "text": letter.text}, None


def _versions(row: MessageTemplate, now: datetime) -> list[dict[str, Any]]:
    """Every version with what it changed in the one before, the newest first."""
    kept = versions(row.pk)
    authors = names(each.author_id for each in kept)
    revert = reverse("admin:messaging_messagetemplate_revert", args=[row.pk])
    shown = []
    for place, each in enumerate(kept):
        before = kept[place + 1] if place + 1 < len(kept) else None
        shown.append(
            {
                "number": each.number,
                "when": instant_text(each.created_at, settings.TIME_ZONE, now=now),
                "who": (each.author_id and authors.get(each.author_id)) or gettext("the text it came with"),
                "current": each.number == row.number,
                "lines": difference(_text(before), _text(each)) if before else [],
                "subject": each.subject,
                "body": each.body,
                "revert": f"{revert}?number={each.number}",
            }
        )
    return shown


def _text(row: VersionRow) -> TemplateVersion:
    return TemplateVersion(
        number=row.number,
        subject=row.subject,
        body=row.body,
        created_at=row.created_at,
        author_id=row.author_id,
    )
