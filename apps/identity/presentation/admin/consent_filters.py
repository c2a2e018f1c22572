"""Filters of the list of consents, and its tabs."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.views import ChangeList

from apps.identity.infrastructure.consent_desk import to_ask_again
from apps.identity.presentation.admin.consent_words import CHANNEL_NAMES

TAB, AGAIN = "tab", "again"


class ChannelFilter(DropdownFilter):
    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("web", CHANNEL_NAMES["web"]), *((name, CHANNEL_NAMES[name]) for name in _OTHERS)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen in {None, ""}:
            return queryset
        return queryset.filter(channel__in=["web", "api"] if chosen == "web" else [chosen])


_OTHERS = ("telegram", "staff", "paper", "workspace")


class ConsentChangeList(ChangeList):
    """All acts, or with ``tab=again`` the grants of people who are to be asked again."""

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(TAB, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        return to_ask_again(rows, at=timezone.now()) if request.GET.get(TAB) == AGAIN else rows
