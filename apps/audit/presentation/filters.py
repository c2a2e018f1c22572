"""Filters of the activity log."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from apps.audit.infrastructure.models import AuditRecord
from apps.audit.presentation import wording

STAFF_ROLES = ("owner", "assistant", "editor")


class _CodeFilter(DropdownFilter):
    """A choice among codes in words."""

    names: ClassVar[dict[str, Any]] = {}
    field: ClassVar[str] = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((code, str(name)) for code, name in self.names.items()), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditRecord]) -> QuerySet[AuditRecord]:
        value = self.value()
        return queryset.filter(**{self.field: value}) if value in self.names else queryset


class ActionFilter(_CodeFilter):
    title = _("action")
    parameter_name = "did"
    names = wording.ACTION_NAMES
    field = "action"


class EntityFilter(_CodeFilter):
    title = _("kind of thing")
    parameter_name = "of"
    names = wording.ENTITY_NAMES
    field = "entity"


class ActorFilter(DropdownFilter):
    """Who of the practice; for whoever may see what others did."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if not model_admin.has_export_permission(request):
            return []
        return [(str(key), name) for key, name in _staff()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditRecord]) -> QuerySet[AuditRecord]:
        try:
            return queryset.filter(actor=UUID(self.value())) if self.value() else queryset
        except ValueError:
            return queryset


class RoleFilter(_CodeFilter):
    title = _("role")
    parameter_name = "as"
    names = wording.ROLE_NAMES
    field = "role"


def _staff() -> list[tuple[UUID, str]]:
    """The people of the practice, by name."""
    people = get_user_model().objects.filter(role__in=STAFF_ROLES)
    return sorted(((person.pk, str(person)) for person in people), key=lambda pair: pair[1])
