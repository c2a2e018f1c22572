"""A filter of the workspace's lists by whole days."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter

_EARLIEST, _LATEST = date(1970, 1, 1), date(2200, 1, 1)


class WholeDaysFilter(RangeDateFilter):
    """From a day to a day, both whole, by the clock of the practice; unfold's own filter compares instants
    with dates that have no zone. What is no day filters nothing."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first = _day(self.used_parameters.get(f"{self.parameter_name}_from"))
        last = _day(self.used_parameters.get(f"{self.parameter_name}_to"))
        if first is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": midnight(first)})
        if last is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": midnight(last + timedelta(days=1))})
        return queryset


def midnight(day: date) -> datetime:
    """When ``day`` begins by the clock of the practice."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(text: Any) -> date | None:
    try:
        day = forms.DateField().clean(text or "")
    except forms.ValidationError:
        return None
    return day if day is not None and _EARLIEST <= day <= _LATEST else None
