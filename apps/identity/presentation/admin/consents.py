"""Consents in the workspace: to look at, for the practice's audit; nobody changes what was agreed to."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apps.identity.domain.consent import ConsentStatus
from apps.identity.infrastructure.models import CONSENT_STATUS_NAMES, Consent, ConsentDocument
from apps.identity.infrastructure.queries import with_contact
from apps.identity.presentation.admin.read_only import ReadOnlyRows
from apps.kernel.presentation.admin.day_filter import WholeDaysFilter

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
EVIDENCE_NAMES = {
    "ip": _("IP address"),
    "user_agent": _("browser or app"),
    "request_id": _("request"),
    "ground": _("what proves it"),
    "recorded_by": _("recorded by"),
}
CHANNEL_NAMES = {
    "web": _("site or app"),
    "api": _("site or app"),
    "workspace": _("workspace"),
    "telegram": _("Telegram"),
    "paper": _("on paper"),
}
ACT_COLOURS = {
    ConsentStatus.GRANTED: "success",
    ConsentStatus.DECLINED: "warning",
    ConsentStatus.WITHDRAWN: "danger",
}


@admin.register(ConsentDocument)
class ConsentDocumentAdmin(ReadOnlyRows, ModelAdmin):
    list_display = ("title", "purpose", "version", "effective_from")
    list_filter = (("purpose", ChoicesDropdownFilter),)
    list_filter_submit = True
    search_fields = ("title", "version")
    fields = ("title", "purpose", "version", "effective_from", "shown_hash", "shown_text", "shown_legal")
    readonly_fields = ("shown_hash", "shown_text", "shown_legal")

    @display(description=_("text"))
    def shown_text(self, document: ConsentDocument) -> SafeString:
        return format_html('<div style="white-space: pre-line; max-width: 48rem">{}</div>', document.text)

    @display(description="SHA-256")
    def shown_hash(self, document: ConsentDocument) -> SafeString:
        return unbroken(document.sha256)

    @display(description=_("particulars required by law"))
    def shown_legal(self, document: ConsentDocument) -> SafeString:
        return pairs({str(LEGAL_NAMES.get(name, name)): text for name, text in document.legal.items()})


@admin.register(Consent)
class ConsentAdmin(ReadOnlyRows, ModelAdmin):
    list_display = ("at", "shown_user", "purpose", "version", "shown_status", "shown_channel")
    list_display_links = ("at",)
    list_filter = (
        ("purpose", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("at", WholeDaysFilter),
    )
    list_filter_submit = True
    search_fields = ("user__display_name",)
    search_help_text = _("Part of a name, or a whole e-mail or phone")
    list_select_related = ("user",)
    ordering: ClassVar = ["-at", "-id"]
    fields = (
        "at",
        "shown_user",
        "document",
        "purpose",
        "version",
        "shown_hash",
        "status",
        "shown_channel",
        "shown_evidence",
    )
    readonly_fields = ("shown_user", "shown_hash", "shown_channel", "shown_evidence")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("user", "document")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Consent], search_term: str
    ) -> tuple[QuerySet[Consent], bool]:
        contact = with_contact(search_term, path="user__")
        if contact is not None:
            return queryset.filter(contact), False
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    @display(description=_("who"), ordering="user__display_name")
    def shown_user(self, consent: Consent) -> str:
        return str(consent.user)

    @display(description=_("act"), ordering="status", label=ACT_COLOURS)
    def shown_status(self, consent: Consent) -> tuple[str, str]:
        return consent.status, str(CONSENT_STATUS_NAMES[consent.status])

    @display(description=_("channel"), ordering="channel")
    def shown_channel(self, consent: Consent) -> str:
        return str(CHANNEL_NAMES.get(consent.channel, consent.channel))

    @display(description="SHA-256")
    def shown_hash(self, consent: Consent) -> SafeString:
        return unbroken(consent.sha256)

    @display(description=_("evidence"))
    def shown_evidence(self, consent: Consent) -> SafeString:
        return pairs({str(EVIDENCE_NAMES.get(name, name)): text for name, text in consent.evidence.items()})


def unbroken(text: str) -> SafeString:
    """A long text without spaces that narrow screens may break anywhere."""
    return format_html('<span style="overflow-wrap: anywhere">{}</span>', text)


def pairs(values: dict[str, str]) -> SafeString:
    """Names with their values, one below the other."""
    if not values:
        return SafeString("—")
    rows = format_html_join("", "<dt class='font-semibold'>{}</dt><dd class='mb-2'>{}</dd>", values.items())
    return format_html("<dl style='max-width: 48rem; overflow-wrap: anywhere'>{}</dl>", rows)
