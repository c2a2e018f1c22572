"""How the list of appointments is narrowed."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateFilter
from unfold.views import ChangeList

from apps.booking.infrastructure.queries.agenda import day_bounds, specialist_for
from apps.booking.infrastructure.queries.appointment_list import Tab, of_tab, ordering_of
from apps.booking.models import Service

TAB = "tab"


class AppointmentChangeList(ChangeList):
    """A list with tabs: ``tab`` in the query string chooses one, none of them means all appointments."""

    tab = Tab.ALL

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        try:
            self.tab = Tab(request.GET.get(TAB, Tab.ALL))
        except ValueError:
            self.tab = Tab.ALL
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(TAB, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        if self.tab is Tab.ALL:
            return rows
        zone = settings.TIME_ZONE
        if self.tab is Tab.TODAY:
            specialist = specialist_for(request.user.pk)
            zone = specialist.time_zone if specialist else zone
        return rows.filter(of_tab(self.tab, now=timezone.now(), time_zone=zone))

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        chosen = super().get_ordering(request, queryset)
        return chosen if self.params.get("o") else list(ordering_of(self.tab))


class StatusFilter(ChoicesDropdownFilter):
    title = _("status")


class ServiceFilter(DropdownFilter):
    title = _("service")
    parameter_name = "service"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        rows = Service.objects.order_by("position", "name").values_list("slug", "internal_name", "name")
        return [(slug, internal or name) for slug, internal, name in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(service__slug=self.value()) if self.value() else queryset


class DaysFilter(RangeDateFilter):
    """From and to a day of the practice's clock, both included."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first = _day(self.used_parameters.get("start_from"))
        last = _day(self.used_parameters.get("start_to"))
        if first:
            queryset = queryset.filter(start__gte=day_bounds(first, first, settings.TIME_ZONE)[0])
        if last:
            queryset = queryset.filter(start__lt=day_bounds(last, last, settings.TIME_ZONE)[1])
        return queryset


def _day(text: Any) -> date | None:
    try:
        day = forms.DateField().clean(text or "")
    except forms.ValidationError:
        return None
    return day if date(1970, 1, 1) <= day <= date(2200, 1, 1) else None
