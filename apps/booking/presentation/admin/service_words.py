"""Changes of a service in words: which field, what it was, what it is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext

from apps.booking import models
from apps.kernel.presentation.admin.wording import hours_text, length_text, money_text

LONGEST = 140


def change_rows(changes: Mapping[str, tuple[Any, Any]]) -> list[dict[str, str]]:
    """``{"field", "old", "new"}`` for each changed column, in the order of the form."""
    names = [name for name in _columns() if name in changes]
    templates = _template_names(changes)
    return [
        {
            "field": _label(name),
            "old": _value(name, changes[name][0], templates),
            "new": _value(name, changes[name][1], templates),
        }
        for name in names
    ]


def _columns() -> list[str]:
    return [field.attname for field in models.Service._meta.concrete_fields]


def _label(name: str) -> str:
    own = {"price_minor": gettext("price"), "deposit_minor": gettext("prepayment")}
    if name in own:
        return capfirst(own[name])
    column: Any = models.Service._meta.get_field(name.removesuffix("_id"))
    verbose = str(column.verbose_name)
    # The value carries its unit itself.
    return capfirst(verbose.partition(",")[0])


def _value(name: str, value: Any, templates: Mapping[int, str]) -> str:
    if name == "requires_confirmation":
        return gettext("yes") if value else gettext("no")
    if value is None or value == "":
        return "—"
    if name.endswith("_minor"):
        return money_text(value)
    if name.endswith("_minutes"):
        return length_text(timedelta(minutes=value)) if value else gettext("none")
    if name.endswith("_hours"):
        return hours_text(value)
    if name == "intake_template_id":
        return templates.get(value, gettext("a deleted form"))
    if name == "specialist_id":
        return str(models.Specialist.objects.filter(pk=value).first() or "—")
    column: Any = models.Service._meta.get_field(name)
    choices = dict(column.flatchoices)
    return str(choices.get(value) or Truncator(str(value)).chars(LONGEST))


def _template_names(changes: Mapping[str, tuple[Any, Any]]) -> dict[int, str]:
    ids = [each for each in changes.get("intake_template_id", ()) if each is not None]
    return dict(models.IntakeTemplate.objects.filter(pk__in=ids).values_list("id", "name")) if ids else {}
