"""Consents in words: purposes, acts, channels, proofs and problems of the chain."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.identity.domain.consent import ConsentStatus
from apps.identity.domain.consent_chain import ChainProblem
from apps.identity.infrastructure.models import CONSENT_STATUS_NAMES, PURPOSE_NAMES
from apps.kernel.presentation.admin.wording import instant_text

LEGAL_NAMES = {
    "subject": _("whose data"),
    "operator": _("operator"),
    "aim": _("what for"),
    "data": _("which data"),
    "processors": _("who else processes them"),
    "actions": _("what is done with them"),
    "term_and_withdrawal": _("until when, and how to withdraw"),
    "signature": _("signature"),
}
LEGAL_HELP = {
    "subject": _("Name and, where it is asked for, the passport and address of the person."),
    "operator": _("Full name or company, and address of the practice."),
    "aim": _("One aim in plain words. Another aim is another consent."),
    "data": _("A closed list: name, phone, e-mail… Nothing «and so on»."),
    "processors": _("Who processes the data on your behalf, by name and address; or that nobody does."),
    "actions": _("Collecting, storing, correcting, erasing… and whether it is automated."),
    "term_and_withdrawal": _("How long the consent holds, and how it is withdrawn."),
    "signature": _("How the person signs: for the site, by a tick and a button."),
}
EVIDENCE_NAMES = {
    "ip": _("IP address"),
    "user_agent": _("browser or app"),
    "request_id": _("request"),
    "waitlist_request": _("request of the waitlist"),
    "update_id": _("message of Telegram"),
    "ground": _("what proves it"),
    "recorded_by": _("recorded by"),
}
CHANNEL_NAMES = {
    "web": _("site or app"),
    "api": _("site or app"),
    "staff": _("staff"),
    "workspace": _("workspace"),
    "telegram": _("Telegram"),
    "paper": _("on paper"),
}
ACT_COLOURS = {
    ConsentStatus.GRANTED: "success",
    ConsentStatus.DECLINED: "warning",
    ConsentStatus.WITHDRAWN: "danger",
}
ACT_LOOKS = {
    ConsentStatus.GRANTED.value: ("check_circle", "completed"),
    ConsentStatus.DECLINED.value: ("do_not_disturb_on", "requested"),
    ConsentStatus.WITHDRAWN.value: ("cancel", "no_show"),
}
PROBLEM_NAMES = {
    ChainProblem.NUMBER_MISSING: _("A link is missing from the chain."),
    ChainProblem.LINK_BEFORE_DIFFERS: _("A link does not continue the one before it."),
    ChainProblem.LINK_CHANGED: _("A link was changed after it was written."),
    ChainProblem.CONTENT_CHANGED: _("An act was changed after it was written."),
    ChainProblem.CONTENT_MISSING: _("An act has disappeared without a record of its destruction."),
    ChainProblem.CONTENT_NOT_CHAINED: _("There is an act that no link of the chain proves."),
    ChainProblem.DESTROYED_TOO_EARLY: _("An act was destroyed before its term was over."),
    ChainProblem.DOCUMENT_CHANGED: _("The text of a published document was changed."),
    ChainProblem.DOCUMENT_DIFFERS: _("An act names another text than the one that was published."),
    ChainProblem.HEAD_DIFFERS: _("The chain is not the one whose head was published."),
    ChainProblem.SHORTER_THAN_PUBLISHED: _("The chain is shorter than it was when its head was published."),
    ChainProblem.EXPORT_DAMAGED: _("The exported file is damaged."),
}


def purpose_name(purpose: str) -> str:
    return str(PURPOSE_NAMES.get(purpose, purpose))


def act_name(status: str) -> str:
    return str(CONSENT_STATUS_NAMES.get(status, status))


def channel_name(channel: str) -> str:
    return str(CHANNEL_NAMES.get(channel, channel))


def problem_name(code: str) -> str:
    return str(PROBLEM_NAMES[ChainProblem(code)]) if code in set(ChainProblem) else code


def when(instant: Any) -> str:
    """By the clock of the practice, with the year where it is another."""
    zone = timezone.get_current_timezone_name()
    return instant_text(instant, zone, weekday=False, relative=False)


def chip(text: Any, *, icon: str, look: str) -> SafeString:
    return format_html(
        '<span class="ws-status ws-status-{}"><span class="material-symbols-outlined" aria-hidden="true">{}'
        "</span>{}</span>",
        look,
        icon,
        text,
    )


def person_url(user_id: Any) -> str:
    return reverse("admin:identity_consent_person", args=[user_id])


def unbroken(text: str) -> SafeString:
    """A long text without spaces that narrow screens may break anywhere."""
    return format_html('<span class="cs-hash">{}</span>', text)


def pairs(values: dict[str, str]) -> SafeString:
    """Names with their values, one below the other."""
    if not values:
        return SafeString("—")
    rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", values.items())
    return format_html('<dl class="cs-pairs">{}</dl>', rows)


def legal_pairs(legal: dict[str, str]) -> SafeString:
    ordered = [*LEGAL_NAMES, *(name for name in legal if name not in LEGAL_NAMES)]
    return pairs({str(LEGAL_NAMES.get(name, name)): legal[name] for name in ordered if legal.get(name)})
