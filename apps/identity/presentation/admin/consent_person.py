"""One screen per person: what they decided about each purpose, when, how, and to which very text."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.identity.domain.consent import ConsentStatus
from apps.identity.domain.roles import Role
from apps.identity.domain.user import Status
from apps.identity.infrastructure import consent_desk as desk
from apps.identity.infrastructure.models import Consent, ConsentDocument
from apps.identity.presentation.admin import consent_words as words
from apps.kernel.application.ports import KeyDestroyed

MOST_ACTS = 300
"""A person decides a handful of times; more are cut off, and the page says so."""


class ConsentPersonPage:
    """Mixin for the admin of consents."""

    admin_site: Any
    opts: Any

    def person_view(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        if request.method != "GET" or not self.has_view_permission(request):  # type: ignore[attr-defined]  # a mixin
            raise PermissionDenied
        person = desk.person(person_id)
        if person is None or (person.role != Role.CLIENT and not _acts(person_id)):
            raise Http404
        acts = _acts(person_id)
        chosen = _chosen(acts, request.GET.get("act"))
        title = str(person)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "breadcrumbs": [
                (gettext("Consents"), reverse("admin:identity_consent_changelist")),
                (title, ""),
            ],
            "opts": self.opts,
            "person": person,
            "erased": person.status == Status.DELETED,
            "client_url": reverse("admin:identity_client_change", args=[person.pk])
            if person.role == Role.CLIENT and request.user.has_perm("identity.view_client")
            else "",
            "cards": _cards(acts),
            "acts": [_line(act, chosen) for act in acts],
            "cut": len(acts) == MOST_ACTS,
            "chosen": _shown(chosen) if chosen is not None else None,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "identity/consent_person.html", context)


def evidence_of(act: Consent) -> dict[str, str] | None:
    """What proves the act, in words; None when it went with the key of the person who was erased."""
    try:
        told = act.evidence
    except KeyDestroyed:
        return None
    return {str(words.EVIDENCE_NAMES.get(name, name)): text for name, text in told.items()}


def _acts(person_id: UUID) -> list[Consent]:
    return desk.acts_of(person_id, most=MOST_ACTS)


def _chosen(acts: list[Consent], wanted: str | None) -> Consent | None:
    return next((act for act in acts if str(act.pk) == wanted), acts[0] if acts else None)


def _cards(acts: list[Consent]) -> list[dict[str, Any]]:
    latest: dict[str, Consent] = {}
    for act in acts:
        latest.setdefault(act.purpose, act)
    now_in_force = desk.in_force(timezone.now())
    purposes = [each for each in desk.purposes() if each in now_in_force or each in latest]
    return [_card(purpose, latest.get(purpose), now_in_force.get(purpose)) for purpose in purposes]


def _card(purpose: str, act: Consent | None, current: ConsentDocument | None) -> dict[str, Any]:
    icon, look, text = "radio_button_unchecked", "closed", gettext("never asked")
    if act is not None:
        icon, look = words.ACT_LOOKS[act.status]
        text = words.act_name(act.status)
        if act.status == ConsentStatus.GRANTED:
            text = gettext("in force")
            if current is not None and current.pk != act.document_id:
                icon, look, text = "update", "requested", gettext("outdated version")
    return {
        "purpose": words.purpose_name(purpose),
        "chip": words.chip(text, icon=icon, look=look),
        "version": act.version if act is not None else "",
        "when": words.when(act.at) if act is not None else "",
        "current": current.version
        if current is not None and act is not None and act.document_id != current.pk
        else "",
        "url": f"?act={act.pk}#act" if act is not None else "",
    }


def _line(act: Consent, chosen: Consent | None) -> dict[str, Any]:
    icon, look = words.ACT_LOOKS[act.status]
    return {
        "icon": icon,
        "look": look,
        "purpose": words.purpose_name(act.purpose),
        "act": words.act_name(act.status),
        "version": act.version,
        "when": words.when(act.at),
        "channel": words.channel_name(act.channel),
        "url": f"?act={act.pk}#act",
        "current": chosen is not None and chosen.pk == act.pk,
    }


def _shown(act: Consent) -> dict[str, Any]:
    evidence = evidence_of(act)
    return {
        **_line(act, act),
        "document": act.document,
        "document_url": reverse("admin:identity_consentdocument_change", args=[act.document_id]),
        "sha256": words.unbroken(act.sha256),
        "evidence": words.pairs(evidence) if evidence is not None else "",
        "legal": words.legal_pairs(act.document.legal),
    }
