"""Consents in the workspace: to look at, for the practice's audit; nobody changes what was agreed to."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apps.identity.infrastructure.models import Consent
from apps.identity.infrastructure.queries import with_contact
from apps.identity.presentation.admin import consent_words as words
from apps.identity.presentation.admin.consent_export import ConsentExport
from apps.identity.presentation.admin.consent_filters import AGAIN, TAB, ChannelFilter, ConsentChangeList
from apps.identity.presentation.admin.consent_person import ConsentPersonPage, evidence_of
from apps.identity.presentation.admin.read_only import ReadOnlyRows
from apps.kernel.presentation.admin.day_filter import WholeDaysFilter


@admin.register(Consent)
class ConsentAdmin(ConsentExport, ConsentPersonPage, ReadOnlyRows, ModelAdmin):
    list_display = ("at", "shown_user", "purpose", "version", "shown_status", "shown_channel")
    list_display_links = ("at",)
    list_filter = (
        ("purpose", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ChannelFilter,
        ("at", WholeDaysFilter),
    )
    list_filter_submit = True
    list_before_template = "identity/consent_tabs.html"
    search_fields = ("user__display_name",)
    search_help_text = _("Part of a name, or a whole e-mail or phone")
    list_select_related = ("user",)
    ordering: ClassVar = ["-at", "-id"]
    actions_list: ClassVar = ["export"]
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

    class Media:
        css: ClassVar = {"all": ["identity/consents.css"]}

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("person/<uuid:person_id>/", guard(self.person_view), name="identity_consent_person"),
            path("export/<str:ticket>/", guard(self.download), name="identity_consent_download"),
            *super().get_urls(),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ConsentChangeList]:
        return ConsentChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        again = request.GET.get(TAB) == AGAIN
        tabs = [
            {"title": gettext("All acts"), "url": "?", "active": not again},
            {"title": gettext("Whom to ask again"), "url": f"?{TAB}={AGAIN}", "active": again},
        ]
        return super().changelist_view(request, {**(extra_context or {}), "tabs": tabs, "again": again})

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
    def shown_user(self, consent: Consent) -> SafeString:
        return format_html(
            '<a class="ws-cell-link" href="{}">{}</a>', words.person_url(consent.user_id), consent.user
        )

    @display(description=_("act"), ordering="status", label=words.ACT_COLOURS)
    def shown_status(self, consent: Consent) -> tuple[str, str]:
        return consent.status, words.act_name(consent.status)

    @display(description=_("channel"), ordering="channel")
    def shown_channel(self, consent: Consent) -> str:
        return words.channel_name(consent.channel)

    @display(description="SHA-256")
    def shown_hash(self, consent: Consent) -> SafeString:
        return words.unbroken(consent.sha256)

    @display(description=_("evidence"))
    def shown_evidence(self, consent: Consent) -> SafeString:
        told = evidence_of(consent)
        return (
            words.pairs(told) if told is not None else SafeString(gettext("destroyed together with the key"))
        )
